"""Each time that an agreement needed another mentor, and how that ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.clocks.models import KeptClock
from portal.agreements.models import assigned_on, with_parties
from portal.agreements.substitutes.rules import Cause
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule


class Substitution(Base):
    """A mentor became unavailable or was rejected; the clock says by when, and when, it ended.

    The names stand here too, because a council sees a mentor's record only while an assignment
    to its agreements stands.
    """

    __tablename__ = "substitution"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    clock_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    mentor_name: Mapped[str] = mapped_column(String(200))
    cause: Mapped[Cause] = mapped_column(one_of(Cause, "substitution_cause"))
    absence_id: Mapped[UUID | None] = mapped_column(ForeignKey("mentor_absence.id"))
    because: Mapped[str] = mapped_column(String(500), default="")
    told_by_name: Mapped[str] = mapped_column(String(200))
    told_at: Mapped[datetime] = mapped_column(Instant())
    substitute_name: Mapped[str | None] = mapped_column(String(200))

    clock: Mapped[KeptClock] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(
            ["clock_id", "council_id", "provider_id"],
            ["agreement_clock.id", "agreement_clock.council_id", "agreement_clock.provider_id"],
        ),
        ForeignKeyConstraint(["mentor_id", "provider_id"], ["mentor.id", "mentor.provider_id"]),
        CheckConstraint("cause <> 'rejected' OR because <> ''", name="rejection_has_a_reason"),
        Index("ix_substitution_agreement_id", "agreement_id", "told_at"),
        Index("ix_substitution_mentor_id", "mentor_id"),
    )
