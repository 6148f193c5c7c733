"""One side proposes new terms of an agreement; they hold once the other agrees.

An agreed price is a new row from its own day, after everything that is on an invoice. Agreed units
hold from that day too: earlier weeks keep what was authorised then. The codes are put in force on
the first day, by the portal if that is still to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.changing.actions import about, place, tell_side
from portal.agreements.changing.proposals import outcome, settle, turning_down
from portal.agreements.changing.queries import locked_agreement, locked_proposal
from portal.agreements.changing.rules import RUNNING, ProposalState, ProposalStep, UnfitChange
from portal.agreements.models import Agreement, AgreementPrice
from portal.agreements.variations.models import Variation
from portal.agreements.variations.queries import (
    get_variation,
    standing_of,
    terms_of,
    variations_of,
)
from portal.agreements.variations.rules import Terms, check_terms
from portal.audit.actions import Actor, record
from portal.frameworks.rules import PriceSource
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date


class Event(StrEnum):
    """What happens to variations."""

    PROPOSED = "agreements:variation:proposed"
    AGREED = "agreements:variation:agreed"
    REFUSED = "agreements:variation:refused"
    APPLIED = "agreements:variation:applied"


WORDS: Mapping[str, str] = {
    Event.PROPOSED: "Proposed new terms of an agreement",
    Event.AGREED: "Agreed to new terms of an agreement",
    Event.REFUSED: "Did not agree to new terms, or took them back",
    Event.APPLIED: "New terms of an agreement came into force",
}


class NotRunning(DomainError):
    """The agreement has ended or moved."""

    sentence = "This agreement has ended, so its terms cannot change any more."


def propose(
    session: Session,
    actor: Actor,
    agreement_id: UUID,
    wanted: Terms,
    *,
    starts_on: date,
    because: str,
    at: datetime,
) -> Variation:
    """Ask the other side to agree to new terms from a day on; nothing changes yet.

    Raises NotFound, NotRunning, UnfitChange.
    """
    agreement = running(session, agreement_id)
    if any(one.state is ProposalState.PROPOSED for one in variations_of(session, agreement.id)):
        raise UnfitChange("starts_on", "Other new terms wait for an answer. Settle those first")
    standing = standing_of(session, agreement, starts_on)
    terms = check_terms(standing, wanted, starts_on, local_date(at))
    variation = Variation(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        from_id=actor.organisation_id,
        to_id=other_side(agreement, actor),
        state=ProposalState.PROPOSED,
        starts_on=starts_on,
        because=because,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
        price=terms.price,
        authorised_weekly=terms.authorised_weekly,
        authorised_total=terms.authorised_total,
        ends_on=terms.ends_on,
        cost_code=terms.cost_code,
        purchase_order=terms.purchase_order,
    )
    session.add(variation)
    session.flush()
    record(session, actor, Event.PROPOSED, about(agreement), at=at, **_figures(variation))
    tell_side(session, agreement, variation.to_id, "has new terms that wait for you", at=at)
    return variation


def agree(session: Session, actor: Actor, variation_id: UUID, *, at: datetime) -> Variation:
    """Agree to the other side's new terms. They are held against the rules once more.

    Raises NotFound, NotRunning, IllegalStep, NotYoursToAnswer, UnfitChange.
    """
    agreement = running(session, get_variation(session, variation_id).agreement_id)
    variation = locked_proposal(session, Variation, variation_id)
    outcome(variation, actor, ProposalStep.AGREE)
    today = local_date(at)
    standing = standing_of(session, agreement, variation.starts_on)
    check_terms(standing, terms_of(variation), variation.starts_on, today)
    settle(variation, actor, ProposalStep.AGREE, answer="", at=at)
    if variation.price is not None:
        session.add(
            AgreementPrice(
                agreement_id=agreement.id,
                council_id=agreement.council_id,
                provider_id=agreement.provider_id,
                price=variation.price,
                starts_on=variation.starts_on,
                source=PriceSource.AGREED,
                note=f"variation agreed on {say_date(today)}",
            )
        )
    if variation.ends_on is not None:
        agreement.ends_on = variation.ends_on
    session.flush()
    if variation.starts_on <= today:
        put_in_force(variation, agreement, at=at)
    place(session, actor, agreement, at=at)
    record(session, actor, Event.AGREED, about(agreement), at=at, **_figures(variation))
    tell_side(session, agreement, variation.from_id, "has the new terms: they are agreed", at=at)
    return variation


def turn_down(
    session: Session, actor: Actor, variation_id: UUID, *, because: str, at: datetime
) -> Variation:
    """Do not agree, or take back what one's own side proposed.

    Raises NotFound, IllegalStep, NotYoursToAnswer.
    """
    agreement = get_variation(session, variation_id).agreement
    variation = locked_proposal(session, Variation, variation_id)
    settle(variation, actor, turning_down(variation, actor), answer=because, at=at)
    session.flush()
    record(session, actor, Event.REFUSED, about(agreement), at=at, state=variation.state.value)
    other = other_side(agreement, actor)
    tell_side(session, agreement, other, "keeps its terms: the new ones are not agreed", at=at)
    return variation


def put_in_force(variation: Variation, agreement: Agreement, *, at: datetime) -> None:
    """Give an agreement the codes that an agreed variation changes, on its first day."""
    for name in ("cost_code", "purchase_order"):
        if (value := getattr(variation, name)) is not None:
            setattr(agreement, name, value)
    variation.applied_at = at


def running(session: Session, agreement_id: UUID) -> Agreement:
    """An agreement that has not ended, kept from others. Raises NotFound, NotRunning."""
    agreement = locked_agreement(session, agreement_id)
    if agreement.state not in RUNNING:
        raise NotRunning
    return agreement


def other_side(agreement: Agreement, actor: Actor) -> UUID:
    """The party that is not the actor's. Raises NotFound for somebody who is no party."""
    if actor.organisation_id == agreement.council_id:
        return agreement.provider_id
    if actor.organisation_id == agreement.provider_id:
        return agreement.council_id
    raise NotFound


def _figures(variation: Variation) -> dict[str, Any]:
    terms = terms_of(variation)
    return {
        "starts_on": variation.starts_on.isoformat(),
        "price_pence": terms.price and terms.price.pence,
        "weekly_parts": terms.authorised_weekly,
        "total_parts": terms.authorised_total,
        "ends_on": terms.ends_on and terms.ends_on.isoformat(),
        "cost_code": terms.cost_code,
        "purchase_order": terms.purchase_order,
    }
