"""Recurring plans: a weekly pattern that made scheduled sessions."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.agreements.models import assigned_on, with_parties
from portal.delivery.rules import Mode
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule


class SessionPlan(Base):
    """The same weekdays and time every week, from a day until a day, both counted.

    ``weekdays`` are 0 for Monday to 6 for Sunday; ``left_out`` the days (ISO dates) of the pattern
    on which no session was made. What became of its sessions is theirs; the plan stays as made.
    """

    __tablename__ = "session_plan"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    weekdays: Mapped[list[int]] = mapped_column(JSON())
    start: Mapped[time]
    minutes: Mapped[int]
    mode: Mapped[Mode] = mapped_column(one_of(Mode, "plan_mode"))
    left_out: Mapped[list[str]] = mapped_column(JSON())
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(["mentor_id", "provider_id"], ["mentor.id", "mentor.provider_id"]),
        CheckConstraint("last_day >= first_day", name="plan_ends_after_it_starts"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="planned_within_a_day"),
        Index("ix_session_plan_agreement_id", "agreement_id", "first_day"),
    )
