"""Invoices, their sections and lines, what each line charges, and what was decided and paid."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.models import Framework
from portal.frameworks.rules import Regime, Unit
from portal.identity.models import Organisation
from portal.invoicing.belonging import of_invoice, of_line
from portal.invoicing.rules import InvoiceState, LineState, LineStep, RefusalReason
from portal.invoicing.vat import VatCategory
from portal.kernel.columns import Instant, MonthColumn, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Base, parties


class Invoice(Base):
    """One consolidated invoice: one provider, council, framework and month.

    ``net`` and ``vat`` are as submitted and amended; ``approved`` and ``paid`` are the gross sums
    of the lines in those states; ``state`` follows from the lines and is kept for the lists.
    ``act_by`` orders the approver's queue: when payment is due, or would be if verified at once.
    """

    __tablename__ = "invoice"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    month: Mapped[Month] = mapped_column(MonthColumn())
    reference: Mapped[str] = mapped_column(String(20))
    provider_number: Mapped[str] = mapped_column(String(40))
    provider_number_key: Mapped[str] = mapped_column(String(40))
    state: Mapped[InvoiceState] = mapped_column(one_of(InvoiceState, "invoice_state_known"))
    regime: Mapped[Regime] = mapped_column(one_of(Regime, "invoice_regime"))
    payment_days: Mapped[int]
    submitted_at: Mapped[datetime] = mapped_column(Instant())
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_by_name: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    verified_on: Mapped[date | None]
    act_by: Mapped[date]
    vat_number: Mapped[str | None] = mapped_column(String(20))
    exemption_reason: Mapped[str | None] = mapped_column(String(200))
    net: Mapped[Money] = mapped_column(Pence())
    vat: Mapped[Money] = mapped_column(Pence())
    approved: Mapped[Money] = mapped_column(Pence(), default=Money(0))
    paid: Mapped[Money] = mapped_column(Pence(), default=Money(0))
    search_text: Mapped[str] = mapped_column(Text())
    version: Mapped[int] = mapped_column(default=1)

    council: Mapped[Organisation] = relationship(foreign_keys=[council_id])
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id])
    framework: Mapped[Framework] = relationship(viewonly=True)
    sections: Mapped[list[InvoiceSection]] = relationship(
        order_by="InvoiceSection.position", viewonly=True
    )
    lines: Mapped[list[InvoiceLine]] = relationship(order_by="InvoiceLine.position", viewonly=True)
    payments: Mapped[list[Payment]] = relationship(order_by="Payment.recorded_at", viewonly=True)

    @property
    def total(self) -> Money:
        """Net and VAT together."""
        return self.net + self.vat

    __table_args__ = (
        UniqueConstraint(
            "provider_id", "council_id", "framework_id", "month", name="one_invoice_a_month"
        ),
        UniqueConstraint("provider_id", "provider_number_key", name="one_invoice_of_a_number"),
        UniqueConstraint("council_id", "provider_id", "reference", name="one_invoice_reference"),
        UniqueConstraint("id", "council_id", "provider_id", name="invoice_with_its_parties"),
        UniqueConstraint("id", "submitted_by", name="invoice_with_its_submitter"),
        CheckConstraint("net >= 0", name="net_not_negative"),
        CheckConstraint("vat >= 0", name="vat_not_negative"),
        CheckConstraint("paid <= approved", name="paid_within_approved"),
        CheckConstraint("approved <= net + vat", name="approved_within_total"),
        Index("ix_invoice_council_queue", "council_id", "state", "act_by", "id"),
        Index("ix_invoice_council_newest", "council_id", "submitted_at", "id"),
        Index("ix_invoice_provider_newest", "provider_id", "submitted_at", "id"),
        Index("ix_invoice_provider_state", "provider_id", "state", "submitted_at", "id"),
    )


class InvoiceSection(Base):
    """The part of an invoice for one Individual Agreement."""

    __tablename__ = "invoice_section"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invoice_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    agreement_id: Mapped[UUID]
    agreement_reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]

    __table_args__ = (
        of_invoice(),
        ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
        ),
        UniqueConstraint("invoice_id", "agreement_id", name="one_section_an_agreement"),
        UniqueConstraint("id", "invoice_id", "agreement_id", name="section_with_its_agreement"),
        Index("ix_invoice_section_agreement_id", "agreement_id"),
    )


class InvoiceLine(Base):
    """One charge: an agreement's units of one service month at one price.

    ``parts`` are minutes, sessions or nights, below 0 where a correction takes something off.
    ``hands`` are the ids of whoever entered, edited, submitted or amended it: none may approve it.
    """

    __tablename__ = "invoice_line"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invoice_id: Mapped[UUID]
    section_id: Mapped[UUID]
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    position: Mapped[int]
    service_month: Mapped[Month] = mapped_column(MonthColumn())
    contract_year: Mapped[date]
    first_day: Mapped[date]
    last_day: Mapped[date]
    description: Mapped[str] = mapped_column(String(200))
    unit: Mapped[Unit] = mapped_column(one_of(Unit, "line_unit"))
    parts: Mapped[int]
    price: Mapped[Money] = mapped_column(Pence())
    net: Mapped[Money] = mapped_column(Pence())
    vat_category: Mapped[VatCategory] = mapped_column(one_of(VatCategory, "line_vat_category"))
    vat_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    cost_code: Mapped[str | None] = mapped_column(String(40))
    purchase_order: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[LineState] = mapped_column(one_of(LineState, "line_state"))
    hands: Mapped[list[str]] = mapped_column(JSON())
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"))
    version: Mapped[int] = mapped_column(default=1)

    charged: Mapped[list[ChargedUnit]] = relationship(
        order_by="ChargedUnit.first_day", viewonly=True
    )

    __table_args__ = (
        of_invoice(),
        ForeignKeyConstraint(
            ["section_id", "invoice_id", "agreement_id"],
            ["invoice_section.id", "invoice_section.invoice_id", "invoice_section.agreement_id"],
        ),
        UniqueConstraint("invoice_id", "position", name="one_line_a_position"),
        UniqueConstraint("id", "council_id", "provider_id", name="line_with_its_parties"),
        CheckConstraint("parts >= 0 OR net <= 0", name="less_charges_less"),
        CheckConstraint("net >= 0 OR parts < 0", name="only_less_takes_off"),
        CheckConstraint("(state = 'paid') = (payment_id IS NOT NULL)", name="paid_by_a_payment"),
        Index("ix_invoice_line_agreement_id", "agreement_id", "service_month"),
        Index("ix_invoice_line_payment_id", "payment_id"),
    )


class ChargedUnit(Base):
    """A session, or nights of a stay, on the line that charges it; each is charged once."""

    __tablename__ = "charged_unit"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    stay_id: Mapped[UUID | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    parts: Mapped[int]

    __table_args__ = (
        of_line(),
        ForeignKeyConstraint(
            ["session_id", "council_id", "provider_id"],
            ["delivery_session.id", "delivery_session.council_id", "delivery_session.provider_id"],
        ),
        ForeignKeyConstraint(
            ["stay_id", "council_id", "provider_id"],
            ["stay.id", "stay.council_id", "stay.provider_id"],
        ),
        UniqueConstraint("session_id", name="a_session_charged_once"),
        UniqueConstraint("stay_id", "first_day", name="a_night_charged_once"),
        CheckConstraint(
            "(session_id IS NULL) <> (stay_id IS NULL)", name="charges_a_session_or_a_stay"
        ),
        CheckConstraint("parts >= 0", name="charged_parts_not_negative"),
        Index("ix_charged_unit_line_id", "line_id"),
    )


class Decision(Base):
    """An approver's approval, query or refusal of a line; appended, never overwritten."""

    __tablename__ = "decision"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID]
    invoice_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    step: Mapped[LineStep] = mapped_column(one_of(LineStep, "decision_step_known"))
    reason: Mapped[RefusalReason | None] = mapped_column(
        one_of(RefusalReason, "decision_reason_known")
    )
    words: Mapped[str] = mapped_column(Text(), default="")
    net: Mapped[Money] = mapped_column(Pence())
    submitted_by: Mapped[UUID]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        of_line(),
        ForeignKeyConstraint(
            ["invoice_id", "submitted_by"], ["invoice.id", "invoice.submitted_by"]
        ),
        CheckConstraint("step IN ('approve', 'query', 'refuse')", name="decision_step"),
        CheckConstraint(
            "step <> 'approve' OR decided_by <> submitted_by", name="not_ones_own_invoice"
        ),
        CheckConstraint(
            "(step = 'refuse') = (reason IS NOT NULL)", name="a_refusal_has_its_reason"
        ),
        CheckConstraint("step <> 'query' OR words <> ''", name="a_query_asks_something"),
        Index("ix_decision_line_id", "line_id"),
        Index("ix_decision_invoice_id", "invoice_id"),
    )


class Reply(Base):
    """A provider's answer to a query, with the line as amended if it was; appended only."""

    __tablename__ = "reply"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID]
    invoice_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    step: Mapped[LineStep] = mapped_column(one_of(LineStep, "reply_step_known"))
    words: Mapped[str] = mapped_column(Text())
    parts_before: Mapped[int]
    parts_after: Mapped[int]
    net_before: Mapped[Money] = mapped_column(Pence())
    net_after: Mapped[Money] = mapped_column(Pence())
    replied_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    replied_by_name: Mapped[str] = mapped_column(String(200))
    replied_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        of_line(),
        CheckConstraint("step IN ('answer', 'amend')", name="reply_step"),
        CheckConstraint("parts_after <= parts_before", name="amended_down_only"),
        Index("ix_reply_line_id", "line_id"),
        Index("ix_reply_invoice_id", "invoice_id"),
    )


class Payment(Base):
    """A payment of an invoice's approved lines, as the council recorded it."""

    __tablename__ = "payment"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invoice_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    paid_on: Mapped[date]
    amount: Mapped[Money] = mapped_column(Pence())
    remittance: Mapped[str] = mapped_column(String(40))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        of_invoice(),
        UniqueConstraint(
            "council_id", "provider_id", "remittance", "invoice_id", name="one_remittance_once"
        ),
        CheckConstraint("amount > 0", name="payment_above_nothing"),
        Index("ix_payment_invoice_id", "invoice_id"),
    )
