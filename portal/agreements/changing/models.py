"""How an agreement ended, and what every proposal between two organisations has in common."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.agreements.changing.rules import EndOutcome, EndReason, ProposalState
from portal.agreements.models import assigned_on, with_parties
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule


class Ending(Base):
    """A council's decision that an agreement ends: its last day, why, and what came of it.

    A later one of the same agreement takes the place of those before.
    """

    __tablename__ = "agreement_ending"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    last_day: Mapped[date]
    reason: Mapped[EndReason] = mapped_column(one_of(EndReason, "agreement_ending_reason"))
    outcome: Mapped[EndOutcome] = mapped_column(one_of(EndOutcome, "agreement_ending_outcome"))
    words: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        with_parties(),
        CheckConstraint("reason <> 'other' OR words <> ''", name="another_reason_is_said"),
        Index("ix_agreement_ending_agreement_id", "agreement_id", "at"),
    )


class Proposal:
    """What one organisation proposes about an agreement, and another agrees to.

    ``from_id`` and ``to_id`` are the two organisations; ``answer`` is what the other one said.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    from_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ProposalState] = mapped_column(one_of(ProposalState, "proposal_state"))
    because: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime] = mapped_column(Instant())
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_by_name: Mapped[str | None] = mapped_column(String(200))
    answered_at: Mapped[datetime | None] = mapped_column(Instant())
    answer: Mapped[str] = mapped_column(String(500), default="")
