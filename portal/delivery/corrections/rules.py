"""What can be corrected of what was charged: each refusal a sentence at its field. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from portal.delivery.rules import (
    SESSION_STATE_NAMES,
    Nights,
    Refusal,
    SessionState,
    say_nights,
)
from portal.delivery.sessions.rules import length_refusal
from portal.kernel.errors import DomainError
from portal.kernel.wording import say_count, say_hours

INSTEAD = (SessionState.DELIVERED, SessionState.NOT_ATTENDED, SessionState.CANCELLED)


class NotInvoiced(DomainError):
    """What is on no invoice yet is changed, not corrected."""

    sentence = "This is on no invoice yet. Change it instead: nothing has to be reversed."


class CorrectionWaits(DomainError):
    """One correction at a time."""

    sentence = (
        "A correction of this session waits for the next invoice already. "
        "Take it back first, then enter the right one."
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A session as it was charged or last corrected; ``minutes`` are 0 where it did not happen."""

    state: SessionState
    minutes: int
    interactions: int


@dataclass(frozen=True, slots=True)
class Place:
    """When a session took place, in London, and with whom.

    ``second`` says which of the hour that comes twice in October; None where it was not asked.
    """

    day: date
    start: time
    mentor_id: UUID
    second: bool | None = None


def moving_refusal(standing: Standing, wanted: Standing) -> Refusal | None:
    """Only what stands as having been there, or missed, was on another day or with another."""
    if standing.state is SessionState.CANCELLED:
        return Refusal(
            "state",
            "This session was taken off already. Record it as it took place, as a new session.",
        )
    if wanted.state is SessionState.CANCELLED:
        return Refusal(
            "state",
            "A session that was cancelled was on no other day and with no other mentor. "
            "Leave the date, the time and the mentor as they were.",
        )
    return None


def correction_refusals(standing: Standing, wanted: Standing) -> list[Refusal]:
    """Everything against putting one in the place of the other."""
    wrong = length_refusal(wanted.minutes) if wanted.state is SessionState.DELIVERED else None
    if wrong is not None:
        return [wrong]
    if wanted == standing:
        return [
            Refusal(
                "state",
                "This is how the session stands already. Enter what it should have been.",
            )
        ]
    return []


def nights_off_refusal(charged: Nights, off: Nights, already: Iterable[Nights]) -> Refusal | None:
    """Only nights that were charged, and each once, can be taken off."""
    if off.last < off.first:
        return Refusal("last_night", "The last night is before the first. Check both dates.")
    if off.first < charged.first or off.last > charged.last:
        field = "first_night" if off.first < charged.first else "last_night"
        return Refusal(field, f"Enter nights among {say_nights(charged)}.")
    for other in already:
        if off.overlaps(other):
            words = say_nights(other)
            verb = "are" if len(other) > 1 else "is"
            return Refusal(
                "first_night", f"{words[0].upper()}{words[1:]} {verb} taken off already."
            )
    return None


def say_standing(state: SessionState, minutes: int) -> str:
    """As "delivered, 1.5 hours", "not attended"."""
    name = SESSION_STATE_NAMES[state].lower()
    return f"{name}, {say_hours(minutes)}" if state is SessionState.DELIVERED else name


def say_difference(*, minutes: int | None = None, nights: int | None = None) -> str:
    """What the next invoice does about it, as "takes off 30 minutes", "charges 1 hour more"."""
    parts = minutes if minutes is not None else nights or 0
    if not parts:
        return "changes nothing that is charged"
    size = say_hours(abs(parts)) if minutes is not None else say_count(abs(parts), "night")
    return f"charges {size} more" if parts > 0 else f"takes off {size}"
