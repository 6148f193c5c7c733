"""Financial, academic and contract years (rules.md E2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.kernel.errors import DomainError
from portal.kernel.local_time import only_date


class BeforeFirstYear(DomainError, ValueError):
    """The date is before the first contract year begins."""

    status = 422
    sentence = "That date is before the contract's first day."


@dataclass(frozen=True, order=True, slots=True)
class Year:
    """Twelve months from any first day to the last, both within."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= only_date(day) <= self.last

    @property
    def code(self) -> str:
        """The years it touches, for addresses and files: "2026-27", or "2026"."""
        if self.first.year == self.last.year:
            return f"{self.first.year:04}"
        return f"{self.first.year:04}-{self.last.year % 100:02}"

    def __str__(self) -> str:
        if self.first.year == self.last.year:
            return f"{self.first.year}"
        return f"{self.first.year} to {self.last.year}"


def financial_year(day: date) -> Year:
    """The year from 1 April to 31 March that holds the day."""
    return _year_from(4, day)


def academic_year(day: date) -> Year:
    """The year from 1 September to 31 August that holds the day."""
    return _year_from(9, day)


def contract_year(start: date, day: date) -> Year:
    """The contract year that holds the day, for a contract that began on start.

    Raises BeforeFirstYear when the day is before start.
    """
    number = contract_year_number(start, day)
    first = anniversary(start, number - 1)
    return Year(first, anniversary(start, number) - timedelta(days=1))


def contract_years(start: date, end: date) -> list[Year]:
    """Each contract year of a contract from start to end, both within; the last may outrun it."""
    years = [contract_year(start, start)]
    while years[-1].last < end:
        years.append(contract_year(start, years[-1].last + timedelta(days=1)))
    return years


def contract_year_number(start: date, day: date) -> int:
    """1 for the contract's first year, 2 from its first anniversary, and so on.

    Raises BeforeFirstYear when the day is before start.
    """
    if only_date(day) < only_date(start):
        raise BeforeFirstYear
    years = day.year - start.year
    return years + 1 if day >= anniversary(start, years) else years


def anniversary(start: date, years: int) -> date:
    """start that many years on, always from the original start so nothing drifts.

    29 February falls on 28 February in a common year and on the 29th in a leap year.
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 2, 28)


def _year_from(month: int, day: date) -> Year:
    begins = only_date(day).year - (day.month < month)
    return Year(date(begins, month, 1), date(begins + 1, month, 1) - timedelta(days=1))
