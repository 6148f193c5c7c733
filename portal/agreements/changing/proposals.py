"""Answering a proposal, or taking it back: the same for whatever is proposed."""

from __future__ import annotations

from datetime import datetime

from portal.agreements.changing.models import Proposal
from portal.agreements.changing.rules import PROPOSAL_STEPS, ProposalState, ProposalStep
from portal.audit.actions import Actor
from portal.kernel.errors import DomainError
from portal.kernel.transitions import next_state


class NotYoursToAnswer(DomainError):
    """Whoever proposes does not agree to it, and nobody takes back what others proposed."""

    sentence = "The other side answers this. Whoever proposed it can take it back until then."


def outcome(proposal: Proposal, actor: Actor, step: ProposalStep) -> ProposalState:
    """Where a proposal stands after somebody's step. Raises IllegalStep, NotYoursToAnswer."""
    state = next_state(PROPOSAL_STEPS, proposal.state, step)
    side = proposal.from_id if step is ProposalStep.WITHDRAW else proposal.to_id
    if actor.organisation_id != side:
        raise NotYoursToAnswer
    return state


def settle(
    proposal: Proposal, actor: Actor, step: ProposalStep, *, answer: str, at: datetime
) -> None:
    """Agree to a proposal, refuse it, or take it back. Raises IllegalStep, NotYoursToAnswer."""
    proposal.state, proposal.answer = outcome(proposal, actor, step), answer
    proposal.answered_by_id, proposal.answered_by_name = actor.person_id, actor.name
    proposal.answered_at = at


def turning_down(proposal: Proposal, actor: Actor) -> ProposalStep:
    """What it is when somebody turns a proposal down: their own they take back."""
    own = actor.organisation_id == proposal.from_id
    return ProposalStep.WITHDRAW if own else ProposalStep.REFUSE
