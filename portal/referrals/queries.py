"""One referral, and the providers that it goes to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.identity.models import Organisation
from portal.kernel.errors import NotFound
from portal.referrals.models import Recipient, Referral


def get_referral(session: Session, referral_id: UUID) -> Referral:
    """A referral with its council and category; a provider sees those that were sent to it.

    Raises NotFound.
    """
    found = session.scalars(
        select(Referral)
        .where(Referral.id == referral_id)
        .options(joinedload(Referral.council), joinedload(Referral.category))
    ).first()
    if found is None:
        raise NotFound
    return found


def recipient_of(session: Session, referral_id: UUID, provider_id: UUID) -> Recipient:
    """Where one provider stands with a referral. Raises NotFound where it was not asked."""
    found = session.scalars(
        select(Recipient)
        .where(Recipient.referral_id == referral_id, Recipient.provider_id == provider_id)
        .options(joinedload(Recipient.referral).joinedload(Referral.council))
    ).first()
    if found is None:
        raise NotFound
    return found


def recipients(session: Session, referral_id: UUID) -> Sequence[Recipient]:
    """The providers that a referral goes to, tier by tier, by name. A provider sees itself."""
    return session.scalars(
        select(Recipient)
        .join(Recipient.provider)
        .where(Recipient.referral_id == referral_id)
        .options(contains_eager(Recipient.provider))
        .order_by(Recipient.tier, Organisation.name, Recipient.id)
    ).all()
