"""The yearly uplifts of a framework's prices, and what each costs its councils."""

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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.models import Framework
from portal.frameworks.visibility import its_councils
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, Pence
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Looker, Rule, column

_OPEN = "agreed_at IS NULL AND refused_at IS NULL"
_BY_RULE = "CASE WHEN cpi < 0 THEN 0 WHEN cpi < cap THEN cpi ELSE cap END"


def _framework_councils(entity: Any, looker: Looker) -> ColumnElement[bool]:
    return its_councils(column(entity, "framework_id"), looker)


class UpliftRun(Base):
    """One year's uplift: the figure it rests on, the rate, and the two people who decided it.

    ``cpi``, ``cap``, ``review_above`` and ``rate`` are hundredths of a per cent. Prices change
    when a second person agrees; ``because`` is the reason for another rate than the rule's.
    """

    __tablename__ = "uplift_run"
    __seen_by__ = Rule(_framework_councils, writers=("lead_council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    starts_on: Mapped[date]
    cpi: Mapped[int]
    cpi_month: Mapped[str] = mapped_column(String(7))
    cpi_released_on: Mapped[date]
    cpi_source: Mapped[str] = mapped_column(String(200))
    cap: Mapped[int]
    review_above: Mapped[int]
    rate: Mapped[int]
    because: Mapped[str] = mapped_column(String(500), default="")
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    agreed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_by_name: Mapped[str | None] = mapped_column(String(200))
    agreed_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_by_name: Mapped[str | None] = mapped_column(String(200))
    refused_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_because: Mapped[str] = mapped_column(String(500), default="")

    framework: Mapped[Framework] = relationship(viewonly=True)
    costs: Mapped[list[UpliftCost]] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["framework_id", "lead_council_id"], ["framework.id", "framework.lead_council_id"]
        ),
        UniqueConstraint(
            "id", "framework_id", "lead_council_id", name="uplift_run_with_its_framework"
        ),
        CheckConstraint("agreed_by_id <> asked_by_id", name="uplift_agreed_by_another"),
        CheckConstraint("agreed_at IS NULL OR refused_at IS NULL", name="uplift_agreed_or_refused"),
        CheckConstraint("rate >= 0", name="uplift_never_lowers"),
        CheckConstraint(f"rate = {_BY_RULE} OR because <> ''", name="uplift_override_has_a_reason"),
        Index("ix_uplift_run_framework_id", "framework_id", "starts_on"),
        partial_index(
            "one_open_uplift_of_a_framework",
            "framework_id",
            unique=True,
            where=_OPEN,
        ),
    )


class UpliftCost(Base):
    """What an uplift costs one council in its first year, of the agreements then in force.

    ``following`` agreements have their place's price and rise with it; ``own_price`` ones keep
    theirs. Of ``unknown`` ones nothing says how much they may use; they are in neither sum.
    """

    __tablename__ = "uplift_cost"
    __seen_by__ = Rule(_framework_councils, writers=("council_id",))

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    following: Mapped[int]
    own_price: Mapped[int]
    unknown: Mapped[int]
    before: Mapped[Money] = mapped_column(Pence())
    after: Mapped[Money] = mapped_column(Pence())

    council: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "framework_id", "lead_council_id"],
            ["uplift_run.id", "uplift_run.framework_id", "uplift_run.lead_council_id"],
        ),
        CheckConstraint("after >= before", name="uplift_costs_nothing_less"),
    )
