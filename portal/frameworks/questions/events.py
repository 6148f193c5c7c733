"""What happens to a round's questions, each with its words for the record."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    """What happens to questions."""

    ADDED = "questions:question:added"
    CHANGED = "questions:question:changed"
    WITHDRAWN = "questions:question:withdrawn"
    MOVED = "questions:question:moved"
    BROUGHT_IN = "questions:set:brought-in"


WORDS: Mapping[str, str] = {
    Event.ADDED: "Added a question to a round",
    Event.CHANGED: "Changed a round's question",
    Event.WITHDRAWN: "Withdrew a round's question",
    Event.MOVED: "Changed the order of a round's questions",
    Event.BROUGHT_IN: "Brought a set of questions into a round",
}
