"""A move from one council to another, and the notes that the first one shares."""

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
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.changing.models import Proposal
from portal.agreements.models import assigned_on, with_parties
from portal.frameworks.models import Category, Place
from portal.frameworks.rules import Unit
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Looker, Rule, column, parties

_OPEN = "state = 'proposed'"


def _all_three(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The parties of the agreement, and the council that is to take it over."""
    return or_(
        assigned_on("agreement_id")(entity, looker),
        column(entity, "to_id") == looker.organisation,
    )


class Transfer(Proposal, Base):
    """An agreement's move to another council, from the day after ``last_day``.

    The other council sees of the agreement only what stands here. ``new_agreement_id`` is the one
    that it opened; ``notes_shared_at`` says when the first council shared what was written before.
    """

    __tablename__ = "transfer"
    __seen_by__ = Rule(_all_three, writers=("council_id", "provider_id", "to_id"))

    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id"))
    category_id: Mapped[UUID] = mapped_column(ForeignKey("category.id"))
    mentor_id: Mapped[UUID | None] = mapped_column(ForeignKey("mentor.id"))
    unit: Mapped[Unit] = mapped_column(one_of(Unit, "transfer_unit"))
    band: Mapped[str] = mapped_column(String(40), default="")
    price: Mapped[Money] = mapped_column(Pence())
    authorised_weekly: Mapped[int | None]
    last_day: Mapped[date]
    would_end_on: Mapped[date | None]
    new_agreement_id: Mapped[UUID | None]
    notes_shared_at: Mapped[datetime | None] = mapped_column(Instant())
    notes_shared_by_name: Mapped[str | None] = mapped_column(String(200))

    council: Mapped[Organisation] = relationship(
        primaryjoin="foreign(Transfer.council_id) == Organisation.id", viewonly=True
    )
    receiving: Mapped[Organisation] = relationship(foreign_keys="Transfer.to_id", viewonly=True)
    provider: Mapped[Organisation] = relationship(
        primaryjoin="foreign(Transfer.provider_id) == Organisation.id", viewonly=True
    )
    place: Mapped[Place] = relationship(viewonly=True)
    category: Mapped[Category] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(
            ["new_agreement_id", "to_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
        ),
        UniqueConstraint("id", "council_id", "to_id", "provider_id", name="transfer_of_three"),
        CheckConstraint("from_id = council_id AND to_id <> council_id", name="transfer_moves"),
        CheckConstraint(
            "(state = 'agreed') = (new_agreement_id IS NOT NULL)", name="transfer_opens_another"
        ),
        Index("ix_transfer_agreement_id", "agreement_id", "proposed_at"),
        Index("ix_transfer_to_id", "to_id", "state"),
        Index("ix_transfer_new_agreement_id", "new_agreement_id"),
        partial_index(
            "one_open_transfer_of_an_agreement",
            "agreement_id",
            unique=True,
            where=_OPEN,
        ),
    )


class SharedNote(Base):
    """What was written of one session before a move, as the first council shared it."""

    __tablename__ = "shared_note"
    __seen_by__ = parties("council_id", "to_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    transfer_id: Mapped[UUID]
    council_id: Mapped[UUID]
    to_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    session_id: Mapped[UUID]
    day: Mapped[date]
    minutes: Mapped[int]
    summary: Mapped[str] = mapped_column(Text())

    __table_args__ = (
        ForeignKeyConstraint(
            ["transfer_id", "council_id", "to_id", "provider_id"],
            ["transfer.id", "transfer.council_id", "transfer.to_id", "transfer.provider_id"],
        ),
        UniqueConstraint("transfer_id", "session_id", name="one_shared_note_of_a_session"),
        Index("ix_shared_note_transfer_id", "transfer_id", "day"),
    )
