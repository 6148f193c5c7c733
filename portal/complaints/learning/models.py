"""Points that were learned, and what the Virtual School is told."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.complaints.handling.models import COUNCILS_OWN, of_a_complaint
from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base


class LearningPoint(Base):
    """Something learned, for the review of a framework; it outlives the complaint it came from."""

    __tablename__ = "learning_point"
    __seen_by__ = COUNCILS_OWN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    complaint_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaint.id"))
    framework_id: Mapped[UUID | None] = mapped_column(ForeignKey("framework.id"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(Text())
    learned_on: Mapped[date]

    framework: Mapped[Framework | None] = relationship(viewonly=True)
    provider: Mapped[Organisation | None] = relationship(viewonly=True, foreign_keys=[provider_id])

    __table_args__ = (
        Index("ix_learning_point_council_id", "council_id", "learned_on", "id"),
        Index("ix_learning_point_complaint_id", "complaint_id"),
    )


class SchoolReport(Base):
    """What the Virtual School is told of a complaint (rules.md A12): a summary without who."""

    __tablename__ = "complaint_school_report"
    __seen_by__ = COUNCILS_OWN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    summary: Mapped[str] = mapped_column(Text())
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    read_by_name: Mapped[str] = mapped_column(String(200), default="")
    read_at: Mapped[datetime | None] = mapped_column(Instant())

    provider: Mapped[Organisation | None] = relationship(viewonly=True, foreign_keys=[provider_id])

    __table_args__ = (
        of_a_complaint(),
        Index("ix_complaint_school_report_council_id", "council_id", "at", "id"),
    )
