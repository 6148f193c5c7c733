"""Which line charges or takes off which correction."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.invoicing.belonging import of_line
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, parties


class ChargedCorrection(Base):
    """A correction, or its part at one price, on the line that charges it; each night once.

    ``parts`` are minutes, sessions or nights; below 0 where the line takes them off.
    """

    __tablename__ = "charged_correction"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID]
    correction_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    parts: Mapped[int]

    __table_args__ = (
        of_line(),
        ForeignKeyConstraint(
            ["correction_id", "council_id", "provider_id"],
            [
                "delivery_correction.id",
                "delivery_correction.council_id",
                "delivery_correction.provider_id",
            ],
        ),
        UniqueConstraint("correction_id", "first_day", name="a_correction_charged_once"),
        Index("ix_charged_correction_line_id", "line_id"),
    )
