"""Calendar months, the period of an invoice."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.kernel.errors import DomainError
from portal.kernel.local_time import only_date

_CODE = re.compile(r"([0-9]{4})-([0-9]{2})")
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class BadMonth(DomainError, ValueError):
    """What was given is not a month."""

    status = 422
    sentence = "Enter a month as its year and number, like 2026-04"


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One calendar month; iterating gives its days, `in` asks for one of them."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise BadMonth

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a local date. Raises TypeError for a datetime."""
        return cls(only_date(day).year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month of a code such as "2026-04". Raises BadMonth."""
        found = _CODE.fullmatch(text.strip())
        if found is None:
            raise BadMonth
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, len(self))

    @property
    def next(self) -> Month:
        """The month after."""
        return self.plus(1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return self.plus(-1)

    def plus(self, months: int) -> Month:
        """The month that many months later (earlier when negative)."""
        years, index = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, index + 1)

    @property
    def code(self) -> str:
        """Its code for addresses and files: "2026-04"."""
        return f"{self.year:04}-{self.month:02}"

    def __str__(self) -> str:
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    def __len__(self) -> int:
        return monthrange(self.year, self.month)[1]

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=offset) for offset in range(len(self)))

    def __contains__(self, day: date) -> bool:
        return Month.of(day) == self
