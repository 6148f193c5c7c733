"""Choosing an offer by issuing its order form, and taking or giving an order form back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.offers.queries import get_offer, locked_offer, offers_for
from portal.agreements.orders.models import Choice, OrderForm
from portal.agreements.orders.queries import get_order, locked_order
from portal.agreements.orders.rules import (
    STEPS,
    OrderStep,
    OrderTerms,
    UnfitOrder,
    check_terms,
    state_of,
)
from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind
from portal.referrals.actions import answered, move
from portal.referrals.anonymity import say_given_away
from portal.referrals.models import Recipient, Referral, YoungPerson
from portal.referrals.queries import get_referral
from portal.referrals.rules import RecipientState, ReferralStep, Route, new_reference


class Event(StrEnum):
    """What happens to order forms, and the agreement that one becomes."""

    ISSUED = "orders:order:issued"
    ACCEPTED = "orders:order:accepted"
    REFUSED = "orders:order:refused"
    WITHDRAWN = "orders:order:withdrawn"
    FORMED = "agreements:agreement:formed"


WORDS: Mapping[str, str] = {
    Event.ISSUED: "Issued an order form",
    Event.ACCEPTED: "Accepted an order form",
    Event.REFUSED: "Did not accept an order form",
    Event.WITHDRAWN: "Withdrew an order form",
    Event.FORMED: "Formed an agreement",
}


def issue(
    session: Session, actor: Actor, offer_id: UUID, terms: OrderTerms, *, at: datetime
) -> OrderForm:
    """Choose an offer and order it, at its price and from its first day.

    Raises NotFound for another council's, IllegalStep where the offer or the referral stands no
    longer, UnfitOrder for terms that cannot be.
    """
    offer = get_offer(session, offer_id)
    if offer.council_id != actor.organisation_id:
        raise NotFound
    if actor.person_id is None:
        raise Forbidden
    referral, recipient = offer.recipient.referral, offer.recipient
    choice = needs_reason(session, referral)
    check_terms(terms, referral.unit, offer.starts_on, choice=choice)
    _check_anonymous(
        session, referral, cost_code=terms.cost_code, purchase_order=terms.purchase_order,
        subcontracting=terms.subcontracting, arrangements=terms.arrangements,
    )  # fmt: skip
    locked_offer(session, offer_id)
    answered(session, actor, recipient, RecipientState.CHOSEN, at=at)
    for step in (ReferralStep.CHOOSE, ReferralStep.ORDER):
        move(session, actor, referral, step, at=at)
    order = OrderForm(
        referral_id=referral.id,
        offer_id=offer.id,
        council_id=offer.council_id,
        provider_id=offer.provider_id,
        reference=new_reference("OF"),
        issued_at=at,
        issued_on=local_date(at),
        issued_by_id=actor.person_id,
        issued_by_name=actor.name,
        price=offer.price,
        unit=referral.unit,
        band=referral.band,
        authorised_weekly=terms.authorised_weekly,
        authorised_total=terms.authorised_total,
        starts_on=offer.starts_on,
        ends_on=terms.ends_on,
        cost_code=terms.cost_code,
        purchase_order=terms.purchase_order,
        subcontracting=terms.subcontracting,
        arrangements=terms.arrangements,
    )
    session.add(order)
    session.flush()
    if terms.because:
        session.add(
            Choice(order_form_id=order.id, council_id=order.council_id, because=terms.because)
        )
    record(
        session, actor, Event.ISSUED, about(order), at=at,
        price_pence=order.price.pence, starts_on=order.starts_on.isoformat(),
    )  # fmt: skip
    council = session.get_one(Organisation, order.council_id)
    tell(
        session,
        NoticeKind.ORDER,
        sentence=f"{council.name} chose your offer for {referral.reference}: "
        f"accept order form {order.reference}.",
        endpoint="orders.show",
        values={"order_id": order.id},
        organisation_id=order.provider_id,
        permission=Permission.REFERRAL_ANSWER,
        at=at,
    )
    return order


def _check_anonymous(session: Session, referral: Referral, **words: str) -> None:
    """The provider reads these before it may know who it is for. Raises UnfitOrder."""
    young_person = session.get_one(YoungPerson, referral.young_person_id)
    for field, typed in words.items():
        if (said := young_person.given_away_by(typed)) is not None:
            raise UnfitOrder(field, say_given_away(said))


def needs_reason(session: Session, referral: Referral) -> bool:
    """Whether choosing an offer of a referral is a choice that is explained."""
    return referral.route is Route.QUOTES or len(offers_for(session, referral.id)) > 1


def refuse(
    session: Session, actor: Actor, order_id: UUID, *, because: str, at: datetime
) -> OrderForm:
    """The provider does not accept: its offer is over, and the council chooses again.

    Raises NotFound for another's order form, IllegalStep once it is answered.
    """
    order = answering(session, actor, order_id, OrderStep.REFUSE)
    order.refused_at, order.refused_by_name, order.refused_because = at, actor.name, because
    offer = locked_offer(session, order.offer_id)
    offer.withdrawn_at, offer.withdrawn_because = at, because
    session.flush()
    _choose_again(session, actor, order, RecipientState.DECLINED, at=at)
    record(session, actor, Event.REFUSED, about(order), at=at)
    provider = session.get_one(Organisation, order.provider_id)
    tell(
        session,
        NoticeKind.ORDER,
        sentence=f"{provider.name} did not accept order form {order.reference}. Choose again.",
        endpoint="offers.compare",
        values={"referral_id": order.referral_id},
        organisation_id=order.council_id,
        permission=Permission.REFERRAL_MAKE,
        at=at,
    )
    return order


def withdraw(
    session: Session, actor: Actor, order_id: UUID, *, because: str, at: datetime
) -> OrderForm:
    """The council takes an order form back before it is accepted; the offer stands again.

    Raises NotFound for another council's, IllegalStep once it is answered, UnfitOrder for a reason
    that says who the young person is.
    """
    if get_order(session, order_id).council_id != actor.organisation_id:
        raise NotFound
    order = locked_order(session, order_id)
    _check_anonymous(session, order.referral, because=because)
    next_state(STEPS, state_of(order), OrderStep.WITHDRAW)
    order.withdrawn_at, order.withdrawn_by_name = at, actor.name
    order.withdrawn_because = because
    session.flush()
    _choose_again(session, actor, order, RecipientState.OFFERED, at=at)
    record(session, actor, Event.WITHDRAWN, about(order), at=at)
    tell(
        session,
        NoticeKind.ORDER,
        sentence=f"Order form {order.reference} was withdrawn. Your offer stands.",
        endpoint="orders.show",
        values={"order_id": order.id},
        organisation_id=order.provider_id,
        permission=Permission.REFERRAL_ANSWER,
        at=at,
    )
    return order


def answering(session: Session, actor: Actor, order_id: UUID, step: OrderStep) -> OrderForm:
    """The order form to a provider that is about to answer it, kept from others.

    Raises NotFound for another's, IllegalStep once it is answered.
    """
    if get_order(session, order_id).provider_id != actor.organisation_id:
        raise NotFound
    order = locked_order(session, order_id)
    next_state(STEPS, state_of(order), step)
    return order


def about(order: OrderForm) -> Subject:
    """An order form, for the records of both sides."""
    return Subject("order form", order.id, order.reference, order.council_id, order.provider_id)


def _choose_again(
    session: Session, actor: Actor, order: OrderForm, state: RecipientState, *, at: datetime
) -> None:
    referral = get_referral(session, order.referral_id)
    recipient = session.get_one(Recipient, order.offer.recipient_id)
    move(session, actor, referral, ReferralStep.CHOOSE_AGAIN, at=at)
    answered(session, actor, recipient, state, at=at)
