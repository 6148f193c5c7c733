"""A mentor's training, hours and absences; mentors and their checks are in agreements.models."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.agreements.mentors.rules import Away, TrainingKind
from portal.agreements.models import own_or_assigned
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule

_SEEN = Rule(own_or_assigned("mentor_id"), writers=("provider_id",))


def _of_a_mentor() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["mentor_id", "provider_id"], ["mentor.id", "mentor.provider_id"])


class Training(Base):
    """Something that a mentor was trained in; refreshed by a day (rules.md C4)."""

    __tablename__ = "mentor_training"
    __seen_by__ = _SEEN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mentor_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    kind: Mapped[TrainingKind] = mapped_column(one_of(TrainingKind, "training_kind"))
    title: Mapped[str] = mapped_column(String(100), default="")
    taken_on: Mapped[date]
    fresh_until: Mapped[date]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        _of_a_mentor(),
        CheckConstraint("fresh_until >= taken_on", name="training_fresh_after_it_is_taken"),
        CheckConstraint("kind <> 'other' OR title <> ''", name="other_training_has_a_title"),
        Index("ix_mentor_training_mentor_id", "mentor_id", "taken_on"),
    )


class Hours(Base):
    """When on a day of the week a mentor can work; Monday is 0."""

    __tablename__ = "mentor_hours"
    __seen_by__ = _SEEN

    mentor_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    provider_id: Mapped[UUID]
    starts: Mapped[time]
    ends: Mapped[time]

    __table_args__ = (
        _of_a_mentor(),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="a_day_of_the_week"),
        CheckConstraint("ends > starts", name="hours_end_after_they_start"),
    )


class Absence(Base):
    """Days on which a mentor cannot work, both counted; without a last one, until told."""

    __tablename__ = "mentor_absence"
    __seen_by__ = _SEEN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mentor_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    reason: Mapped[Away] = mapped_column(one_of(Away, "mentor_away"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        _of_a_mentor(),
        CheckConstraint("last_day >= first_day", name="absence_ends_after_it_starts"),
        Index("ix_mentor_absence_mentor_id", "mentor_id", "first_day"),
    )
