"""The dispute of a refused line, and the decision that ended it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.invoicing.belonging import of_line
from portal.invoicing.models import Decision, Invoice
from portal.kernel.columns import Instant
from portal.kernel.files import StoredFile
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, parties

Index("decision_with_its_decider", Decision.id, Decision.decided_by, unique=True)


class Dispute(Base):
    """Why a provider does not accept a refusal, once for each line; appended only.

    ``refusal_id`` is the decision in dispute, ``refused_by`` whoever took it.
    """

    __tablename__ = "dispute"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID]
    invoice_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    refusal_id: Mapped[UUID]
    refused_by: Mapped[UUID]
    words: Mapped[str] = mapped_column(Text())
    file_id: Mapped[UUID | None]
    disputed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    disputed_by_name: Mapped[str] = mapped_column(String(200))
    disputed_at: Mapped[datetime] = mapped_column(Instant())

    invoice: Mapped[Invoice] = relationship(viewonly=True)
    refusal: Mapped[Decision] = relationship(
        primaryjoin="Decision.id == Dispute.refusal_id",
        foreign_keys="Dispute.refusal_id",
        viewonly=True,
    )
    outcome: Mapped[DisputeOutcome | None] = relationship(
        primaryjoin="DisputeOutcome.dispute_id == Dispute.id",
        foreign_keys="DisputeOutcome.dispute_id",
        uselist=False,
        viewonly=True,
    )
    file: Mapped[StoredFile | None] = relationship(
        primaryjoin="StoredFile.id == Dispute.file_id",
        foreign_keys="Dispute.file_id",
        viewonly=True,
    )

    __table_args__ = (
        of_line(),
        ForeignKeyConstraint(["invoice_id"], ["invoice.id"]),
        ForeignKeyConstraint(["refusal_id", "refused_by"], ["decision.id", "decision.decided_by"]),
        ForeignKeyConstraint(
            ["file_id", "provider_id"], ["stored_file.id", "stored_file.provider_id"]
        ),
        UniqueConstraint("line_id", name="a_line_disputed_once"),
        UniqueConstraint("id", "refused_by", name="dispute_with_its_refuser"),
        CheckConstraint("words <> ''", name="a_dispute_says_why"),
        Index("ix_dispute_invoice_id", "invoice_id"),
    )


class DisputeOutcome(Base):
    """The decision that ended a dispute, by somebody other than who refused; appended only."""

    __tablename__ = "dispute_outcome"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispute_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    refused_by: Mapped[UUID]
    decided_by: Mapped[UUID]

    __table_args__ = (
        ForeignKeyConstraint(["dispute_id", "refused_by"], ["dispute.id", "dispute.refused_by"]),
        ForeignKeyConstraint(["decision_id", "decided_by"], ["decision.id", "decision.decided_by"]),
        UniqueConstraint("dispute_id", name="a_dispute_decided_once"),
        CheckConstraint("decided_by <> refused_by", name="decided_by_somebody_else"),
    )
