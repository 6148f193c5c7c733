"""Each change of a place's state, with its day and reason."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.frameworks.models import own_place
from portal.frameworks.rules import PlaceState
from portal.frameworks.standing.rules import PlaceStep
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task


class PlaceChange(Base):
    """One step of a place, kept for good. ``by_id`` is empty where the portal took it itself."""

    __tablename__ = "place_change"
    __seen_by__ = Rule(own_place, writers=("lead_council_id",), tasks=(Task.ROUNDS,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    place_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    step: Mapped[PlaceStep] = mapped_column(one_of(PlaceStep, "place_change_step"))
    state: Mapped[PlaceState] = mapped_column(one_of(PlaceState, "place_change_state"))
    on_day: Mapped[date]
    because: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(
            ["place_id", "framework_id", "lead_council_id", "provider_id"],
            ["place.id", "place.framework_id", "place.lead_council_id", "place.provider_id"],
        ),
        Index("ix_place_change_place_id", "place_id", "at"),
    )
