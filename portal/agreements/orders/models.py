"""Order forms, and the council's own reason for each choice."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, assigned_on
from portal.agreements.offers.models import Offer
from portal.frameworks.rules import Unit
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Rule, parties
from portal.referrals.models import Referral

_STANDS = "refused_at IS NULL AND withdrawn_at IS NULL"


class OrderForm(Base):
    """The order that a council makes of an offer; it names no young person.

    ``issued_on`` is the London day from which the clocks count (rules.md C6). Quantities are in
    parts of the unit: minutes, sessions or nights. Accepted, it has become an agreement; a mentor
    sees it then, if it is theirs.
    """

    __tablename__ = "order_form"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(20))
    issued_at: Mapped[datetime] = mapped_column(Instant())
    issued_on: Mapped[date]
    issued_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    issued_by_name: Mapped[str] = mapped_column(String(200))
    price: Mapped[Money] = mapped_column(Pence())
    unit: Mapped[Unit] = mapped_column(one_of(Unit, "order_unit"))
    band: Mapped[str] = mapped_column(String(40), default="")
    authorised_weekly: Mapped[int | None]
    authorised_total: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    cost_code: Mapped[str] = mapped_column(String(40), default="")
    purchase_order: Mapped[str] = mapped_column(String(40), default="")
    subcontracting: Mapped[str] = mapped_column(Text(), default="")
    arrangements: Mapped[str] = mapped_column(Text(), default="")
    accepted_at: Mapped[datetime | None] = mapped_column(Instant())
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    accepted_by_name: Mapped[str] = mapped_column(String(200), default="")
    refused_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_by_name: Mapped[str] = mapped_column(String(200), default="")
    refused_because: Mapped[str] = mapped_column(String(500), default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())
    withdrawn_by_name: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")
    agreement_id: Mapped[UUID | None]

    referral: Mapped[Referral] = relationship(viewonly=True)
    offer: Mapped[Offer] = relationship(viewonly=True)
    council: Mapped[Organisation] = relationship(foreign_keys=[council_id], viewonly=True)
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    agreement: Mapped[Agreement | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["offer_id", "council_id", "provider_id"],
            ["offer.id", "offer.council_id", "offer.provider_id"],
        ),
        ForeignKeyConstraint(["referral_id", "council_id"], ["referral.id", "referral.council_id"]),
        ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
        ),
        UniqueConstraint("council_id", "reference", name="one_order_form_of_a_reference"),
        UniqueConstraint("agreement_id", name="one_order_form_of_an_agreement"),
        UniqueConstraint("id", "council_id", name="order_form_with_its_council"),
        CheckConstraint("price > 0", name="order_price_above_nothing"),
        CheckConstraint("authorised_weekly > 0", name="ordered_weekly_above_nothing"),
        CheckConstraint("authorised_total > 0", name="ordered_total_above_nothing"),
        CheckConstraint("ends_on >= starts_on", name="order_ends_after_it_starts"),
        CheckConstraint(
            "(accepted_at IS NULL) = (agreement_id IS NULL)", name="accepted_orders_are_agreements"
        ),
        CheckConstraint(
            "CASE WHEN accepted_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN refused_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END <= 1",
            name="order_answered_once",
        ),
        partial_index(
            "one_order_form_stands_for_a_referral",
            "referral_id",
            unique=True,
            where=_STANDS,
        ),
        Index("ix_order_form_council_id", "council_id", "issued_on"),
        Index("ix_order_form_provider_id", "provider_id", "issued_on"),
    )


class Choice(Base):
    """Why a council chose the offer that it ordered. No provider reads it."""

    __tablename__ = "offer_choice"
    __seen_by__ = parties("council_id")

    order_form_id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID]
    because: Mapped[str] = mapped_column(String(1000))

    __table_args__ = (
        ForeignKeyConstraint(
            ["order_form_id", "council_id"], ["order_form.id", "order_form.council_id"]
        ),
    )
