"""Sessions and nights: their states, overlaps, and the months they fall in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.kernel.months import Month


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
