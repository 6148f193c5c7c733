"""Finding invoices: one, a page of them, what waits, and the months that can be drafted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.invoicing.gathering import Stream
from portal.invoicing.models import (
    ChargedUnit,
    Decision,
    Invoice,
    InvoiceLine,
    InvoiceSection,
    Payment,
    Reply,
)
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound
from portal.kernel.months import Month

_OF_MONTH = prepared(
    select(Invoice)
    .where(
        Invoice.provider_id == bindparam("provider_id"),
        Invoice.council_id == bindparam("council_id"),
        Invoice.framework_id == bindparam("framework_id"),
        Invoice.month == bindparam("month"),
    )
    .order_by(Invoice.id)
)


def invoice_of_month(session: Session, stream: Stream, month: Month) -> Invoice | None:
    """The one invoice of this provider, council, framework and month, if there is one."""
    return session.scalars(_OF_MONTH, {**stream.parameters, "month": month}).first()


_OF_NUMBER = prepared(
    select(Invoice)
    .where(
        Invoice.provider_id == bindparam("provider_id"),
        Invoice.provider_number_key == bindparam("key"),
    )
    .order_by(Invoice.id)
)


def invoice_of_number(session: Session, provider_id: UUID, key: str) -> Invoice | None:
    """The provider's invoice whose number comes to this key."""
    return session.scalars(_OF_NUMBER, {"provider_id": provider_id, "key": key}).first()


_INVOICE = prepared(
    select(Invoice)
    .where(Invoice.id == bindparam("invoice_id"))
    .options(
        joinedload(Invoice.council),
        joinedload(Invoice.provider),
        joinedload(Invoice.framework),
    )
)
_OF_INVOICE = {
    "sections": prepared(
        select(InvoiceSection)
        .where(InvoiceSection.invoice_id == bindparam("invoice_id"))
        .order_by(InvoiceSection.position)
    ),
    "payments": prepared(
        select(Payment)
        .where(Payment.invoice_id == bindparam("invoice_id"))
        .order_by(Payment.recorded_at)
    ),
}


def get_invoice(session: Session, invoice_id: UUID) -> Invoice:
    """An invoice with its parties, framework, sections and payments, but without its lines.

    Raises NotFound.
    """
    asked = {"invoice_id": invoice_id}
    invoice = session.scalars(_INVOICE, asked).first()
    if invoice is None:
        raise NotFound
    for name, question in _OF_INVOICE.items():
        set_committed_value(invoice, name, list(session.scalars(question, asked)))
    return invoice


_LINES = prepared(
    select(InvoiceLine)
    .where(InvoiceLine.invoice_id == bindparam("invoice_id"))
    .order_by(InvoiceLine.position)
)


def lines_of(session: Session, invoice: Invoice, *, again: bool = False) -> Sequence[InvoiceLine]:
    """The invoice's lines in order; ``again`` renews those that the session already holds."""
    return session.scalars(
        _LINES,
        {"invoice_id": invoice.id},
        execution_options={"populate_existing": again},
    ).all()


def get_line(session: Session, invoice_id: UUID, line_id: UUID) -> InvoiceLine:
    """One line of an invoice. Raises NotFound."""
    line = session.scalars(
        select(InvoiceLine).where(InvoiceLine.id == line_id, InvoiceLine.invoice_id == invoice_id)
    ).first()
    if line is None:
        raise NotFound
    return line


def line_among(lines: Sequence[InvoiceLine], line_id: UUID) -> InvoiceLine:
    """The line of this id. Raises NotFound."""
    for line in lines:
        if line.id == line_id:
            return line
    raise NotFound


def units_of(session: Session, line: InvoiceLine) -> Sequence[ChargedUnit]:
    """What a line charges, by day."""
    return session.scalars(
        select(ChargedUnit)
        .where(ChargedUnit.line_id == line.id)
        .order_by(ChargedUnit.first_day, ChargedUnit.id)
    ).all()


_DECISIONS = prepared(
    select(Decision)
    .where(Decision.invoice_id == bindparam("invoice_id"))
    .order_by(Decision.decided_at, Decision.id)
)


def decisions_of(session: Session, invoice_id: UUID) -> Sequence[Decision]:
    """Every decision on an invoice's lines, the oldest first."""
    return session.scalars(_DECISIONS, {"invoice_id": invoice_id}).all()


_REPLIES = prepared(
    select(Reply)
    .where(Reply.invoice_id == bindparam("invoice_id"))
    .order_by(Reply.replied_at, Reply.id)
)


def replies_of(session: Session, invoice_id: UUID) -> Sequence[Reply]:
    """Every reply on an invoice's lines, the oldest first."""
    return session.scalars(_REPLIES, {"invoice_id": invoice_id}).all()
