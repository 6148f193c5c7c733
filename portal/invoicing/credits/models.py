"""Credit notes, what the council decided on each, and what they take off a line together."""

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
from portal.invoicing.credits.rules import CreditReason, CreditState
from portal.invoicing.models import Invoice, InvoiceLine
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, parties


class CreditNote(Base):
    """What a provider takes off one paid line of an issued invoice; appended, never edited.

    ``net`` and ``vat`` are above nothing: the sums that are taken off.
    """

    __tablename__ = "credit_note"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID]
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"))
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(40))
    number_key: Mapped[str] = mapped_column(String(40))
    reason: Mapped[CreditReason] = mapped_column(one_of(CreditReason, "credit_reason"))
    words: Mapped[str] = mapped_column(Text(), default="")
    net: Mapped[Money] = mapped_column(Pence())
    vat: Mapped[Money] = mapped_column(Pence())
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_by_name: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(Instant())

    invoice: Mapped[Invoice] = relationship(viewonly=True)
    line: Mapped[InvoiceLine] = relationship(
        primaryjoin="InvoiceLine.id == CreditNote.line_id",
        foreign_keys="CreditNote.line_id",
        viewonly=True,
    )
    decision: Mapped[CreditDecision | None] = relationship(
        primaryjoin="CreditDecision.credit_id == CreditNote.id",
        foreign_keys="CreditDecision.credit_id",
        uselist=False,
        viewonly=True,
    )

    @property
    def total(self) -> Money:
        """Net and VAT together."""
        return self.net + self.vat

    @property
    def state(self) -> CreditState:
        """Whether the council has accepted it yet, or not at all."""
        if self.decision is None:
            return CreditState.ENTERED
        return CreditState.ACCEPTED if self.decision.accepted else CreditState.REFUSED

    __table_args__ = (
        of_line(),
        UniqueConstraint("provider_id", "number_key", name="one_credit_note_of_a_number"),
        UniqueConstraint("id", "entered_by", name="credit_note_with_its_author"),
        CheckConstraint("net > 0", name="credit_above_nothing"),
        CheckConstraint("vat >= 0", name="credited_vat_not_negative"),
        Index("ix_credit_note_invoice_id", "invoice_id"),
        Index("ix_credit_note_council_id", "council_id", "entered_at", "id"),
        Index("ix_credit_note_provider_id", "provider_id", "entered_at", "id"),
    )


class CreditDecision(Base):
    """Whether the council accepts a credit note; appended only, never by its author."""

    __tablename__ = "credit_decision"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    credit_id: Mapped[UUID]
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"))
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    accepted: Mapped[bool]
    words: Mapped[str] = mapped_column(Text(), default="")
    entered_by: Mapped[UUID]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(
            ["credit_id", "entered_by"], ["credit_note.id", "credit_note.entered_by"]
        ),
        UniqueConstraint("credit_id", name="a_credit_note_decided_once"),
        CheckConstraint("decided_by <> entered_by", name="not_ones_own_credit_note"),
        Index("ix_credit_decision_invoice_id", "invoice_id"),
        CheckConstraint("accepted OR words <> ''", name="a_credit_refused_says_why"),
    )


class LineCredit(Base):
    """What credit notes take off a line together, net: those entered and those accepted."""

    __tablename__ = "line_credit"
    __seen_by__ = parties("council_id", "provider_id")

    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    net: Mapped[Money] = mapped_column(Pence())
    credited: Mapped[Money] = mapped_column(Pence())

    __table_args__ = (
        of_line(),
        CheckConstraint("credited >= 0", name="credited_not_negative"),
        CheckConstraint("credited <= net", name="credited_within_the_line"),
    )
