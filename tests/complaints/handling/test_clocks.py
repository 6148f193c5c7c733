"""Every figure of rules.md A2 to A5, A13 and A14, as cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.complaints.handling.clocks import (
    CannotExtend,
    Limit,
    Pause,
    StageDays,
    Standing,
    Waits,
    clocks_of,
    extended,
    next_clock,
    past_the_year,
)
from portal.complaints.rules import Track

THURSDAY = date(2026, 12, 17)
CHILDREN, OTHER, DATA = Track.CHILDREN, Track.OTHER, Track.DATA_PROTECTION


@pytest.mark.parametrize(
    ("days", "limit", "due", "longest"),
    [
        (StageDays(CHILDREN, 1, THURSDAY), Limit.ANSWER, date(2027, 1, 5), date(2027, 1, 19)),
        (
            StageDays(CHILDREN, 2, date(2026, 12, 1), agreed_on=THURSDAY),
            Limit.ANSWER,
            date(2027, 1, 26),
            date(2027, 3, 23),
        ),
        (StageDays(CHILDREN, 3, THURSDAY), Limit.PANEL_MEETS, date(2027, 2, 2), None),
        (
            StageDays(CHILDREN, 3, date(2026, 11, 2), met_on=THURSDAY),
            Limit.PANEL_REPORTS,
            date(2026, 12, 24),
            None,
        ),
        (
            StageDays(CHILDREN, 3, date(2026, 11, 2), met_on=THURSDAY, reported_on=THURSDAY),
            Limit.REPLY_TO_PANEL,
            date(2027, 1, 12),
            None,
        ),
        (
            StageDays(CHILDREN, 1, date(2026, 12, 1), answered_on=THURSDAY),
            Limit.ASK_FURTHER,
            date(2027, 1, 19),
            None,
        ),
        (StageDays(OTHER, 1, THURSDAY), Limit.ACKNOWLEDGE, date(2026, 12, 24), None),
        (StageDays(OTHER, 1, THURSDAY), Limit.ANSWER, date(2027, 1, 5), date(2027, 1, 19)),
        (StageDays(OTHER, 2, THURSDAY), Limit.ANSWER, date(2027, 1, 19), date(2027, 2, 16)),
        (StageDays(DATA, 1, THURSDAY), Limit.ACKNOWLEDGE, date(2027, 1, 15), None),
    ],
)
def test_each_clock_ends_on_its_day(
    days: StageDays, limit: Limit, due: date, longest: date | None
) -> None:
    clock = next(one for one in clocks_of(days) if one.limit is limit)
    assert (clock.due, clock.longest) == (due, longest)


def test_a_clock_says_how_it_was_counted_and_whom_it_waits_for() -> None:
    (clock,) = clocks_of(StageDays(CHILDREN, 1, THURSDAY))
    assert clock.counted == (
        "Counted 10 working days from 17 December 2026 (day 0); skipped Christmas Day, "
        "Boxing Day (substitute day) and New Year's Day"
    )
    assert clock.waits_for is Waits.COUNCIL
    (data,) = clocks_of(StageDays(DATA, 1, THURSDAY))
    assert data.counted == "Counted 30 days, of which 17 December 2026 is the first"


def test_stage_2_is_not_counted_before_it_is_agreed_in_writing() -> None:
    assert clocks_of(StageDays(CHILDREN, 2, THURSDAY)) == ()


def test_a_stopped_clock_says_what_stopped_it_and_the_next_one_waits_for_somebody_else() -> None:
    answered = StageDays(CHILDREN, 1, THURSDAY, answered_on=date(2027, 1, 6))
    answer, further = clocks_of(answered)
    assert answer.stopped == "answered on 6 January 2027"
    assert answer.standing(date(2027, 3, 1)) is Standing.LATE
    assert further.waits_for is Waits.COMPLAINANT
    assert next_clock((answer, further)) == further
    in_time, _ = clocks_of(replace(answered, answered_on=date(2027, 1, 5)))
    assert in_time.standing(date(2027, 3, 1)) is Standing.IN_TIME


def test_an_answer_acknowledges_too() -> None:
    days = StageDays(OTHER, 1, THURSDAY, answered_on=date(2026, 12, 18))
    acknowledged, answered = clocks_of(days)
    assert (acknowledged.stopped_on, answered.stopped_on) == (date(2026, 12, 18),) * 2


def test_overdue_begins_the_day_after() -> None:
    (clock,) = clocks_of(StageDays(CHILDREN, 1, THURSDAY))
    assert clock.standing(date(2027, 1, 5)) is Standing.RUNNING
    assert clock.standing(date(2027, 1, 6)) is Standing.OVERDUE


def test_an_extension_goes_no_further_than_the_longest_day() -> None:
    days = StageDays(CHILDREN, 1, THURSDAY)
    (clock,) = clocks_of(days)
    assert extended(clock, date(2027, 1, 19)) == date(2027, 1, 19)
    for wrong in (date(2027, 1, 5), date(2027, 1, 20)):
        with pytest.raises(CannotExtend, match="after 5 January 2027 and no later than 19 January"):
            extended(clock, wrong)
    (longer,) = clocks_of(replace(days, extended_to=date(2027, 1, 19)))
    assert (longer.due, longer.extended) == (date(2027, 1, 19), True)
    assert longer.counted.endswith("to 5 January 2027; extended to 19 January 2027")
    with pytest.raises(CannotExtend, match="Nothing that can be extended"):
        extended(None, date(2027, 1, 19))
    with pytest.raises(CannotExtend):
        extended(longer, date(2027, 2, 1))


def test_nothing_is_counted_while_a_court_or_the_police_act() -> None:
    days = StageDays(CHILDREN, 1, date(2026, 10, 5), pauses=(Pause(date(2026, 10, 7)),))
    (open_pause,) = clocks_of(days)
    assert open_pause.paused_on == date(2026, 10, 7)
    assert open_pause.standing(date(2027, 6, 1)) is Standing.PAUSED
    over = replace(days, pauses=(Pause(date(2026, 10, 7), date(2026, 10, 14)),))
    (clock,) = clocks_of(over)
    assert clock.due == date(2026, 10, 26), "19 October and the five days of the pause"
    assert clock.counted == (
        "Counted 10 working days from 5 October 2026 (day 0); "
        "5 working days not counted while it was paused"
    )


@given(
    start=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    waits=st.integers(0, 40),
    lasts=st.integers(0, 90),
)
def test_a_pause_never_takes_a_counted_day_away(start: date, waits: int, lasts: int) -> None:
    plain = clocks_of(StageDays(CHILDREN, 1, start))[0].due
    begins = start + timedelta(days=waits)
    pause = Pause(begins, begins + timedelta(days=lasts))
    paused = clocks_of(StageDays(CHILDREN, 1, start, pauses=(pause,)))[0].due
    assert paused >= plain
    assert paused == plain or begins <= plain


@pytest.mark.parametrize(
    ("happened_on", "received_on", "past"),
    [
        (date(2025, 12, 17), THURSDAY, False),
        (date(2025, 12, 16), THURSDAY, True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_one_year_is_asked_about(happened_on: date, received_on: date, past: bool) -> None:
    assert past_the_year(happened_on, received_on) is past
