"""What happens to rounds, each with its words for the record."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from portal.audit.actions import Subject
from portal.frameworks.rounds.models import Round


class Event(StrEnum):
    """What happens to a round."""

    MADE = "rounds:round:made"
    CHANGED = "rounds:round:changed"
    ANNOUNCED = "rounds:round:announced"
    CANCELLED = "rounds:round:cancelled"
    NOTICE_GIVEN = "rounds:notice:given"
    EXTENSION_ASKED = "rounds:extension:asked"
    EXTENSION_AGREED = "rounds:extension:agreed"
    EXTENSION_REFUSED = "rounds:extension:refused"
    LATE_DOOR_ASKED = "rounds:late-door:asked"
    LATE_DOOR_AGREED = "rounds:late-door:agreed"
    LATE_DOOR_REFUSED = "rounds:late-door:refused"
    QUESTION_ASKED = "rounds:clarification:asked"
    QUESTION_ANSWERED = "rounds:clarification:answered"
    QUESTION_DECLINED = "rounds:clarification:declined"


WORDS: Mapping[str, str] = {
    Event.MADE: "Made a round",
    Event.CHANGED: "Changed a round before it was announced",
    Event.ANNOUNCED: "Announced a round",
    Event.CANCELLED: "Cancelled a round",
    Event.NOTICE_GIVEN: "Told everybody of a round",
    Event.EXTENSION_ASKED: "Asked for a later closing",
    Event.EXTENSION_AGREED: "Agreed to a later closing",
    Event.EXTENSION_REFUSED: "Refused a later closing",
    Event.LATE_DOOR_ASKED: "Asked to let one provider in late",
    Event.LATE_DOOR_AGREED: "Agreed to let one provider in late",
    Event.LATE_DOOR_REFUSED: "Refused to let one provider in late",
    Event.QUESTION_ASKED: "Asked a question about a round",
    Event.QUESTION_ANSWERED: "Answered a question about a round",
    Event.QUESTION_DECLINED: "Declined a question about a round",
}


def about(round_: Round, *, provider_id: UUID | None = None) -> Subject:
    """A round as the subject of what happens to it, in the record of its lead council.

    With a provider only where the council itself has named it, as for a late door: else the
    council's record would say who takes part.
    """
    return Subject("round", round_.id, round_.title, round_.lead_council_id, provider_id)
