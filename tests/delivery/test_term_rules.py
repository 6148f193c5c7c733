"""Terms, reports, scores and meetings as pure rules."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from portal.delivery.meetings.rules import (
    Standing,
    Turn,
    WrongMeeting,
    check_meeting,
    standing,
)
from portal.delivery.outcomes.rules import (
    INDICATOR_NAMES,
    Indicator,
    Occasion,
    courses,
    say_courses,
)
from portal.delivery.reports.reminders import step
from portal.delivery.reports.rules import (
    TRANSITIONS,
    Counts,
    NotComplete,
    ReportState,
    ReportStep,
    TermNotOver,
    Written,
    check_complete,
    owes,
)
from portal.delivery.terms.rules import Span, WrongTerm, check_term, report_due
from portal.frameworks.rules import Unit
from portal.kernel.transitions import IllegalStep, next_state

SPRING = Span(uuid4(), "Spring term", date(2026, 1, 5), date(2026, 3, 27))
WHOLE = Written("We met.", "Better.", "", {Indicator.RESILIENCE: 3})


def test_ten_working_days_after_a_term_that_ends_before_easter() -> None:
    due = report_due(SPRING.last_day, 10)
    assert due.due == date(2026, 4, 14)
    assert due.sentence == (
        "Counted 10 working days from 27 March 2026 (day 0); skipped Good Friday and Easter Monday"
    )


def test_a_report_that_was_given_back_is_due_as_long_after_that_day() -> None:
    assert report_due(SPRING.last_day, 10, returned_on=date(2026, 4, 20)).due == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 4, 13), date(2026, 4, 13), "last_day"),
        (date(2026, 4, 13), date(2026, 4, 1), "last_day"),
        (date(2026, 3, 27), date(2026, 5, 1), "first_day"),
        (date(2025, 9, 1), date(2026, 1, 5), "first_day"),
        (date(2026, 2, 1), date(2026, 2, 20), "first_day"),
    ],
)
def test_a_term_has_days_of_its_own(first: date, last: date, field: str) -> None:
    with pytest.raises(WrongTerm) as refused:
        check_term(first, last, [SPRING])
    assert refused.value.field == field


def test_terms_may_follow_each_other_at_once() -> None:
    check_term(date(2026, 3, 28), date(2026, 7, 22), [SPRING])


@pytest.mark.parametrize(
    ("starts", "ends", "owed"),
    [
        (date(2026, 3, 27), None, True),
        (date(2026, 3, 28), None, False),
        (date(2025, 1, 1), date(2026, 1, 5), True),
        (date(2025, 1, 1), date(2026, 1, 4), False),
    ],
)
def test_a_report_is_owed_for_a_term_with_a_day_of_the_agreement(
    starts: date, ends: date | None, owed: bool
) -> None:
    assert owes(starts, ends, SPRING.first_day, SPRING.last_day) is owed


def test_a_report_says_what_it_lacks_and_waits_for_the_end_of_term() -> None:
    with pytest.raises(TermNotOver, match="27 March 2026"):
        check_complete(WHOLE, SPRING.last_day, date(2026, 3, 26))
    check_complete(WHOLE, SPRING.last_day, SPRING.last_day)
    with pytest.raises(NotComplete) as refused:
        check_complete(Written(), SPRING.last_day, date(2026, 4, 1))
    assert refused.value.sentence == (
        "Say what was done this term. Say how far the agreed outcomes are reached. "
        "Score at least one indicator. Then submit the report."
    )


def test_a_report_goes_to_and_fro_until_it_is_accepted() -> None:
    state = ReportState.DRAFT
    for taken in (ReportStep.SUBMIT, ReportStep.RETURN, ReportStep.SUBMIT, ReportStep.ACCEPT):
        state = next_state(TRANSITIONS, state, taken)
    assert state is ReportState.ACCEPTED
    for taken in ReportStep:
        with pytest.raises(IllegalStep):
            next_state(TRANSITIONS, state, taken)


def test_counts_are_said_by_the_unit_of_the_agreement() -> None:
    counts = Counts(5, 7, 330, 1, 2, 60, 3)
    assert dict(counts.rows(Unit.HOUR)) == {
        "Sessions delivered": "5",
        "Interactions": "7",
        "Time together": "5.5 hours",
        "Sessions not attended": "1",
        "Sessions cancelled": "2",
    }
    assert dict(counts.rows(Unit.NIGHT)) == {"Nights present": "60", "Nights absent": "3"}


def test_the_indicators_are_those_of_the_specification() -> None:
    assert list(INDICATOR_NAMES) == list(Indicator)
    assert len(Indicator) == 7


def test_the_course_of_an_indicator_is_measured_from_its_first_score() -> None:
    found = courses(
        [
            Occasion("Start", {Indicator.RESILIENCE: 2, Indicator.EDUCATION: 4}),
            Occasion("Spring", {Indicator.EDUCATION: 3, Indicator.POST_16: 5}),
            Occasion("Summer", {Indicator.RESILIENCE: 4, Indicator.EDUCATION: 4}),
        ]
    )
    assert [(one.name, one.scores, one.change) for one in found] == [
        ("Resilience", (2, None, 4), "Up 2"),
        ("Engagement with education", (4, 3, 4), "No change"),
        ("Education, employment or training after 16", (None, 5, None), "Scored once"),
    ]
    assert "Resilience: up 2." in say_courses(found)


@pytest.mark.parametrize(
    ("today", "reminded"),
    [
        (date(2026, 4, 6), None),
        (date(2026, 4, 7), 7),
        (date(2026, 4, 12), 7),
        (date(2026, 4, 13), 1),
        (date(2026, 4, 14), 1),
        (date(2026, 4, 15), -1),
        (date(2026, 5, 15), -1),
    ],
)
def test_writers_are_reminded_a_week_and_a_day_before_and_once_after(
    today: date, reminded: int | None
) -> None:
    assert step(date(2026, 4, 14), today) == reminded


def test_a_meeting_counts_for_the_term_or_year_that_it_is_held_in() -> None:
    turn = Turn("Spring term", SPRING.first_day, SPRING.last_day)
    today = date(2026, 2, 1)
    held, early, coming = date(2026, 1, 20), date(2025, 12, 20), date(2026, 3, 2)
    assert standing(turn, [early], today) == (Standing.MISSING, None)
    assert standing(turn, [early, coming], today) == (Standing.ARRANGED, coming)
    assert standing(turn, [coming, held], today) == (Standing.HELD, held)


def test_notes_are_of_a_meeting_that_was_held() -> None:
    check_meeting(date(2026, 2, 1), "Said.", date(2026, 2, 1))
    check_meeting(date(2026, 2, 2), "", date(2026, 2, 1))
    with pytest.raises(WrongMeeting):
        check_meeting(date(2026, 2, 2), "Said.", date(2026, 2, 1))
