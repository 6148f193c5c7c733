"""What a framework's terms, categories and demands ask of those who apply."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.evidence.rules import EvidenceKind
from portal.frameworks.lots.rules import Limit, PriceMethod
from portal.frameworks.models import Category, Framework
from portal.frameworks.visibility import on_framework
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Rule, Task


def _its_framework() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["framework_id", "lead_council_id"], ["framework.id", "framework.lead_council_id"]
    )


_OF_A_FRAMEWORK = Rule(
    on_framework("framework_id"),
    writers=("lead_council_id",),
    readers=(Task.PUBLIC_DESK, Task.ROUNDS),
)


class FrameworkTerms(Base):
    """How a framework is awarded and uplifted. Its publishing freezes what applicants rely on.

    ``uplift_cap`` and ``uplift_review_above`` are hundredths of a per cent a year.
    """

    __tablename__ = "framework_terms"
    __seen_by__ = _OF_A_FRAMEWORK

    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_council_id: Mapped[UUID]
    published_at: Mapped[datetime | None] = mapped_column(Instant())
    summary: Mapped[str] = mapped_column(String(2000), default="")
    extension_months: Mapped[int] = mapped_column(default=0)
    quality_points: Mapped[int] = mapped_column(default=60)
    price_points: Mapped[int] = mapped_column(default=40)
    least_evaluators: Mapped[int] = mapped_column(default=2)
    standstill_days: Mapped[int] = mapped_column(default=10)
    uplift_cap: Mapped[int] = mapped_column(default=150)
    uplift_review_above: Mapped[int] = mapped_column(default=300)
    version: Mapped[int] = mapped_column(default=1)

    framework: Mapped[Framework] = relationship(viewonly=True)

    __table_args__ = (
        _its_framework(),
        CheckConstraint("quality_points + price_points = 100", name="points_make_100"),
        CheckConstraint("quality_points >= 0 AND price_points >= 0", name="points_not_negative"),
        CheckConstraint("least_evaluators >= 2", name="at_least_two_evaluators"),
        CheckConstraint("standstill_days >= 0", name="standstill_not_negative"),
        CheckConstraint("extension_months >= 0", name="extension_not_negative"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CategoryTerms(Base):
    """How a category's bids are priced, how many places it has, and how VAT treats it.

    ``taxed``: it is no welfare service, so no provider's invoice of it is exempt (rules.md B13).
    """

    __tablename__ = "category_terms"
    __seen_by__ = _OF_A_FRAMEWORK

    category_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    price_method: Mapped[PriceMethod] = mapped_column(one_of(PriceMethod, "category_price_method"))
    limit: Mapped[Limit] = mapped_column(one_of(Limit, "category_price_limit"))
    varies_by: Mapped[str] = mapped_column(String(100), default="")
    self_select: Mapped[bool] = mapped_column(default=False)
    taxed: Mapped[bool] = mapped_column(default=False, server_default="0")
    places: Mapped[int | None]
    reserves: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category] = relationship(viewonly=True)

    __table_args__ = (
        _its_framework(),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        CheckConstraint("places > 0", name="places_above_nothing"),
        CheckConstraint("reserves >= 0", name="reserves_not_negative"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PriceAsked(Base):
    """One price that a category asks for: by age or need where it varies, else its only one.

    ``band`` is the key that a place's price carries ("" for the only one); ``yearly_units`` is
    the volume expected (hours, sessions or weeks), for the annual value.
    """

    __tablename__ = "price_asked"
    __seen_by__ = _OF_A_FRAMEWORK

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    category_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    band: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    optimum: Mapped[Money | None] = mapped_column(Pence())
    maximum: Mapped[Money | None] = mapped_column(Pence())
    floor: Mapped[Money | None] = mapped_column(Pence())
    yearly_units: Mapped[int | None]

    __table_args__ = (
        _its_framework(),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        UniqueConstraint("category_id", "band", name="one_price_asked_of_a_band"),
        CheckConstraint("optimum > 0", name="optimum_above_nothing"),
        CheckConstraint("maximum > 0", name="maximum_above_nothing"),
        CheckConstraint("floor >= 0", name="floor_not_negative"),
    )


class PriceBand(Base):
    """A published range of prices of a category; the last one has no upper end."""

    __tablename__ = "price_band"
    __seen_by__ = _OF_A_FRAMEWORK

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    category_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(40))
    up_to: Mapped[Money | None] = mapped_column(Pence())

    __table_args__ = (
        _its_framework(),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        UniqueConstraint("category_id", "name", name="one_price_band_of_a_name"),
        UniqueConstraint("category_id", "up_to", name="one_price_band_up_to"),
    )


class Demand(Base):
    """Evidence that a framework demands of everybody, or of those who bid for one lot."""

    __tablename__ = "demand"
    __seen_by__ = _OF_A_FRAMEWORK

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    lot_id: Mapped[UUID | None]
    kind: Mapped[EvidenceKind] = mapped_column(one_of(EvidenceKind, "demand_kind"))
    least_cover: Mapped[Money | None] = mapped_column(Pence())

    __table_args__ = (
        _its_framework(),
        ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
        ),
        UniqueConstraint("framework_id", "lot_id", "kind", name="one_demand_of_a_kind"),
    )


class FrameworkChange(Base):
    """What was changed after publishing, in a sentence, and why; never changed afterwards.

    ``category_id`` or ``lot_id`` where only those who bid for it rely on it; neither where
    everybody does. A draft of what it touches that is older than ``at`` is confirmed anew.
    """

    __tablename__ = "framework_change"
    __seen_by__ = _OF_A_FRAMEWORK

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    lot_id: Mapped[UUID | None]
    category_id: Mapped[UUID | None]
    sentence: Mapped[str] = mapped_column(String(1000))
    because: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        _its_framework(),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
        ),
        Index("ix_framework_change_framework_id", "framework_id", "at"),
    )
