"""When a term's reports are due (design.md, Delivery). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.kernel.errors import DomainError
from portal.kernel.wording import say_period
from portal.kernel.working_days import Deadline, add_working_days

DEFAULT_WITHIN = 10  # working days after the last day of term
LONGEST_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a term, both counted, with its name."""

    id: UUID
    name: str
    first_day: date
    last_day: date


class WrongTerm(DomainError):
    """A term that cannot be; ``field`` is where the form says so."""

    status = 422

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


class TermInUse(DomainError):
    """A term about which something was written stays."""

    sentence = (
        "Somebody has written a report or scored outcomes for this term, so it cannot be removed."
    )


def report_due(last_day: date, within: int, *, returned_on: date | None = None) -> Deadline:
    """The day by which a report is submitted, and how it was counted.

    So many working days after the last day of term, or after a council gave it back.
    """
    return add_working_days(returned_on or last_day, within)


def check_term(first_day: date, last_day: date, others: Iterable[Span]) -> None:
    """Refuse a term that ends before it begins or shares a day with another. Raises WrongTerm."""
    if last_day <= first_day:
        raise WrongTerm("last_day", "The last day must be after the first day")
    for other in others:
        if first_day <= other.last_day and other.first_day <= last_day:
            days = say_period(other.first_day, other.last_day)
            raise WrongTerm("first_day", f"These days overlap with {other.name}, {days}")
