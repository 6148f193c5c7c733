"""What an agreement authorises, from which day on."""

from __future__ import annotations

from datetime import date

import pytest

from portal.agreements.rules import Authorised, authorised, total_on, weekly_on

FIRST = Authorised(date(2026, 4, 1), 120, None)


def test_each_change_keeps_what_it_leaves_out_and_the_last_agreed_of_a_day_holds() -> None:
    steps = authorised(
        FIRST,
        [
            Authorised(date(2026, 5, 13), 180, None),
            Authorised(date(2026, 6, 1), None, 2400),
            Authorised(date(2026, 6, 1), 60, None),
        ],
    )
    assert steps == (
        FIRST,
        Authorised(date(2026, 5, 13), 180, None),
        Authorised(date(2026, 6, 1), 60, 2400),
    )
    assert [total_on(steps, date(2026, month, 1)) for month in (3, 5, 6)] == [None, None, 2400]


@pytest.mark.parametrize(
    ("monday", "weekly"),
    [
        (date(2026, 3, 23), None),  # before the first day: nothing is held against it here
        (date(2026, 3, 30), 120),  # it began on the Wednesday
        (date(2026, 5, 4), 120),
        (date(2026, 5, 11), 180),  # raised on the Wednesday: the higher holds for that week
        (date(2026, 5, 18), 180),
        (date(2026, 6, 1), 180),  # lowered on the Thursday: so does it here
        (date(2026, 6, 8), 60),
    ],
)
def test_a_week_in_which_it_changes_may_hold_the_higher_figure(
    monday: date, weekly: int | None
) -> None:
    changes = [Authorised(date(2026, 5, 13), 180, None), Authorised(date(2026, 6, 4), 60, None)]
    assert weekly_on(authorised(FIRST, changes), monday) == weekly


def test_a_week_with_a_day_without_a_limit_has_none() -> None:
    steps = authorised(
        Authorised(date(2026, 4, 1), None, None), [Authorised(date(2026, 5, 13), 60, None)]
    )
    assert weekly_on(steps, date(2026, 5, 11)) is None
    assert weekly_on(steps, date(2026, 5, 18)) == 60
