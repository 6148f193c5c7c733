"""Changes of an agreement's terms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.changing.models import Proposal
from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.kernel.columns import Instant, Pence
from portal.kernel.indexes import partial_index
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Rule

_OPEN = "state = 'proposed'"


class Variation(Proposal, Base):
    """New terms of an agreement from a day on; what is empty stays as it is.

    Quantities are in parts of the agreement's unit, and hold from the first day once they are
    agreed; an agreed price is a row of its own from that day. ``applied_at`` says when the codes
    were put in force.
    """

    __tablename__ = "variation"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    starts_on: Mapped[date]
    price: Mapped[Money | None] = mapped_column(Pence())
    authorised_weekly: Mapped[int | None]
    authorised_total: Mapped[int | None]
    ends_on: Mapped[date | None]
    cost_code: Mapped[str | None] = mapped_column(String(40))
    purchase_order: Mapped[str | None] = mapped_column(String(40))
    applied_at: Mapped[datetime | None] = mapped_column(Instant())

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        CheckConstraint("price > 0", name="variation_price_above_nothing"),
        CheckConstraint("authorised_weekly > 0", name="variation_weekly_above_nothing"),
        CheckConstraint("authorised_total > 0", name="variation_total_above_nothing"),
        CheckConstraint(
            "coalesce(price, authorised_weekly, authorised_total) IS NOT NULL "
            "OR ends_on IS NOT NULL OR coalesce(cost_code, purchase_order) IS NOT NULL",
            name="variation_varies_something",
        ),
        Index("ix_variation_agreement_id", "agreement_id", "proposed_at"),
        Index("ix_variation_to_id", "to_id", "state"),
        partial_index(
            "one_open_variation_of_an_agreement",
            "agreement_id",
            unique=True,
            where=_OPEN,
        ),
    )
