"""What happens to invoices, and who may read of it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from portal.audit.actions import Subject
from portal.invoicing.models import Invoice


class Event(StrEnum):
    """One name per happening."""

    SUBMITTED = "invoicing:invoice:submitted"
    LINE_APPROVED = "invoicing:line:approved"
    LINE_QUERIED = "invoicing:line:queried"
    LINE_REFUSED = "invoicing:line:refused"
    LINE_DISPUTED = "invoicing:line:disputed"
    LINE_UPHELD = "invoicing:line:upheld"
    LINE_ALLOWED = "invoicing:line:allowed"
    LINE_ANSWERED = "invoicing:line:answered"
    LINE_AMENDED = "invoicing:line:amended"
    PAID = "invoicing:invoice:paid"
    EXPORTED = "invoicing:invoice:exported"


def invoice_subject(invoice: Invoice) -> Subject:
    """An invoice, read of by its two parties."""
    return Subject(
        "invoice", invoice.id, invoice.reference, invoice.council_id, invoice.provider_id
    )


def line_subject(invoice: Invoice, line_id: UUID, position: int) -> Subject:
    """A line of an invoice."""
    return Subject(
        "invoice line",
        line_id,
        f"{invoice.reference}, line {position}",
        invoice.council_id,
        invoice.provider_id,
    )
