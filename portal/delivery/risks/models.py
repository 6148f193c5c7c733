"""Notices of change or risk to delivery, per contract: a council, a provider, a framework."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.delivery.risks.rules import RiskKind, RiskOutcome
from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule


class Risk(Base):
    """What a provider says will change, or may go wrong, with one agreement or a whole contract.

    ``from_day`` is the first day on which it matters; ``doing`` what the provider does about it.
    Open until the council closes it with an outcome.
    """

    __tablename__ = "risk"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    agreement_id: Mapped[UUID | None]
    kind: Mapped[RiskKind] = mapped_column(one_of(RiskKind, "risk_kind"))
    words: Mapped[str] = mapped_column(Text())
    doing: Mapped[str] = mapped_column(Text())
    from_day: Mapped[date]
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    outcome: Mapped[RiskOutcome | None] = mapped_column(one_of(RiskOutcome, "risk_outcome"))
    closed_words: Mapped[str] = mapped_column(Text(), default="")
    closed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_by_name: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None] = mapped_column(Instant())

    council: Mapped[Organisation] = relationship(foreign_keys=[council_id])
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id])
    framework: Mapped[Framework] = relationship(viewonly=True)
    agreement: Mapped[Agreement | None] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name="risk_closed_with_an_outcome"
        ),
        Index("ix_risk_council_id", "council_id", "at", "id"),
        Index("ix_risk_provider_id", "provider_id", "at", "id"),
        partial_index(
            "ix_risk_open",
            "council_id",
            "provider_id",
            "framework_id",
            where="closed_at IS NULL",
        ),
    )
