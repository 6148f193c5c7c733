"""Each refusal of a session or of nights, as a table of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from portal.agreements.rules import AgreementState
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.corrections.page import session_rows
from portal.delivery.months.rules import SessionFigures
from portal.delivery.nights.rules import (
    missing_nights,
    nights_refusals,
    order_refusal,
    within_a_month_refusal,
)
from portal.delivery.rules import CancelledBy, Nights, Refusal, SessionState, Span, Term
from portal.delivery.sessions.rules import (
    MentorStanding,
    Occupied,
    Timing,
    cancelled_refusal,
    length_refusal,
    moment,
    session_refusals,
)
from portal.kernel.ids import new_id
from portal.kernel.local_time import to_utc
from portal.kernel.months import Month

AT = datetime(2026, 5, 2, 9, tzinfo=UTC)
TERM = Term(Span(date(2026, 4, 16), date(2026, 7, 31)), AgreementState.ACTIVE)
MENTOR = MentorStanding(
    name="Mo",
    volunteer=False,
    clearances=(Span(date(2025, 6, 1), date(2026, 4, 25)),),
    assigned=(Span(date(2026, 4, 16), None),),
)

CLEARED = replace(MENTOR, clearances=(Span(date(2025, 6, 1), None),))


def timing(
    day: date = date(2026, 4, 16),
    start: time = time(10),
    minutes: int = 120,
    state: SessionState = SessionState.DELIVERED,
) -> Timing:
    return Timing(day, to_utc(datetime.combine(day, start)), minutes, state)


def refusals(
    when: Timing, *, term: Term = TERM, mentor: MentorStanding = MENTOR, others: list[Occupied]
) -> list[Refusal]:
    return session_refusals(when, term, mentor, others, [], at=AT)


def test_what_was_recorded_instead_and_removed_since_is_said_so() -> None:
    correction = DeliveryCorrection(
        id=new_id(), state=SessionState.CANCELLED, before=60, after=0, instead_id=new_id(),
        because="Another day", recorded_by_name="Mo", recorded_at=AT,
    )  # fmt: skip
    (row,) = session_rows([correction])
    assert row.replaced == "recorded again, and removed since"
    assert row.instead_id is None


def test_a_session_on_the_first_day_is_recorded() -> None:
    assert refusals(timing(), others=[]) == []


@pytest.mark.parametrize(
    ("when", "term", "field", "words"),
    [
        (
            timing(date(2026, 4, 14)),
            TERM,
            "day",
            "starts on 16 April 2026, so a session on 14 April 2026 cannot be recorded.",
        ),
        (
            timing(date(2026, 8, 1)),
            TERM,
            "day",
            "ends on 31 July 2026, so a session on 1 August 2026 cannot be recorded.",
        ),
        (timing(), replace(TERM, state=AgreementState.SUSPENDED), "day", "is suspended"),
        (
            timing(),
            Term(Span(date(2026, 4, 1), None), AgreementState.ENDED),
            "day",
            "This agreement has ended",
        ),
        (timing(date(2026, 5, 2), time(9)), TERM, "day", "ends at 11am on 2 May 2026"),
        (
            timing(date(2027, 6, 1), state=SessionState.SCHEDULED),
            Term(Span(date(2026, 4, 1), None), AgreementState.ACTIVE),
            "day",
            "more than a year ahead",
        ),
        (timing(minutes=0), TERM, "minutes", "cannot last 0 hours"),
        (timing(minutes=1500), TERM, "minutes", "25 hours is longer than a day"),
    ],
)
def test_when_a_session_cannot_be(when: Timing, term: Term, field: str, words: str) -> None:
    (refusal,) = refusals(when, term=term, others=[])
    assert refusal.field == field
    assert words in refusal.sentence


def test_an_ended_agreement_takes_sessions_up_to_its_last_day() -> None:
    ended = replace(TERM, state=AgreementState.ENDED)
    assert refusals(timing(), term=ended, others=[]) == []


@pytest.mark.parametrize(
    ("mentor", "words"),
    [
        (replace(MENTOR, volunteer=True), "Mo is a volunteer"),
        (replace(MENTOR, assigned=()), "Mo was not assigned to this agreement on 16 April 2026."),
        (replace(MENTOR, clearances=()), "Mo has no enhanced DBS check on record."),
        (
            replace(MENTOR, clearances=(Span(date(2025, 6, 1), date(2026, 4, 15)),)),
            "covers 1 June 2025 to 15 April 2026, not 16 April 2026",
        ),
    ],
)
def test_whom_a_session_cannot_be_by(mentor: MentorStanding, words: str) -> None:
    (refusal,) = refusals(timing(), mentor=mentor, others=[])
    assert refusal.field == "mentor"
    assert words in refusal.sentence


def test_who_was_assigned_instead_is_named() -> None:
    others = replace(MENTOR, assigned=())
    (refusal,) = session_refusals(timing(), TERM, others, [], ["Sam Hill"], at=AT)
    assert refusal.sentence.endswith("Sam Hill was.")


@pytest.mark.parametrize(
    ("start", "minutes", "state", "clashes"),
    [
        (time(9), 60, SessionState.DELIVERED, False),
        (time(12), 60, SessionState.DELIVERED, False),
        (time(9), 61, SessionState.DELIVERED, True),
        (time(11, 59), 60, SessionState.NOT_ATTENDED, True),
        (time(10, 30), 30, SessionState.SCHEDULED, True),
        (time(10, 30), 30, SessionState.CANCELLED, False),
        (time(10), 30, SessionState.CANCELLED, True),
    ],
)
def test_a_mentor_is_in_one_place_at_once(
    start: time, minutes: int, state: SessionState, clashes: bool
) -> None:
    starts_at = to_utc(datetime.combine(date(2026, 4, 16), start))
    found = refusals(timing(), others=[Occupied(starts_at, minutes, state, "IA-7")])
    assert bool(found) == clashes
    if clashes:
        assert "IA-7" in found[0].sentence


@pytest.mark.parametrize(
    ("start", "state", "clashes"),
    [
        (time(11, 59), SessionState.DELIVERED, True),
        (time(10), SessionState.SCHEDULED, True),
        (time(10), SessionState.CANCELLED, False),
        (time(12), SessionState.DELIVERED, False),
    ],
)
def test_of_what_another_provider_recorded_nothing_is_said(
    start: time, state: SessionState, clashes: bool
) -> None:
    starts_at = to_utc(datetime.combine(date(2026, 4, 16), start))
    found = refusals(timing(), others=[Occupied(starts_at, 60, state, None, elsewhere=True)])
    said = (
        f"{MENTOR.name} is already recorded elsewhere at that time. A mentor cannot be in two "
        "places at once: check the time and the mentor."
    )
    assert [one.sentence for one in found] == clashes * [said]


def test_a_session_across_midnight_clashes_with_the_next_morning() -> None:
    night = timing(date(2026, 4, 17), time(23), 180)
    morning = Occupied(to_utc(datetime(2026, 4, 18, 1)), 60, SessionState.DELIVERED, None)
    (refusal,) = refusals(night, others=[morning])
    assert "1am on 18 April 2026 to 2am." in refusal.sentence


def test_the_hour_that_does_not_exist_is_refused() -> None:
    refusal = moment(date(2026, 3, 29), time(1, 30), second=None)
    assert isinstance(refusal, Refusal)
    assert refusal.field == "start"
    assert "That time does not exist" in refusal.sentence


def test_the_hour_that_comes_twice_is_asked_about() -> None:
    day, start = date(2026, 10, 25), time(1, 30)
    asked = moment(day, start, second=None)
    assert isinstance(asked, Refusal)
    assert asked.field == "which_hour"
    assert moment(day, start, second=False) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(day, start, second=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "refused"), [(0, True), (1, False), (1440, False), (1441, True)]
)
def test_a_session_lasts_up_to_a_day(minutes: int, refused: bool) -> None:
    assert (length_refusal(minutes) is not None) == refused


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 4, 10), date(2026, 4, 9), "is before the first"),
        (date(2026, 1, 1), date(2027, 1, 2), "367 nights is more than a year"),
        (date(2026, 1, 1), date(2027, 1, 1), None),
        (date(2026, 4, 9), date(2026, 4, 9), None),
    ],
)
def test_nights_run_forward_for_a_year_at_most(first: date, last: date, words: str | None) -> None:
    refusal = order_refusal(first, last)
    assert (refusal is None) if words is None else (refusal and words in refusal.sentence)


@pytest.mark.parametrize(
    ("nights", "field", "words"),
    [
        (Nights(date(2026, 4, 15), date(2026, 4, 20)), "first_night", "starts on 16 April 2026"),
        (Nights(date(2026, 7, 30), date(2026, 8, 1)), "last_night", "ends on 31 July 2026"),
        (Nights(date(2026, 5, 1), date(2026, 5, 3)), "last_night", "is still to come"),
        (
            Nights(date(2026, 4, 18), date(2026, 4, 22)),
            "first_night",
            "The nights of 20 to 21 April 2026 are already recorded",
        ),
    ],
)
def test_when_nights_cannot_be(nights: Nights, field: str, words: str) -> None:
    recorded = [Nights(date(2026, 4, 20), date(2026, 4, 21))]
    (refusal,) = nights_refusals(nights, TERM, recorded, today=date(2026, 5, 2))
    assert refusal.field == field
    assert words in refusal.sentence


def test_tonight_may_be_recorded() -> None:
    tonight = Nights(date(2026, 5, 2), date(2026, 5, 2))
    assert nights_refusals(tonight, TERM, [], today=date(2026, 5, 2)) == []


def test_one_record_holds_the_nights_of_one_month() -> None:
    assert within_a_month_refusal(Nights(date(2026, 4, 1), date(2026, 4, 30))) is None
    refusal = within_a_month_refusal(Nights(date(2026, 4, 30), date(2026, 5, 1)))
    assert refusal is not None
    assert "End it on 30 April 2026" in refusal.sentence


def test_missing_nights_are_those_before_today_within_the_term() -> None:
    recorded = [
        Nights(date(2026, 4, 18), date(2026, 4, 20)),
        Nights(date(2026, 4, 25), date(2026, 4, 25)),
    ]
    assert missing_nights(TERM, recorded, Month(2026, 4), date(2026, 4, 28)) == [
        Nights(date(2026, 4, 16), date(2026, 4, 17)),
        Nights(date(2026, 4, 21), date(2026, 4, 24)),
        Nights(date(2026, 4, 26), date(2026, 4, 27)),
    ]


def test_nobody_misses_a_session_before_it_begins() -> None:
    late = timing(date(2026, 5, 2), time(9, 30), state=SessionState.NOT_ATTENDED)
    assert refusals(late, mentor=CLEARED, others=[]) == []  # it began half an hour ago
    to_come = timing(date(2026, 5, 2), time(10, 30), state=SessionState.NOT_ATTENDED)
    (refusal,) = refusals(to_come, mentor=CLEARED, others=[])
    assert refusal.sentence.startswith("This session has not begun")


def test_a_cancelled_session_says_by_whom() -> None:
    assert cancelled_refusal(SessionState.DELIVERED, None) is None
    assert cancelled_refusal(SessionState.CANCELLED, CancelledBy.CARER) is None
    refusal = cancelled_refusal(SessionState.CANCELLED, None)
    assert refusal is not None
    assert refusal.field == "cancelled_by"


def test_a_month_is_told_against_its_plan() -> None:
    figures = SessionFigures(
        delivered=3, minutes=270, not_attended=1, cancelled=2, scheduled=1, planned=420
    )
    assert figures.against_plan == (
        "7 hours planned, 4.5 hours delivered; 1 not attended, 2 cancelled and 1 still scheduled"
    )
    assert SessionFigures(delivered=1, minutes=60).against_plan == ""
