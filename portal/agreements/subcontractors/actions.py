"""A provider asks for a sub-contractor; the council agrees in writing before it may be used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.changing.actions import about, tell_side
from portal.agreements.changing.proposals import settle, turning_down
from portal.agreements.changing.queries import locked_proposal
from portal.agreements.changing.rules import (
    ProposalState,
    ProposalStep,
    UnfitChange,
    check_within,
    is_over,
)
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.subcontractors.queries import get_subcontractor, subcontractors_of
from portal.agreements.subcontractors.rules import Plan, check_share
from portal.agreements.variations.actions import other_side, running
from portal.audit.actions import Actor, record
from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date
from portal.kernel.transitions import IllegalStep
from portal.kernel.wording import say_date


class Event(StrEnum):
    """What happens to sub-contractors."""

    ASKED = "agreements:subcontractor:asked"
    AGREED = "agreements:subcontractor:agreed"
    REFUSED = "agreements:subcontractor:refused"
    ENDED = "agreements:subcontractor:ended"


WORDS: Mapping[str, str] = {
    Event.ASKED: "Asked for a sub-contractor",
    Event.AGREED: "Agreed to a sub-contractor in writing",
    Event.REFUSED: "Did not agree to a sub-contractor, or took the request back",
    Event.ENDED: "Said until when a sub-contractor is used",
}


class ProviderAsks(DomainError):
    """Who delivers for a provider is for the provider to propose."""

    sentence = "The provider asks for its sub-contractors. You answer."


def ask(
    session: Session, actor: Actor, agreement_id: UUID, plan: Plan, *, because: str, at: datetime
) -> Subcontractor:
    """Ask the council for a sub-contractor. Raises NotFound, NotRunning, ProviderAsks, UnfitChange.

    From today on at the earliest: nobody agrees to what has been used already.
    """
    agreement = running(session, agreement_id)
    if actor.organisation_id != agreement.provider_id:
        raise ProviderAsks
    today = local_date(at)
    check_within(agreement, plan.starts_on, "starts_on")
    if plan.starts_on < today:
        raise UnfitChange("starts_on", "Enter today or a later day: the council agrees first")
    check_share(plan.percentage, subcontractors_of(session, agreement.id), plan.starts_on)
    asked = Subcontractor(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        from_id=agreement.provider_id,
        to_id=agreement.council_id,
        state=ProposalState.PROPOSED,
        because=because,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
        name=plan.name,
        work=plan.work,
        percentage=plan.percentage,
        cost=plan.cost,
        starts_on=plan.starts_on,
    )
    session.add(asked)
    session.flush()
    record(
        session, actor, Event.ASKED, about(agreement), at=at,
        percentage=plan.percentage, cost_pence=plan.cost.pence,
    )  # fmt: skip
    tell_side(session, agreement, asked.to_id, "has a sub-contractor to agree to", at=at)
    return asked


def agree(
    session: Session, actor: Actor, subcontractor_id: UUID, *, words: str, at: datetime
) -> Subcontractor:
    """The council's written agreement, which the provider reads; it holds from today on.

    Raises NotFound, NotRunning, IllegalStep, NotYoursToAnswer, UnfitChange.
    """
    agreement = running(session, get_subcontractor(session, subcontractor_id).agreement_id)
    asked = locked_proposal(session, Subcontractor, subcontractor_id)
    settle(asked, actor, ProposalStep.AGREE, answer=words, at=at)
    asked.starts_on = max(asked.starts_on, local_date(at))
    others = [one for one in subcontractors_of(session, agreement.id) if one.id != asked.id]
    check_share(asked.percentage, others, asked.starts_on)
    session.flush()
    record(session, actor, Event.AGREED, about(agreement), at=at, percentage=asked.percentage)
    since = say_date(asked.starts_on)
    tell_side(session, agreement, asked.from_id, f"may use its sub-contractor from {since}", at=at)
    return asked


def turn_down(
    session: Session, actor: Actor, subcontractor_id: UUID, *, because: str, at: datetime
) -> Subcontractor:
    """Do not agree, or take the request back. Raises NotFound, IllegalStep, NotYoursToAnswer."""
    agreement = get_subcontractor(session, subcontractor_id).agreement
    asked = locked_proposal(session, Subcontractor, subcontractor_id)
    settle(asked, actor, turning_down(asked, actor), answer=because, at=at)
    session.flush()
    record(session, actor, Event.REFUSED, about(agreement), at=at, state=asked.state.value)
    other = other_side(agreement, actor)
    tell_side(session, agreement, other, "has no sub-contractor agreed", at=at)
    return asked


def end(
    session: Session, actor: Actor, subcontractor_id: UUID, *, last_day: date, at: datetime
) -> Subcontractor:
    """Say which day is the last that a sub-contractor is used, by either side.

    Raises NotFound, IllegalStep, UnfitChange.
    """
    agreement = get_subcontractor(session, subcontractor_id).agreement
    used = locked_proposal(session, Subcontractor, subcontractor_id)
    if used.state is not ProposalState.AGREED or is_over(used, local_date(at)):
        raise IllegalStep
    if last_day < max(used.starts_on, local_date(at)):
        raise UnfitChange("last_day", "Enter today or a later day, not before its first one")
    used.ends_on = last_day
    session.flush()
    record(session, actor, Event.ENDED, about(agreement), at=at, last_day=last_day.isoformat())
    said = f"uses its sub-contractor until {say_date(last_day)}"
    tell_side(session, agreement, other_side(agreement, actor), said, at=at)
    return used
