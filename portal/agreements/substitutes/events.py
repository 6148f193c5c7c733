"""What happens to who works on agreements, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    """What happens to assignments, and to mentors who cannot work."""

    ASSIGNED = "mentors:assignment:made"
    REJECTED = "mentors:assignment:rejected"
    OVER = "mentors:assignment:over"
    AWAY = "mentors:absence:recorded"
    BACK = "mentors:absence:ended"


WORDS: Mapping[str, str] = {
    Event.ASSIGNED: "Assigned a mentor",
    Event.REJECTED: "Rejected a mentor",
    Event.OVER: "Ended what a mentor sees of an agreement",
    Event.AWAY: "Said that a mentor is not available",
    Event.BACK: "Said when a mentor is back",
}
