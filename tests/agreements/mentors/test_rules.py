"""Who may be assigned, and how long training counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from portal.agreements.mentors.rules import (
    Candidate,
    NotAssignable,
    say_hours_of_week,
    trained_until,
)

DAY = date(2026, 5, 1)
FIT = Candidate("Sam Reed", checks=[(date(2025, 6, 1), date(2028, 5, 31))], caseload_limit=8)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"volunteer": True}, "is a volunteer"),
        ({"checks": []}, "has no enhanced DBS check"),
        ({"checks": [(date(2026, 5, 2), date(2029, 1, 1))]}, "has no enhanced DBS check"),
        (
            {"checks": [(date(2023, 4, 1), date(2026, 4, 30))]},
            "had an enhanced DBS check that lapsed on 30 April 2026",
        ),
        ({"assigned": 8}, "has 8 agreements, of at most 8"),
        ({"absences": [(date(2026, 4, 20), None)]}, "is not available on 1 May 2026"),
        ({"rejected": True}, "was rejected by the council for this agreement"),
    ],
)
def test_each_barrier_is_said(changed: dict[str, object], said: str) -> None:
    assert replace(FIT, **changed).barriers(DAY) == [said]  # type: ignore[arg-type]
    with pytest.raises(NotAssignable, match=f"Sam Reed cannot be assigned from 1 May 2026: {said}"):
        replace(FIT, **changed).check(DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"assigned": 7},
        {"assigned": 99, "caseload_limit": None},
        {"absences": [(date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 5, 2), None)]},
        {"checks": [(date(2023, 4, 1), DAY)]},
    ],
)
def test_somebody_fit_is_assigned(changed: dict[str, object]) -> None:
    replace(FIT, **changed).check(DAY)  # type: ignore[arg-type]


def test_training_is_refreshed_every_two_years() -> None:
    """rules.md C4; a leap day's two years end on the last day of February."""
    assert trained_until(date(2026, 5, 1)) == date(2028, 4, 30)
    assert trained_until(date(2024, 2, 29)) == date(2026, 2, 27)


def test_hours_are_said_day_by_day() -> None:
    assert say_hours_of_week([(0, time(15), time(19, 30)), (5, time(9), time(12))]) == [
        "Monday 3pm to 7:30pm",
        "Saturday 9am to midday",
    ]
