"""Interest on late payment: 8 % over the Bank Rate of the half-year, by the day (rules.md B10)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.invoicing.interest.rules import (
    BankRate,
    bank_rates,
    fixed_sum,
    late_interest,
    reference_day,
)
from portal.kernel.money import Money
from portal.kernel.wording import say_date

RATES = (
    BankRate(date(2025, 6, 30), Decimal("4.25"), "Bank of England"),
    BankRate(date(2025, 12, 31), Decimal("3.75"), "Bank of England"),
)


@pytest.mark.parametrize(
    ("late_from", "reference"),
    [
        (date(2026, 1, 1), date(2025, 12, 31)),
        (date(2026, 6, 30), date(2025, 12, 31)),
        (date(2026, 7, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2026, 6, 30)),
    ],
)
def test_the_rate_is_that_of_the_half_year_in_which_it_was_late_first(
    late_from: date, reference: date
) -> None:
    assert reference_day(late_from) == reference


@pytest.mark.parametrize(
    ("amount", "fixed"),
    [
        ("999.99", "40"), ("1000.00", "70"), ("9999.99", "70"), ("10000.00", "100"),
    ],
)  # fmt: skip
def test_the_fixed_sum_follows_the_debt(amount: str, fixed: str) -> None:
    assert fixed_sum(Money.pounds(amount)) == Money.pounds(fixed)


def test_ten_days_on_a_thousand_pounds() -> None:
    late = late_interest(Money.pounds("1000"), date(2026, 3, 1), date(2026, 3, 11), RATES)
    assert late is not None
    # 1,000 x 11.75 % x 10 / 365 = 3.219...
    assert (str(late.interest), str(late.total)) == ("£3.22", "£73.22")
    assert late.counted == (
        "10 days on £1,000.00 at 11.75 % a year: 8 % over the Bank Rate of 3.75 % on "
        "31 December 2025. The fixed sum is £70.00."
    )


def test_the_rate_stays_through_a_new_half_year() -> None:
    late = late_interest(Money.pounds("36500"), date(2025, 12, 30), date(2026, 1, 9), RATES)
    assert late is not None and str(late.interest) == "£122.50"  # 12.25 % for all ten days


def test_in_time_costs_nothing() -> None:
    due = date(2026, 3, 1)
    assert late_interest(Money.pounds("10"), due, due, RATES) is None
    assert late_interest(Money.pounds("10"), due, date(2026, 2, 1), RATES) is None
    assert late_interest(Money(0), due, date(2026, 4, 1), RATES) is None


def test_a_rate_that_is_not_recorded_yet_is_said_to_be_missing() -> None:
    newest = bank_rates()[-1].day
    due = newest + timedelta(days=200)
    late = late_interest(Money.pounds("1000"), due, due + timedelta(days=10))
    assert late is not None
    said = f"on {say_date(newest)} (that of {say_date(reference_day(due))} is not recorded yet)"
    assert said in late.counted


def test_every_recorded_rate_is_of_a_reference_day_in_order_and_says_where_it_is_from() -> None:
    rates = bank_rates()
    assert [one.day for one in rates] == sorted(one.day for one in rates)
    assert all((one.day.month, one.day.day) in {(6, 30), (12, 31)} for one in rates)
    assert all(one.source.startswith("Bank of England") for one in rates)
