"""Sessions and nights: their states, overlaps, and the months they fall in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.agreements.rules import AgreementState, covers
from portal.frameworks.rules import Unit
from portal.kernel.errors import DomainError
from portal.kernel.months import Month
from portal.kernel.wording import say_date, say_period


class SessionState(StrEnum):
    """What became of a session; only a delivered one is charged."""

    SCHEDULED = "scheduled"
    DELIVERED = "delivered"
    NOT_ATTENDED = "not-attended"
    CANCELLED = "cancelled"


SESSION_STATE_NAMES = {
    SessionState.SCHEDULED: "Scheduled",
    SessionState.DELIVERED: "Delivered",
    SessionState.NOT_ATTENDED: "Not attended",
    SessionState.CANCELLED: "Cancelled",
}


class Mode(StrEnum):
    """How mentor and young person met."""

    FACE_TO_FACE = "face-to-face"
    REMOTE = "remote"


class CancelledBy(StrEnum):
    """Who called a session off."""

    YOUNG_PERSON = "young-person"
    CARER = "carer"
    SCHOOL = "school"
    PROVIDER = "provider"
    COUNCIL = "council"


CANCELLED_BY_NAMES = {
    CancelledBy.YOUNG_PERSON: "The young person",
    CancelledBy.CARER: "Their family or carer",
    CancelledBy.SCHOOL: "The school",
    CancelledBy.PROVIDER: "The mentor or provider",
    CancelledBy.COUNCIL: "The council",
}

MODE_NAMES = {Mode.FACE_TO_FACE: "Face to face", Mode.REMOTE: "Remote"}

LONGEST_SESSION = 24 * 60


def at_once(starts: datetime, minutes: int, other: datetime, other_minutes: int) -> bool:
    """Whether two sessions overlap in time; one may begin as the other ends."""
    return starts < other + timedelta(minutes=other_minutes) and other < starts + timedelta(
        minutes=minutes
    )


@dataclass(frozen=True, slots=True)
class Nights:
    """Consecutive nights, both ends counted."""

    first: date
    last: date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def overlaps(self, other: Nights) -> bool:
        """Whether the two share a night."""
        return self.first <= other.last and other.first <= self.last

    def by_month(self) -> list[Nights]:
        """The same nights, cut where a month ends."""
        parts: list[Nights] = []
        first = self.first
        while first <= self.last:
            last = min(Month.of(first).last, self.last)
            parts.append(Nights(first, last))
            first = last + timedelta(days=1)
        return parts


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be recorded, and the name of the form field it stands at."""

    field: str
    sentence: str


class Refused(DomainError):
    """What was entered breaks rules of delivery; each refusal is shown at its field."""

    status = 422

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = refusals
        super().__init__(" ".join(refusal.sentence for refusal in refusals))


class WrongKind(DomainError):
    """Nights are recorded where nights are charged, sessions everywhere else."""

    status = 422


class Invoiced(DomainError):
    """What is on an invoice is corrected by the next one, never edited."""

    sentence = (
        "This is on an invoice already, so it cannot be changed or removed. "
        "Correct it instead: the next invoice takes the difference in."
    )


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both counted; without a last it goes on."""

    first: date
    last: date | None

    def __contains__(self, day: date) -> bool:
        return covers(self.first, self.last, day)


@dataclass(frozen=True, slots=True)
class Term:
    """When an agreement runs, and whether it does; ``suspended`` are days on which it does not."""

    span: Span
    state: AgreementState
    suspended: tuple[Span, ...] = ()

    def __contains__(self, day: date) -> bool:
        return day in self.span and not any(day in pause for pause in self.suspended)


def term_refusal(term: Term, days: Nights, field: str, what: str) -> Refusal | None:
    """Whether an agreement lets days be recorded; ``what`` is the subject of the sentence."""
    first, last = term.span.first, term.span.last
    if days.first < first:
        return Refusal(
            field,
            f"This agreement starts on {say_date(first)}, so {what} cannot be recorded. "
            "Check the date, or ask the council to change the agreement.",
        )
    if last is not None and days.last > last:
        return Refusal(
            field,
            f"This agreement ends on {say_date(last)}, so {what} cannot be recorded. "
            "Check the date, or ask the council to change the agreement.",
        )
    if (pause := _pause(term, days)) is not None:
        return Refusal(
            field,
            f"This agreement is suspended {pause}, so {what} cannot be recorded. "
            "Check the date, or ask the council when it starts again.",
        )
    if term.state is AgreementState.SUSPENDED and not term.suspended:
        return Refusal(
            field,
            f"This agreement is suspended, so {what} cannot be recorded. "
            "Ask the council when it starts again.",
        )
    if last is None and term.state in (AgreementState.ENDED, AgreementState.TRANSFERRED):
        return Refusal(
            field,
            f"This agreement has ended, so {what} cannot be recorded. "
            "Ask the council which day was its last.",
        )
    return None


def _pause(term: Term, days: Nights) -> str | None:
    """The suspension that holds one of these days, in words."""
    for pause in term.suspended:
        if days.last >= pause.first and (pause.last is None or days.first <= pause.last):
            if pause.last is None:
                return f"from {say_date(pause.first)} on"
            if pause.first == pause.last:
                return f"on {say_date(pause.first)}"
            return f"from {say_date(pause.first)} to {say_date(pause.last)}"
    return None


def require_kind(unit: Unit, entered: Unit) -> None:
    """Refuse nights on an agreement charged by sessions, and the other way. Raises WrongKind."""
    if (unit is Unit.NIGHT) == (entered is Unit.NIGHT):
        return
    if unit is Unit.NIGHT:
        raise WrongKind("This agreement is charged by the night. Record nights, not sessions.")
    raise WrongKind("This agreement is charged for sessions. Record sessions, not nights.")


def say_nights(nights: Nights) -> str:
    """As "the night of 3 April 2026" or "the nights of 3 to 9 April 2026"."""
    return f"the night{'s' if len(nights) > 1 else ''} of {say_period(nights.first, nights.last)}"
