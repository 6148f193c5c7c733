"""A council's budget on a framework for one contract year, and each raise of its cap."""

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
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.models import Framework
from portal.kernel.columns import Instant, Pence
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Looker, Rule, another, column, parties


def _council_and_its_providers(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The council; and providers on the framework, who see the same checks as the approver."""
    place = another("place")
    return or_(
        column(entity, "council_id") == looker.organisation,
        select(place.c.id)
        .where(
            place.c.framework_id == column(entity, "framework_id"),
            place.c.provider_id == looker.organisation,
        )
        .exists(),
    )


class Budget(Base):
    """What may be approved, and what has been, for service in one contract year (net of VAT)."""

    __tablename__ = "budget"
    __seen_by__ = Rule(_council_and_its_providers, writers=("council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    year_starts_on: Mapped[date]
    cap: Mapped[Money] = mapped_column(Pence())
    approved: Mapped[Money] = mapped_column(Pence(), default=Money(0))
    funding_source: Mapped[str] = mapped_column(String(100), default="")
    version: Mapped[int] = mapped_column(default=1)

    framework: Mapped[Framework] = relationship(viewonly=True)
    raises: Mapped[list[CapRaise]] = relationship(order_by="CapRaise.at", viewonly=True)

    __table_args__ = (
        UniqueConstraint(
            "framework_id", "council_id", "year_starts_on", name="one_budget_a_contract_year"
        ),
        UniqueConstraint("id", "council_id", name="budget_with_its_council"),
        CheckConstraint("approved <= cap", name="approved_within_the_cap"),
        CheckConstraint("cap >= 0", name="cap_not_negative"),
        Index("ix_budget_council_id", "council_id"),
    )


class CapRaise(Base):
    """A budget holder's authority for a higher cap, with the reason; appended only."""

    __tablename__ = "cap_raise"
    __seen_by__ = parties("council_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    budget_id: Mapped[UUID]
    council_id: Mapped[UUID]
    cap_before: Mapped[Money] = mapped_column(Pence())
    cap_after: Mapped[Money] = mapped_column(Pence())
    reason: Mapped[str] = mapped_column(Text())
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(["budget_id", "council_id"], ["budget.id", "budget.council_id"]),
        CheckConstraint("cap_after > cap_before", name="cap_only_raised"),
        Index("ix_cap_raise_budget_id", "budget_id"),
    )
