"""What happens in an evaluation, each with its words for the record."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from portal.audit.actions import Subject
from portal.frameworks.rounds.models import Round


class Event(StrEnum):
    """What happens between the opening of bids and the places."""

    NAMED = "evaluation:evaluator:named"
    DECLARED = "evaluation:conflict:none-declared"
    CONFLICT = "evaluation:conflict:declared"
    STOOD_DOWN = "evaluation:evaluator:stood-down"
    CHECKED = "evaluation:compliance:checked"
    BEGUN = "evaluation:scoring:begun"
    SCORED = "evaluation:scores:saved"
    FINISHED = "evaluation:scores:finished"
    MODERATION_BEGUN = "evaluation:moderation:begun"
    AGREED = "evaluation:consensus:agreed"
    MODERATED = "evaluation:moderation:finished"
    DECIDED = "evaluation:category:decided"
    FIXED = "evaluation:decisions:fixed"
    REOPENING_ASKED = "evaluation:reopening:asked"
    REOPENING_REFUSED = "evaluation:reopening:refused"
    REOPENED = "evaluation:decisions:reopened"
    SENT = "evaluation:outcome:sent"
    SIGNED = "evaluation:agreement:signed"
    COUNTERSIGNED = "evaluation:agreement:countersigned"
    LAPSED = "evaluation:award:lapsed"
    PLACED = "evaluation:place:given"
    CONCLUDED = "evaluation:round:concluded"


WORDS: Mapping[str, str] = {
    Event.NAMED: "Named somebody to evaluate",
    Event.DECLARED: "Declared no conflict of interest",
    Event.CONFLICT: "Declared a conflict of interest",
    Event.STOOD_DOWN: "Stood an evaluator down",
    Event.CHECKED: "Checked an application for compliance",
    Event.BEGUN: "Began the scoring",
    Event.SCORED: "Scored answers",
    Event.FINISHED: "Finished scoring",
    Event.MODERATION_BEGUN: "Began the moderation",
    Event.AGREED: "Agreed consensus scores",
    Event.MODERATED: "Finished the moderation",
    Event.DECIDED: "Decided on a category",
    Event.FIXED: "Fixed the decisions",
    Event.REOPENING_ASKED: "Asked to reopen the decisions",
    Event.REOPENING_REFUSED: "Let the decisions stand that somebody asked to reopen",
    Event.REOPENED: "Reopened the decisions",
    Event.SENT: "Sent the outcome",
    Event.SIGNED: "Signed the agreement",
    Event.COUNTERSIGNED: "Countersigned the agreement",
    Event.LAPSED: "Let an award lapse that was not signed",
    Event.PLACED: "Gave a place",
    Event.CONCLUDED: "Concluded the round",
}


def about(
    round_: Round, *, council_id: UUID | None = None, provider_id: UUID | None = None
) -> Subject:
    """A round as the subject of its evaluation.

    In the record of its lead council, or of the council named. Providers read of it only what
    happens after the outcome was sent.
    """
    return Subject(
        "round", round_.id, round_.title, council_id or round_.lead_council_id, provider_id
    )
