"""How long what is kept, with the figures of rules.md C2."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from portal.rights.rules import SCHEDULE, SETTABLE, Category, Counting, first_kept, standing

TODAY = date(2033, 4, 1)
HERE, THERE = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("category", "today", "number", "since"),
    [
        # The year 2026-27, then six more: until 31 March 2033.
        (Category.FINANCE, date(2033, 3, 31), None, date(2026, 4, 1)),
        (Category.FINANCE, TODAY, None, date(2027, 4, 1)),
        (Category.FINANCE, TODAY, 7, date(2026, 4, 1)),
        (Category.ACCOUNTS, TODAY, None, date(2027, 4, 1)),
        (Category.CARE, date(2101, 7, 20), None, date(2026, 7, 20)),
        (Category.CARE, date(2104, 2, 29), None, date(2029, 2, 28)),
        (Category.SIGN_INS, date(2027, 5, 1), None, date(2026, 5, 1)),
        (Category.LINKS, date(2026, 5, 31), None, date(2026, 5, 1)),
        (Category.NOTICES, date(2027, 5, 1), 366, date(2026, 4, 30)),
        (Category.COPIES, date(2026, 5, 8), None, date(2026, 5, 1)),
    ],
)
def test_what_happened_before_this_day_is_over(
    category: Category, today: date, number: int | None, since: date
) -> None:
    assert first_kept(category, today, number) == since


@pytest.mark.parametrize("category", SETTABLE)
def test_nothing_is_kept_for_less_than_the_least_whatever_stands_in_the_database(
    category: Category,
) -> None:
    assert first_kept(category, TODAY, 1) == first_kept(category, TODAY)


def test_finance_and_care_are_apart_and_their_figures_are_the_laws() -> None:
    finance, care = SCHEDULE[Category.FINANCE], SCHEDULE[Category.CARE]
    assert (finance.least, finance.counting) == (6, Counting.FINANCIAL_YEARS)
    assert (care.least, care.counting) == (75, Counting.YEARS)


def test_the_record_and_complaints_have_no_period_here() -> None:
    for category in (Category.RECORD, Category.COMPLAINTS):
        with pytest.raises(ValueError, match="no period"):
            first_kept(category, TODAY)


def test_only_what_was_lengthened_is_told_apart() -> None:
    stands = standing(Category.FINANCE, TODAY, [(HERE, 8), (THERE, 6)], [THERE])
    assert stands.usually == date(2027, 4, 1)
    assert stands.longer == {HERE: date(2025, 4, 1)}
    assert stands.held == {THERE}
