"""School terms as each council keeps them, and its time limit for reports."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.delivery.terms.rules import DEFAULT_WITHIN
from portal.identity.models import Organisation
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, another, column


def _council_and_its_providers(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The council, and whoever has an agreement with it and so a report to write."""
    agreement = another("agreement")
    return or_(
        column(entity, "council_id") == looker.organisation,
        select(agreement.c.id)
        .where(
            agreement.c.council_id == column(entity, "council_id"),
            agreement.c.provider_id == looker.organisation,
        )
        .exists(),
    )


class SchoolTerm(Base):
    """A term by its first and last school day, both counted."""

    __tablename__ = "school_term"
    __seen_by__ = Rule(_council_and_its_providers, writers=("council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(60))
    first_day: Mapped[date]
    last_day: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    council: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("council_id", "first_day", name="one_term_from_a_day"),
        UniqueConstraint("council_id", "last_day", name="one_term_until_a_day"),
        UniqueConstraint("id", "council_id", name="term_with_its_council"),
        CheckConstraint("last_day > first_day", name="term_ends_after_it_starts"),
    )


class ReportSetting(Base):
    """How many working days after a term its reports are due; without a row, the default."""

    __tablename__ = "report_setting"
    __seen_by__ = Rule(_council_and_its_providers, writers=("council_id",))

    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    within: Mapped[int] = mapped_column(default=DEFAULT_WITHIN)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("within BETWEEN 1 AND 60", name="reports_within_days"),)
