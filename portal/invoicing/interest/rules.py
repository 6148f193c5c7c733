"""Interest on late payment by law (rules.md B10). Pure.

8 per cent over the Bank Rate of the last 31 December or 30 June before the payment was late, simple
and by the day, and a fixed sum by the size of the debt. The Bank Rates are data, with their
source: ``bank_rates.csv``. A half-year that it does not hold yet is worked out with the newest
rate, and says so.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_date

OVER_BANK_RATE = Decimal(8)  # per cent a year
DAYS_IN_A_YEAR = 365
FIXED_SUMS = (
    (Money.pounds("1000"), Money.pounds("40")),
    (Money.pounds("10000"), Money.pounds("70")),
)
LARGEST_FIXED_SUM = Money.pounds("100")


@dataclass(frozen=True, slots=True)
class BankRate:
    """The Bank Rate that stood on a reference day, per cent a year, and where that is from."""

    day: date
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Interest:
    """What a debt of ``amount`` costs that was ``days`` late: interest and the fixed sum."""

    amount: Money
    days: int
    bank_rate: BankRate
    reference_day: date
    interest: Money
    fixed_sum: Money

    @property
    def total(self) -> Money:
        """Interest and fixed sum together."""
        return self.interest + self.fixed_sum

    @property
    def counted(self) -> str:
        """How it was worked out, as a sentence."""
        rate = OVER_BANK_RATE + self.bank_rate.rate
        said = (
            f"{say_count(self.days, 'day')} on {self.amount} at {rate} % a year: 8 % over the Bank "
            f"Rate of {self.bank_rate.rate} % on {say_date(self.bank_rate.day)}"
        )
        if self.bank_rate.day < self.reference_day:
            said += f" (that of {say_date(self.reference_day)} is not recorded yet)"
        return f"{said}. The fixed sum is {self.fixed_sum}."


@cache
def bank_rates() -> tuple[BankRate, ...]:
    """The rates that are recorded, the oldest first."""
    with (Path(__file__).parent / "bank_rates.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            BankRate(date.fromisoformat(row["day"]), Decimal(row["rate"]), row["source"])
            for row in csv.DictReader(file)
        )


def reference_day(late_from: date) -> date:
    """The day whose Bank Rate counts for what is late from a day on."""
    if late_from.month > 6:
        return date(late_from.year, 6, 30)
    return date(late_from.year - 1, 12, 31)


def fixed_sum(amount: Money) -> Money:
    """£40 below £1,000, £70 below £10,000, £100 from there."""
    return next((fixed for below, fixed in FIXED_SUMS if amount < below), LARGEST_FIXED_SUM)


def late_interest(
    amount: Money, due: date, until: date, rates: Sequence[BankRate] | None = None
) -> Interest | None:
    """What it costs that ``amount`` was due and is paid on ``until``; None if that is in time.

    Day 1 is the day after the due day. Rounded once, half a penny up. None too before the first
    rate that is recorded.
    """
    days = (until - due).days
    if days <= 0 or amount.pence <= 0:
        return None
    reference = reference_day(due + timedelta(days=1))
    known = [one for one in rates or bank_rates() if one.day <= reference]
    if not known:
        return None
    rate = known[-1]
    hundredths = int((OVER_BANK_RATE + rate.rate) * 100)
    return Interest(
        amount,
        days,
        rate,
        reference,
        amount.share(hundredths * days, 100 * 100 * DAYS_IN_A_YEAR),
        fixed_sum(amount),
    )
