"""Payment runs of a council, the invoices that each pays, and the lines of these."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.identity.models import Organisation
from portal.invoicing.belonging import of_invoice, of_line
from portal.invoicing.models import Invoice
from portal.invoicing.runs.rules import EntryState, RunState
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, parties

_LIVE = "live"


class PaymentRun(Base):
    """What one person proposed to pay, and another released. ``total`` is what is in it now."""

    __tablename__ = "payment_run"
    __seen_by__ = parties("council_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(20))
    state: Mapped[RunState] = mapped_column(one_of(RunState, "payment_run_state"))
    total: Mapped[Money] = mapped_column(Pence())
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime] = mapped_column(Instant())
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    released_by_name: Mapped[str | None] = mapped_column(String(200))
    released_at: Mapped[datetime | None] = mapped_column(Instant())
    cancelled_by_name: Mapped[str | None] = mapped_column(String(200))
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("council_id", "reference", name="one_payment_run_reference"),
        UniqueConstraint("id", "council_id", name="payment_run_with_its_council"),
        UniqueConstraint("id", "released_by", name="payment_run_with_its_releaser"),
        CheckConstraint("released_by <> proposed_by", name="payment_run_by_two_people"),
        CheckConstraint(
            "(state = 'released') = (released_by IS NOT NULL)", name="released_by_somebody"
        ),
        CheckConstraint("total >= 0", name="payment_run_total_not_negative"),
        Index("ix_payment_run_newest", "council_id", "proposed_at", "id"),
    )


class RunEntry(Base):
    """One invoice in a run: what is paid for it, and to which account as it stood then."""

    __tablename__ = "payment_run_entry"
    __seen_by__ = parties("council_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    invoice_id: Mapped[UUID]
    state: Mapped[EntryState] = mapped_column(one_of(EntryState, "payment_run_entry_state"))
    amount: Mapped[Money] = mapped_column(Pence())
    account_name: Mapped[str] = mapped_column(String(100))
    account_number: Mapped[str] = mapped_column(String(8))
    sort_code: Mapped[str] = mapped_column(String(6))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"))

    run: Mapped[PaymentRun] = relationship(viewonly=True)
    invoice: Mapped[Invoice] = relationship(
        foreign_keys="RunEntry.invoice_id",
        primaryjoin="RunEntry.invoice_id == Invoice.id",
        viewonly=True,
    )
    provider: Mapped[Organisation] = relationship(
        foreign_keys="RunEntry.provider_id",
        primaryjoin="RunEntry.provider_id == Organisation.id",
        viewonly=True,
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "council_id"], ["payment_run.id", "payment_run.council_id"]
        ),
        of_invoice(),
        UniqueConstraint("run_id", "invoice_id", name="an_invoice_once_in_a_run"),
        UniqueConstraint("id", "run_id", "council_id", "provider_id", name="entry_with_its_run"),
        CheckConstraint("amount > 0", name="payment_run_entry_above_nothing"),
        CheckConstraint(
            "(state = 'paid') = (payment_id IS NOT NULL)", name="entry_paid_by_a_payment"
        ),
        Index("ix_payment_run_entry_invoice_id", "invoice_id"),
        Index("ix_payment_run_entry_payment_id", "payment_id"),
    )


class RunLine(Base):
    """An approved line in a run, in one at most while it is ``live``; whoever approved it never
    releases it.
    """

    __tablename__ = "payment_run_line"
    __seen_by__ = parties("council_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID]
    run_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    line_id: Mapped[UUID]
    live: Mapped[bool] = mapped_column(default=True)
    approved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    released_by: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["entry_id", "run_id", "council_id", "provider_id"],
            [
                "payment_run_entry.id",
                "payment_run_entry.run_id",
                "payment_run_entry.council_id",
                "payment_run_entry.provider_id",
            ],
        ),
        of_line(),
        ForeignKeyConstraint(
            ["run_id", "released_by"], ["payment_run.id", "payment_run.released_by"]
        ),
        CheckConstraint("released_by <> approved_by", name="not_released_by_its_approver"),
        Index("ix_payment_run_line_entry_id", "entry_id"),
        Index("ix_payment_run_line_line_id", "line_id"),
        partial_index(
            "a_line_in_one_run",
            "line_id",
            unique=True,
            where=_LIVE,
        ),
    )
