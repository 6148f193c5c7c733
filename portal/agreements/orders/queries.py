"""Order forms: the one of an agreement, those that wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.offers.models import Offer
from portal.agreements.orders.models import Choice, OrderForm
from portal.kernel.errors import NotFound
from portal.referrals.models import Referral
from portal.referrals.rules import ReferralState

_WAITS = (
    Referral.state == ReferralState.ORDERED,
    OrderForm.accepted_at.is_(None),
    OrderForm.refused_at.is_(None),
    OrderForm.withdrawn_at.is_(None),
)
_WHOLE = (
    joinedload(OrderForm.council),
    joinedload(OrderForm.provider),
    joinedload(OrderForm.agreement),
    joinedload(OrderForm.offer).joinedload(Offer.recipient),
    joinedload(OrderForm.referral).joinedload(Referral.category),
)


def order_of(session: Session, agreement_id: UUID) -> OrderForm | None:
    """The order form that an agreement came from; none for one that was brought in from a file.

    Its clocks count from ``issued_on``.
    """
    return session.scalars(select(OrderForm).where(OrderForm.agreement_id == agreement_id)).first()


def get_order(session: Session, order_id: UUID) -> OrderForm:
    """An order form with its parties, offer and referral. Raises NotFound."""
    found = session.scalars(
        select(OrderForm).where(OrderForm.id == order_id).options(*_WHOLE)
    ).first()
    if found is None:
        raise NotFound
    return found


def locked_order(session: Session, order_id: UUID) -> OrderForm:
    """An order form as it stands now, kept from other writers. Raises NotFound."""
    found = session.scalars(
        select(OrderForm)
        .where(OrderForm.id == order_id)
        .with_for_update(of=OrderForm)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def orders_for(session: Session, referral_id: UUID) -> Sequence[OrderForm]:
    """Every order form of a referral, the newest first, with its provider."""
    return session.scalars(
        select(OrderForm)
        .where(OrderForm.referral_id == referral_id)
        .options(joinedload(OrderForm.provider))
        .order_by(OrderForm.issued_at.desc(), OrderForm.id.desc())
    ).all()


def waiting_orders(session: Session, organisation_id: UUID, *, limit: int) -> Sequence[OrderForm]:
    """The order forms of a council or to a provider that wait for the provider, oldest first."""
    return session.scalars(
        select(OrderForm)
        .join(OrderForm.referral)
        .where(
            (OrderForm.council_id == organisation_id) | (OrderForm.provider_id == organisation_id),
            *_WAITS,
        )
        .options(joinedload(OrderForm.council), joinedload(OrderForm.provider))
        .order_by(OrderForm.issued_on, OrderForm.id)
        .limit(limit)
    ).all()


def reason_of(session: Session, order_id: UUID) -> str:
    """Why the council chose the offer; empty for a provider, and where there was no choice."""
    found = session.get(Choice, order_id)
    return found.because if found else ""
