"""Kinds of meeting, and which of them are due (facts/frameworks.yaml: termly, yearly). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.kernel.errors import DomainError


class MeetingKind(StrEnum):
    """What a council and a provider meet for."""

    KEEP_IN_TOUCH = "keep-in-touch"
    FRAMEWORK_REVIEW = "framework-review"


MEETING_NAMES = {
    MeetingKind.KEEP_IN_TOUCH: "Keep in touch",
    MeetingKind.FRAMEWORK_REVIEW: "Framework review",
}
HOW_OFTEN = {MeetingKind.KEEP_IN_TOUCH: "each term", MeetingKind.FRAMEWORK_REVIEW: "each year"}


class Side(StrEnum):
    """Who has something to do after a meeting."""

    COUNCIL = "council"
    PROVIDER = "provider"


class ContributionKind(StrEnum):
    """A young person's own meeting that a mentor contributes to."""

    PEP = "pep"
    LAC_REVIEW = "lac-review"
    TEAM_AROUND_THE_CHILD = "team-around-the-child"


CONTRIBUTION_NAMES = {
    ContributionKind.PEP: "Personal Education Plan (PEP)",
    ContributionKind.LAC_REVIEW: "Review of a looked after child (LAC review)",
    ContributionKind.TEAM_AROUND_THE_CHILD: "Team Around the Child",
}


class Manner(StrEnum):
    """How somebody contributed."""

    ATTENDED = "attended"
    WROTE = "wrote"


MANNER_NAMES = {Manner.ATTENDED: "Took part", Manner.WROTE: "Wrote something for it"}


class WrongMeeting(DomainError):
    """Something of a meeting that cannot be; ``field`` is where the form says so."""

    status = 422

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Turn:
    """The days within which one meeting of a kind is held, both counted, and what they are."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is kept of a meeting; notes are empty until it was held."""

    kind: MeetingKind
    held_on: date
    present: str
    notes: str


class Standing(StrEnum):
    """How the meeting of a turn stands."""

    HELD = "held"
    ARRANGED = "arranged"
    MISSING = "missing"


def standing(turn: Turn, days: Iterable[date], today: date) -> tuple[Standing, date | None]:
    """Whether a meeting of the turn was held or is arranged, and on which day."""
    within = sorted(day for day in days if turn.first <= day <= turn.last)
    held = [day for day in within if day <= today]
    if held:
        return Standing.HELD, held[-1]
    return (Standing.ARRANGED, within[0]) if within else (Standing.MISSING, None)


def check_meeting(held_on: date, notes: str, today: date) -> None:
    """Notes are of a meeting that was held. Raises WrongMeeting."""
    if notes and held_on > today:
        raise WrongMeeting(
            "notes", "This meeting is still to come. Add its notes once it has been held"
        )
