"""The provider accepts an order form: it becomes an Individual Agreement, and its clocks start."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.clocks.actions import start_clocks
from portal.agreements.disclosing.actions import disclose
from portal.agreements.disclosing.queries import disclosures_of
from portal.agreements.models import Agreement, AgreementPrice
from portal.agreements.orders.actions import Event, about, answering
from portal.agreements.orders.models import OrderForm
from portal.agreements.orders.rules import OrderStep
from portal.agreements.rules import AgreementState
from portal.agreements.substitutes.actions.assigning import assign
from portal.audit.actions import Actor, Subject, record
from portal.frameworks.models import Category, Place
from portal.frameworks.rules import MECHANISM_OF, PriceSource
from portal.frameworks.standing.actions import place_for_quote
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.kernel.database import working_as
from portal.kernel.errors import Forbidden
from portal.kernel.tenancy import Scope
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind
from portal.referrals.actions import PORTAL, move
from portal.referrals.models import Recipient, Referral, YoungPerson
from portal.referrals.queries import get_referral
from portal.referrals.rules import RecipientState, ReferralStep

ACCEPTED = "Accepted the order form"


def accept(session: Session, actor: Actor, order_id: UUID, *, at: datetime) -> Agreement:
    """Form the agreement of an order form, and tell the other providers that it is over.

    The price is the agreement's own from its first day. Whoever accepts learns who the young
    person is, if their role may, and so does the mentor that was offered, who is assigned.
    Raises NotFound for another's order form, IllegalStep once it is answered or its referral was
    withdrawn, NotAssignable where the mentor cannot be assigned any more, Unfit where a quote's
    place stands still.
    """
    if actor.person_id is None:
        raise Forbidden
    order = answering(session, actor, order_id, OrderStep.ACCEPT)
    referral = get_referral(session, order.referral_id)
    move(session, actor, referral, ReferralStep.AGREE, at=at)
    agreement = _formed(session, actor, order, referral, at=at)
    order.accepted_at, order.agreement_id = at, agreement.id
    order.accepted_by_id, order.accepted_by_name = actor.person_id, actor.name
    session.flush()
    disclose(session, actor, agreement, actor.person_id, because=ACCEPTED, at=at)
    start_clocks(session, agreement, order.issued_on)
    if order.offer.mentor_id is not None:
        mentor_id = order.offer.mentor_id
        assign(session, actor, agreement.id, mentor_id, starts_on=agreement.starts_on, at=at)
    if not disclosures_of(session, agreement.id):
        _ask_who_may_know(session, agreement, at=at)
    record(session, actor, Event.ACCEPTED, about(order), at=at)
    record(
        session,
        actor,
        Event.FORMED,
        Subject(
            "agreement", agreement.id, agreement.reference, order.council_id, order.provider_id
        ),
        at=at,
        order_form=order.reference,
        price_pence=order.price.pence,
    )
    _tell_council(session, order, agreement, at=at)
    _tell_the_others(session, referral, at=at)
    return agreement


def _formed(
    session: Session, actor: Actor, order: OrderForm, referral: Referral, *, at: datetime
) -> Agreement:
    with working_as(session, Scope(order.council_id)):  # a provider sees neither before
        young_person = session.scalars(
            select(YoungPerson.reference).where(YoungPerson.id == referral.young_person_id)
        ).one()
        category = session.get_one(Category, referral.category_id)
    agreement = Agreement(
        council_id=order.council_id,
        provider_id=order.provider_id,
        framework_id=referral.framework_id,
        category_id=referral.category_id,
        place_id=_place_id(session, actor, order, category, at=at),
        reference=order.reference.replace("OF-", "IA-"),
        young_person=young_person,
        mechanism=MECHANISM_OF[order.unit],
        unit=order.unit,
        band=order.band,
        state=AgreementState.ACTIVE,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
        authorised_weekly=order.authorised_weekly,
        authorised_total=order.authorised_total,
        cost_code=order.cost_code or None,
        purchase_order=order.purchase_order or None,
    )
    session.add(agreement)
    session.flush()
    session.add(
        AgreementPrice(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            price=order.price,
            starts_on=agreement.starts_on,
            source=PriceSource.AGREED,
            note=f"order form {order.reference}",
        )
    )
    session.flush()
    return agreement


def _place_id(
    session: Session, actor: Actor, order: OrderForm, category: Category, *, at: datetime
) -> UUID:
    """The place that the offer rests on; for a quote one without a price, of the lead council."""
    recipient = session.get_one(Recipient, order.offer.recipient_id)
    if recipient.place_id is not None:
        return recipient.place_id
    with working_as(session, Scope(category.lead_council_id)):
        place: Place = place_for_quote(
            session, actor, category, order.provider_id, order.starts_on, at=at
        )
    return place.id


def _ask_who_may_know(session: Session, agreement: Agreement, *, at: datetime) -> None:
    """Whoever accepted may not know, and no mentor was offered: the administrators say who may."""
    tell(
        session,
        NoticeKind.ORDER,
        sentence=f"Say who may know the young person of {agreement.reference}: nobody does yet.",
        endpoint="disclosing.people",
        values={"agreement_id": agreement.id},
        organisation_id=agreement.provider_id,
        permission=Permission.IDENTITY_GIVE,
        at=at,
    )


def _tell_council(
    session: Session, order: OrderForm, agreement: Agreement, *, at: datetime
) -> None:
    provider = session.get_one(Organisation, order.provider_id)
    tell(
        session,
        NoticeKind.ORDER,
        sentence=f"{provider.name} accepted order form {order.reference}: agreement "
        f"{agreement.reference} is formed.",
        endpoint="agreements.show",
        values={"agreement_id": agreement.id},
        organisation_id=order.council_id,
        permission=Permission.REFERRAL_MAKE,
        at=at,
    )


def _tell_the_others(session: Session, referral: Referral, *, at: datetime) -> None:
    """Nothing says who was chosen, or how many were asked."""
    with working_as(session, PORTAL):
        others = session.scalars(
            select(Recipient.provider_id)
            .where(
                Recipient.referral_id == referral.id,
                Recipient.state == RecipientState.NOT_CHOSEN,
                Recipient.sent_at.is_not(None),
            )
            .order_by(Recipient.provider_id)
        ).all()
    for provider_id in others:
        tell(
            session,
            NoticeKind.ORDER,
            sentence=f"You were not chosen for {referral.reference}. Nothing more is asked of you.",
            endpoint="inbox.show",
            values={"referral_id": referral.id},
            organisation_id=provider_id,
            permission=Permission.REFERRAL_ANSWER,
            at=at,
        )
