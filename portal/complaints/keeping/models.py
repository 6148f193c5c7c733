"""How many years each track is kept, and what stays when a complaint is removed: figures."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.complaints.handling.models import COUNCILS_OWN
from portal.complaints.handling.rules import Outcome
from portal.complaints.rules import Track, Who
from portal.kernel.columns import one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base


class KeptYears(Base):
    """A council's own number of years for one track; without a row the default holds."""

    __tablename__ = "complaint_kept_years"
    __seen_by__ = COUNCILS_OWN

    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    track: Mapped[Track] = mapped_column(one_of(Track, "kept_years_track"), primary_key=True)
    years: Mapped[int]

    __table_args__ = (CheckConstraint("years BETWEEN 1 AND 100", name="kept_some_years"),)


class KeptFigure(Base):
    """One removed complaint as the yearly figures count it; nothing leads back to who or what.

    ``stages`` says by stage whether its time limit was met; None where nothing was answered.
    """

    __tablename__ = "complaint_kept_figure"
    __seen_by__ = COUNCILS_OWN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    year_starts_on: Mapped[date]
    track: Mapped[Track] = mapped_column(one_of(Track, "kept_figure_track"))
    who: Mapped[Who] = mapped_column(one_of(Who, "kept_figure_who"))
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, "kept_figure_outcome"))
    advocate: Mapped[bool]
    learned: Mapped[bool]
    stages: Mapped[dict[str, Any]] = mapped_column(JSON())

    __table_args__ = (Index("ix_complaint_kept_figure_council_id", "council_id", "year_starts_on"),)
