"""Mentors as records: checks, training, hours, being away, and who may be assigned. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from uuid import UUID

from portal.agreements.rules import covers
from portal.kernel.errors import DomainError
from portal.kernel.wording import say_count, say_date, say_list, say_time
from portal.kernel.years import anniversary


@dataclass(frozen=True, slots=True)
class About:
    """Who a mentor is: their account in the portal if they have one, paid or not, how many."""

    name: str
    person_id: UUID | None
    volunteer: bool
    caseload_limit: int | None


class CheckResult(StrEnum):
    """What an enhanced DBS check that is relied on said (rules.md C5); never its number."""

    CLEAR = "clear"
    ASSESSED = "assessed"


CHECK_RESULT_NAMES = {
    CheckResult.CLEAR: "Nothing recorded",
    CheckResult.ASSESSED: "Something recorded, risk assessed and accepted",
}


class CheckEnded(StrEnum):
    """Why a check is relied on no longer before its last day."""

    NEWS = "news"
    MISTAKE = "mistake"


CHECK_ENDED_NAMES = {
    CheckEnded.NEWS: "Something new became known",
    CheckEnded.MISTAKE: "It was recorded by mistake",
}


class TrainingKind(StrEnum):
    """What a mentor is trained in."""

    SAFEGUARDING = "safeguarding"
    DATA_PROTECTION = "data-protection"
    EQUALITY = "equality"
    PREVENT = "prevent"
    FIRST_AID = "first-aid"
    OTHER = "other"


TRAINING_NAMES = {
    TrainingKind.SAFEGUARDING: "Safeguarding children",
    TrainingKind.DATA_PROTECTION: "Data protection",
    TrainingKind.EQUALITY: "Equality and diversity",
    TrainingKind.PREVENT: "Prevent duty",
    TrainingKind.FIRST_AID: "First aid",
    TrainingKind.OTHER: "Something else",
}
REFRESHED_AFTER = 2  # years (rules.md C4)


def trained_until(taken_on: date) -> date:
    """The last day on which training counts as fresh, both days counted."""
    return anniversary(taken_on, REFRESHED_AFTER) - timedelta(days=1)


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def say_hours_of_week(hours: Iterable[tuple[int, time, time]]) -> list[str]:
    """The hours of a week, a line for each day: "Monday 3pm to 7:30pm"."""
    return [
        f"{WEEKDAYS[day]} {say_time(starts)} to {say_time(ends)}" for day, starts, ends in hours
    ]


class Away(StrEnum):
    """Why a mentor cannot work: nothing of anybody's health is asked or kept."""

    AWAY = "away"
    STOPPED = "stopped"
    LEFT = "left"


AWAY_NAMES = {
    Away.AWAY: "Away, and coming back",
    Away.STOPPED: "Not working with young people for now",
    Away.LEFT: "Has left",
}


class NotAssignable(DomainError):
    """A mentor cannot be assigned; the sentence says all that stands against it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Candidate:
    """What decides whether a mentor may be assigned.

    ``checks`` are (checked on, valid until), ``absences`` (first day, last day or None);
    ``assigned`` counts the other agreements that the mentor has on the day or later.
    """

    name: str
    volunteer: bool = False
    checks: Sequence[tuple[date, date]] = ()
    absences: Sequence[tuple[date, date | None]] = ()
    assigned: int = 0
    caseload_limit: int | None = None
    rejected: bool = field(default=False)

    def barriers(self, day: date) -> list[str]:
        """Everything that stands against assigning the mentor from a day on, in clauses."""
        found = []
        if self.volunteer:
            found.append("is a volunteer")
        if not any(covers(since, until, day) for since, until in self.checks):
            found.append(self._unchecked(day))
        if self.caseload_limit is not None and self.assigned >= self.caseload_limit:
            agreements = say_count(self.assigned, "agreement")
            found.append(f"has {agreements}, of at most {self.caseload_limit}")
        if any(covers(first, last, day) for first, last in self.absences):
            found.append(f"is not available on {say_date(day)}")
        if self.rejected:
            found.append("was rejected by the council for this agreement")
        return found

    def check(self, day: date) -> None:
        """Raises NotAssignable when anything stands against it."""
        if barriers := self.barriers(day):
            raise NotAssignable(
                f"{self.name} cannot be assigned from {say_date(day)}: {say_list(barriers)}"
            )

    def _unchecked(self, day: date) -> str:
        latest = max((until for since, until in self.checks if since <= day), default=None)
        if latest is None:
            return "has no enhanced DBS check"
        return f"had an enhanced DBS check that lapsed on {say_date(latest)}"
