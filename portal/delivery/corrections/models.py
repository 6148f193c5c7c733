"""Corrections: a reversing entry against what an invoice charged, with what replaces it."""

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
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule, Task


class DeliveryCorrection(Base):
    """What a locked session, or nights of a locked stay, were charged as, and what is right.

    ``before`` is reversed and ``after`` replaces it: delivered minutes of a session, nights present
    of a stay from ``first_day`` to ``last_day``; 0 is nothing. ``state`` and ``interactions`` are
    what a session's become. The difference is charged, or taken off, by the next invoice under the
    month of the days; then ``locked_at`` is set, and only a further correction changes it.
    ``instead_id`` is the session that was recorded on the right day, or with the right mentor, in
    the place of the one that is taken off.
    """

    __tablename__ = "delivery_correction"
    __seen_by__ = Rule(
        assigned_on("agreement_id"), writers=("provider_id",), readers=(Task.PRESENCE,)
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    stay_id: Mapped[UUID | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    before: Mapped[int]
    after: Mapped[int]
    state: Mapped[SessionState | None] = mapped_column(one_of(SessionState, "corrected_state"))
    interactions: Mapped[int | None]
    because: Mapped[str] = mapped_column(Text())
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant())
    hands: Mapped[list[str]] = mapped_column(JSON())
    locked_at: Mapped[datetime | None] = mapped_column(Instant())
    instead_id: Mapped[UUID | None]

    agreement: Mapped[Agreement] = relationship(viewonly=True)
    session: Mapped[DeliverySession | None] = relationship(viewonly=True)
    instead: Mapped[DeliverySession | None] = relationship(
        primaryjoin=lambda: foreign(DeliveryCorrection.instead_id) == DeliverySession.id,
        viewonly=True,
    )
    stay: Mapped[Stay | None] = relationship(viewonly=True)

    @property
    def parts(self) -> int:
        """The difference: minutes or nights more, below 0 less."""
        return self.after - self.before

    @property
    def meetings(self) -> int:
        """How many sessions more (1), less (-1) or neither (0)."""
        return (self.after > 0) - (self.before > 0)

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(
            ["session_id", "council_id", "provider_id"],
            ["delivery_session.id", "delivery_session.council_id", "delivery_session.provider_id"],
        ),
        ForeignKeyConstraint(
            ["stay_id", "council_id", "provider_id"],
            ["stay.id", "stay.council_id", "stay.provider_id"],
        ),
        UniqueConstraint("id", "council_id", "provider_id", name="correction_with_its_parties"),
        CheckConstraint(
            "(session_id IS NULL) <> (stay_id IS NULL)", name="corrects_a_session_or_a_stay"
        ),
        CheckConstraint("before >= 0 AND after >= 0", name="corrected_parts_not_negative"),
        CheckConstraint("last_day >= first_day", name="correction_ends_after_it_starts"),
        CheckConstraint("because <> ''", name="a_correction_has_its_reason"),
        partial_index(
            "one_open_correction_of_a_session",
            "session_id",
            unique=True,
            where="locked_at IS NULL",
        ),
        Index("ix_delivery_correction_agreement_id", "agreement_id", "first_day"),
        Index("ix_delivery_correction_session_id", "session_id"),
        Index("ix_delivery_correction_stay_id", "stay_id"),
        partial_index(
            "ix_delivery_correction_unlocked",
            "provider_id",
            "first_day",
            where="locked_at IS NULL",
        ),
    )
