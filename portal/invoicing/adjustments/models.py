"""Which line charges the difference of which issued line."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.invoicing.belonging import of_line
from portal.kernel.columns import Pence
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, parties


class ChargedAdjustment(Base):
    """What an issued line charged of the days of a price that rose since, on the line that
    charges the difference; each line once for each price.

    ``adjusts_id`` is the issued line, ``price_id`` the agreement's new price. ``parts`` are
    minutes, sessions or nights; below 0 where the issued line took them off.
    """

    __tablename__ = "charged_adjustment"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID]
    adjusts_id: Mapped[UUID]
    price_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_price.id"))
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    parts: Mapped[int]
    before: Mapped[Money] = mapped_column(Pence())
    after: Mapped[Money] = mapped_column(Pence())

    __table_args__ = (
        of_line(),
        ForeignKeyConstraint(
            ["adjusts_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
        ),
        UniqueConstraint("adjusts_id", "price_id", name="a_line_adjusted_once_for_a_price"),
        CheckConstraint("after > before", name="an_adjusted_price_rose"),
        CheckConstraint("line_id <> adjusts_id", name="a_line_adjusts_another"),
        Index("ix_charged_adjustment_line_id", "line_id"),
        Index("ix_charged_adjustment_price_id", "price_id"),
    )
