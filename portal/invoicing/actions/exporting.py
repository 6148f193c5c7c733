"""Recording who took an invoice, or a list of them, out of the portal (rules.md C8 and G13)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.invoicing.actions.events import Event, invoice_subject
from portal.invoicing.models import Invoice
from portal.kernel.errors import DomainError

MOST_ROWS = 1_000_000


class TooLongForAWorkbook(DomainError):
    """A sheet holds 1,048,576 rows; more would be left out without a word."""

    status = 422

    def __init__(self, lines: int) -> None:
        super().__init__(
            f"This list has {lines:,} lines, more than the {MOST_ROWS:,} that fit in a workbook. "
            "Download it as CSV, or narrow the list."
        )


def exported(session: Session, actor: Actor, invoice: Invoice, kind: str, *, at: datetime) -> None:
    """Record that a file of an invoice was taken; ``kind`` is its ending ("pdf")."""
    record(session, actor, Event.EXPORTED, invoice_subject(invoice), at=at, kind=kind)


def list_exported(
    session: Session,
    actor: Actor,
    organisation_id: UUID,
    kind: str,
    *,
    invoices: int,
    lines: int,
    at: datetime,
) -> None:
    """Record that the lines of a list were taken, and how many; only one's own side reads of it.

    Raises TooLongForAWorkbook.
    """
    if kind == "xlsx" and lines > MOST_ROWS:
        raise TooLongForAWorkbook(lines)
    record(
        session,
        actor,
        Event.EXPORTED,
        Subject("invoice list", organisation_id, f"{invoices:,} invoices"),
        at=at,
        kind=kind,
        invoices=invoices,
        lines=lines,
    )
