"""Sessions and stays: the delivered units that invoices charge."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, Mentor, assigned_on, with_parties
from portal.delivery.rules import CancelledBy, Mode, SessionState
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule, Task


class DeliverySession(Base):
    """One meeting of a mentor with a young person.

    ``minutes`` is its duration; ``service_date`` its London date; ``hands`` the ids of everybody
    who entered or edited it, none of whom may approve its charge. Once ``locked_at`` is set it is
    on an invoice, and is corrected only by a reversing entry. ``planned_minutes`` is how long it
    was to be when it was scheduled; None where nobody planned it. ``plan_id`` is the recurring
    plan that made it.
    """

    __tablename__ = "delivery_session"
    __seen_by__ = Rule(
        assigned_on("agreement_id"), writers=("provider_id",), readers=(Task.PRESENCE,)
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    starts_at: Mapped[datetime] = mapped_column(Instant())
    service_date: Mapped[date]
    minutes: Mapped[int]
    state: Mapped[SessionState] = mapped_column(one_of(SessionState, "session_state"))
    mode: Mapped[Mode] = mapped_column(one_of(Mode, "session_mode"))
    interactions: Mapped[int] = mapped_column(default=1)
    summary: Mapped[str] = mapped_column(Text(), default="")
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant())
    hands: Mapped[list[str]] = mapped_column(JSON())
    locked_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)
    cancelled_by: Mapped[CancelledBy | None] = mapped_column(
        one_of(CancelledBy, "session_cancelled_by")
    )
    cancelled_because: Mapped[str | None] = mapped_column(Text())
    planned_minutes: Mapped[int | None]
    plan_id: Mapped[UUID | None]

    agreement: Mapped[Agreement] = relationship(viewonly=True)
    mentor: Mapped[Mentor] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(["mentor_id", "provider_id"], ["mentor.id", "mentor.provider_id"]),
        UniqueConstraint("mentor_id", "starts_at", name="a_mentor_in_one_place"),
        UniqueConstraint("id", "council_id", "provider_id", name="session_with_its_parties"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="session_within_a_day"),
        CheckConstraint("interactions >= 0", name="interactions_not_negative"),
        Index("ix_delivery_session_agreement_id", "agreement_id", "service_date"),
        Index("ix_delivery_session_plan_id", "plan_id", "service_date"),
        Index("ix_delivery_session_mentor_id", "mentor_id", "service_date"),
        partial_index(
            "ix_delivery_session_unlocked",
            "provider_id",
            "service_date",
            where="locked_at IS NULL",
        ),
    )


class Stay(Base):
    """Consecutive nights of a placement within one month, present or absent.

    ``first_night`` and ``last_night`` are the dates on which the nights begin, both counted; the
    morning of departure follows the last night and is not a night.
    """

    __tablename__ = "stay"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    first_night: Mapped[date]
    last_night: Mapped[date]
    present: Mapped[bool]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant())
    hands: Mapped[list[str]] = mapped_column(JSON())
    locked_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        UniqueConstraint("agreement_id", "first_night", name="one_stay_from_a_night"),
        UniqueConstraint("id", "council_id", "provider_id", name="stay_with_its_parties"),
        CheckConstraint("last_night >= first_night", name="stay_ends_after_it_starts"),
        partial_index(
            "ix_stay_unlocked",
            "provider_id",
            "first_night",
            where="locked_at IS NULL",
        ),
    )
