"""A provider's own numbers: no two of its invoices and credit notes have the same."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from portal.invoicing.credits.models import CreditNote
from portal.invoicing.credits.queries import credit_of_number
from portal.invoicing.models import Invoice
from portal.invoicing.queries import invoice_of_number
from portal.invoicing.rules import number_key
from portal.kernel.errors import DomainError


class NumberTaken(DomainError):
    """The provider has an invoice or a credit note of this number; the page leads to it."""

    status = 422

    def __init__(self, taken: Invoice | CreditNote) -> None:
        if isinstance(taken, Invoice):
            self.invoice_id = taken.id
            said = f"{taken.provider_number} is already on {taken.reference} for {taken.month}"
        else:
            self.invoice_id = taken.invoice_id
            said = f"{taken.number} is already on a credit note"
        super().__init__(f"Your number {said}. Give this one a number of its own")


def refuse_taken(session: Session, provider_id: UUID, number: str) -> str:
    """The key of a number that is free. Raises NumberTaken."""
    key = number_key(number)
    for find in (invoice_of_number, credit_of_number):
        if (taken := find(session, provider_id, key)) is not None:
            raise NumberTaken(taken)
    return key
