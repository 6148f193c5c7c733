"""Offers that providers make for referrals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Mentor
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, Pence
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Looker, Rule, named_in
from portal.referrals.models import Recipient

_STANDS = "withdrawn_at IS NULL"


def _parties_but_mentors(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The two parties; of the provider nobody who is only a mentor."""
    return and_(named_in("council_id", "provider_id")(entity, looker), looker.assigned.is_(None))


class Offer(Base):
    """What a provider offers for one referral: with whom or where, from when, at which price.

    The council sees no mentor of a provider that works for it on nothing, so the name and the
    last day of the DBS check are kept here as they were offered. At most one offer stands.
    """

    __tablename__ = "offer"
    __seen_by__ = Rule(_parties_but_mentors, writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    mentor_id: Mapped[UUID | None]
    mentor_name: Mapped[str] = mapped_column(String(200), default="")
    cleared_until: Mapped[date | None]
    home: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    price: Mapped[Money] = mapped_column(Pence())
    words: Mapped[str] = mapped_column(Text(), default="")
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")

    recipient: Mapped[Recipient] = relationship(viewonly=True)
    provider: Mapped[Organisation] = relationship(
        viewonly=True, primaryjoin="foreign(Offer.provider_id) == Organisation.id"
    )
    mentor: Mapped[Mentor | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["recipient_id", "council_id", "provider_id"],
            [
                "referral_recipient.id",
                "referral_recipient.council_id",
                "referral_recipient.provider_id",
            ],
        ),
        ForeignKeyConstraint(["mentor_id", "provider_id"], ["mentor.id", "mentor.provider_id"]),
        UniqueConstraint("id", "council_id", "provider_id", name="offer_with_its_parties"),
        CheckConstraint("price > 0", name="offer_price_above_nothing"),
        CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_because <> ''", name="offer_withdrawn_for_a_reason"
        ),
        partial_index(
            "one_offer_of_a_recipient",
            "recipient_id",
            unique=True,
            where=_STANDS,
        ),
        Index("ix_offer_council_id", "council_id", "made_at"),
        Index("ix_offer_provider_id", "provider_id", "made_at"),
    )
