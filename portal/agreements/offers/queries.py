"""Offers that stand, as the provider and the council see them, and what may be offered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.agreements.offers.models import Offer
from portal.agreements.offers.rules import side_by_side
from portal.frameworks.models import PlacePrice
from portal.frameworks.rules import in_force
from portal.kernel.errors import NotFound
from portal.kernel.money import Money
from portal.kernel.transitions import IllegalStep
from portal.referrals.models import Recipient, Referral
from portal.referrals.rules import RecipientState, ReferralState


def standing_offer(session: Session, recipient_id: UUID) -> Offer | None:
    """What a provider offers now for a referral that it was sent."""
    return session.scalars(
        select(Offer).where(Offer.recipient_id == recipient_id, Offer.withdrawn_at.is_(None))
    ).first()


def offers_for(session: Session, referral_id: UUID) -> list[Offer]:
    """A referral's offers that stand, side by side: lowest price first. A provider sees its own."""
    found = session.scalars(
        select(Offer)
        .join(Offer.recipient)
        .where(Recipient.referral_id == referral_id, Offer.withdrawn_at.is_(None))
        .options(contains_eager(Offer.recipient), joinedload(Offer.provider))
        .order_by(Offer.made_at, Offer.id)
    ).all()
    return side_by_side(found)


def get_offer(session: Session, offer_id: UUID) -> Offer:
    """An offer with its provider and the referral that it is for. Raises NotFound."""
    found = session.scalars(
        select(Offer)
        .where(Offer.id == offer_id)
        .options(
            joinedload(Offer.provider),
            joinedload(Offer.recipient)
            .joinedload(Recipient.referral)
            .options(joinedload(Referral.council), joinedload(Referral.category)),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def locked_offer(session: Session, offer_id: UUID) -> Offer:
    """An offer that stands, kept from other writers.

    Raises NotFound, and IllegalStep for one that was taken back, or changed since it was read.
    """
    found = session.scalars(
        select(Offer)
        .where(Offer.id == offer_id)
        .with_for_update(of=Offer)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    check_stands(found)
    return found


def check_stands(offer: Offer) -> None:
    """An offer that was changed or taken back is not dealt with as it was. Raises IllegalStep."""
    if offer.withdrawn_at is not None:
        raise IllegalStep(
            "This offer was changed or taken back. Go back to the referral to see what stands now."
        )


def ceiling(session: Session, recipient: Recipient, band: str, day: date) -> Money | None:
    """The framework price of a provider's place on a day, which no offer exceeds.

    None where it has none then, and for a quote, which rests on no place.
    """
    if recipient.place_id is None:
        return None
    prices = session.scalars(
        select(PlacePrice)
        .where(PlacePrice.place_id == recipient.place_id, PlacePrice.band == band)
        .order_by(PlacePrice.starts_on)
    ).all()
    price = in_force(prices, day)
    return price.price if price else None


def referrals_to_choose(
    session: Session, council_id: UUID, *, limit: int
) -> Sequence[tuple[Referral, int]]:
    """A council's referrals with offers to choose among, and how many stand, by deadline."""
    found = session.execute(
        select(Referral, func.count(Offer.id))
        .join(Recipient, Recipient.referral_id == Referral.id)
        .join(Offer, Offer.recipient_id == Recipient.id)
        .where(
            Referral.council_id == council_id,
            Referral.state == ReferralState.SENT,
            Recipient.state == RecipientState.OFFERED,
            Offer.withdrawn_at.is_(None),
        )
        .group_by(Referral.id)
        .order_by(Referral.respond_by, Referral.id)
        .limit(limit)
    )
    return [(referral, offers) for referral, offers in found]
