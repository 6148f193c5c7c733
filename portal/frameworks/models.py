"""Frameworks, their councils, lots and categories; providers' places and prices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.rules import Mechanism, PlaceState, PriceSource, Regime, Unit
from portal.frameworks.visibility import its_councils, on_framework
from portal.identity.models import Organisation
from portal.kernel.columns import Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Looker, Rule, Task, column


def own_place(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The provider itself and the framework's councils; never a rival."""
    return or_(
        column(entity, "provider_id") == looker.organisation,
        its_councils(column(entity, "framework_id"), looker),
    )


def _any_organisation(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """Which councils share a framework is public."""
    return looker.organisation.is_not(None)


class Framework(Base):
    """An agreement of one or more councils to buy from many providers."""

    __tablename__ = "framework"
    __seen_by__ = Rule(
        on_framework("id"),
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lead_council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    regime: Mapped[Regime] = mapped_column(one_of(Regime, "framework_regime"))
    light_touch: Mapped[bool]
    open_framework: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cap_in_total: Mapped[Money | None] = mapped_column(Pence())
    payment_days: Mapped[int] = mapped_column(default=30)

    lots: Mapped[list[Lot]] = relationship(back_populates="framework", order_by="Lot.number")
    councils: Mapped[list[FrameworkCouncil]] = relationship()

    __table_args__ = (
        UniqueConstraint("lead_council_id", "reference", name="one_framework_of_a_reference"),
        UniqueConstraint("id", "lead_council_id", name="framework_with_its_lead"),
        CheckConstraint("ends_on > starts_on", name="framework_ends_after_it_starts"),
        CheckConstraint("payment_days BETWEEN 1 AND 30", name="paid_within_30_days"),
    )


class FrameworkCouncil(Base):
    """A council that buys from a framework: the lead or a partner."""

    __tablename__ = "framework_council"
    __seen_by__ = Rule(
        _any_organisation,
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    lead_council_id: Mapped[UUID]

    council: Mapped[Organisation] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["framework_id", "lead_council_id"], ["framework.id", "framework.lead_council_id"]
        ),
        Index("ix_framework_council_council_id", "council_id", "framework_id"),
    )


class Lot(Base):
    """A division of a framework."""

    __tablename__ = "lot"
    __seen_by__ = Rule(
        on_framework("framework_id"),
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))

    framework: Mapped[Framework] = relationship(back_populates="lots")
    categories: Mapped[list[Category]] = relationship(
        back_populates="lot", order_by="Category.code"
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["framework_id", "lead_council_id"], ["framework.id", "framework.lead_council_id"]
        ),
        UniqueConstraint("framework_id", "number", name="one_lot_of_a_number"),
        UniqueConstraint("id", "framework_id", "lead_council_id", name="lot_with_its_framework"),
    )


class Category(Base):
    """What is bought within a lot, with how it is charged and counted."""

    __tablename__ = "category"
    __seen_by__ = Rule(
        on_framework("framework_id"),
        writers=("lead_council_id",),
        readers=(Task.PUBLIC_DESK, Task.ROUNDS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    lot_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    mechanism: Mapped[Mechanism] = mapped_column(one_of(Mechanism, "category_mechanism"))
    unit: Mapped[Unit] = mapped_column(one_of(Unit, "category_unit"))

    lot: Mapped[Lot] = relationship(back_populates="categories")

    __table_args__ = (
        ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
        ),
        UniqueConstraint("framework_id", "code", name="one_category_of_a_code"),
        UniqueConstraint("id", "framework_id", name="category_with_its_framework"),
        CheckConstraint(
            "(mechanism = 'unit') = (unit IN ('hour', 'session'))",
            name="category_unit_fits_mechanism",
        ),
    )


class Place(Base):
    """A provider's appointment to a category.

    ``rank`` is where it stood in the decision that made it; reserves are promoted in that order.
    """

    __tablename__ = "place"
    __seen_by__ = Rule(
        own_place,
        writers=("lead_council_id",),
        tasks=(Task.ROUNDS,),
        readers=(Task.PUBLIC_DESK,),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    category_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[PlaceState] = mapped_column(one_of(PlaceState, "place_state"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    rank: Mapped[int | None]

    framework: Mapped[Framework] = relationship(viewonly=True)
    category: Mapped[Category] = relationship(viewonly=True)
    provider: Mapped[Organisation] = relationship()
    prices: Mapped[list[PlacePrice]] = relationship(
        order_by="PlacePrice.band, PlacePrice.starts_on", viewonly=True
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["framework_id", "lead_council_id"], ["framework.id", "framework.lead_council_id"]
        ),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        UniqueConstraint("category_id", "provider_id", "starts_on", name="one_place_from_a_day"),
        UniqueConstraint(
            "id", "framework_id", "lead_council_id", "provider_id", name="place_with_its_parties"
        ),
        CheckConstraint("ends_on >= starts_on", name="place_ends_after_it_starts"),
        Index("ix_place_provider_id", "provider_id", "framework_id"),
        Index("ix_place_framework_id", "framework_id", "category_id"),
    )


class PlacePrice(Base):
    """A place's price from a day on; a new price is a new row, never a change of an old one."""

    __tablename__ = "place_price"
    __seen_by__ = Rule(own_place, writers=("lead_council_id",), tasks=(Task.ROUNDS,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    place_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    band: Mapped[str] = mapped_column(String(40), default="")
    price: Mapped[Money] = mapped_column(Pence())
    starts_on: Mapped[date]
    source: Mapped[PriceSource] = mapped_column(one_of(PriceSource, "place_price_source"))
    note: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        ForeignKeyConstraint(
            ["place_id", "framework_id", "lead_council_id", "provider_id"],
            ["place.id", "place.framework_id", "place.lead_council_id", "place.provider_id"],
        ),
        UniqueConstraint("place_id", "band", "starts_on", name="one_place_price_from_a_day"),
        CheckConstraint("price > 0", name="place_price_above_nothing"),
    )
