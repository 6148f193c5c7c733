"""What a provider says it can take on a place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.models import Place, own_place
from portal.kernel.columns import Instant
from portal.kernel.tenancy import Base, Rule


class PlaceCapacity(Base):
    """What a provider says it can take on a place: how many at once, and which kinds of referral.

    Without a row there is no limit, and it takes none of the kinds that providers select.
    """

    __tablename__ = "place_capacity"
    __seen_by__ = Rule(own_place, writers=("provider_id",))

    place_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    most: Mapped[int | None]
    emergencies: Mapped[bool] = mapped_column(default=False)
    outside_area: Mapped[bool] = mapped_column(default=False)
    specialist: Mapped[bool] = mapped_column(default=False)
    kept_by_name: Mapped[str] = mapped_column(String(200))
    kept_at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    place: Mapped[Place] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["place_id", "framework_id", "lead_council_id", "provider_id"],
            ["place.id", "place.framework_id", "place.lead_council_id", "place.provider_id"],
        ),
        CheckConstraint("most >= 0", name="capacity_not_negative"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
