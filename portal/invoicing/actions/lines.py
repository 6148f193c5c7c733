"""What every step on a line shares: locking the invoice, its versions, its sums afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.rules import Regime
from portal.invoicing.drafting import Taxed
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.rules import (
    GRANTED,
    OPEN,
    invoice_state,
    payment_due,
)
from portal.invoicing.vat import vat_sums
from portal.kernel.errors import NotFound, Stale
from portal.kernel.money import Money


def locked_invoice(session: Session, invoice_id: UUID) -> Invoice:
    """The invoice, kept from other writers until the transaction ends.

    Raises NotFound when there is none that the session may see.
    """
    invoice = session.scalars(
        select(Invoice).where(Invoice.id == invoice_id).with_for_update(of=Invoice)
    ).first()
    if invoice is None:
        raise NotFound
    return invoice


def wanted_lines(
    session: Session, invoice: Invoice, versions: Mapping[UUID, int]
) -> Sequence[InvoiceLine]:
    """These lines of the invoice, by position, as long as nobody changed them since.

    ``versions`` are those that the page showed. Raises NotFound or Stale.
    """
    lines = session.scalars(
        select(InvoiceLine)
        .where(InvoiceLine.invoice_id == invoice.id, InvoiceLine.id.in_(versions))
        .order_by(InvoiceLine.position)
    ).all()
    if len(lines) != len(versions):
        raise NotFound
    if any(line.version != versions[line.id] for line in lines):
        raise Stale(
            "Somebody else changed this line while your page was open. What you sent was not "
            "saved. Look at the line as it is now, then decide."
        )
    return lines


def gross(lines: Sequence[Taxed]) -> Money:
    """Net and VAT of some lines, VAT once per category on their sum."""
    return Money.total(each.net + each.vat for each in vat_sums(lines))


def settle_invoice(session: Session, invoice: Invoice, *, today: date) -> None:
    """Work out the invoice's state and sums from its lines again.

    Once every line is decided it is verified, which starts the payment clock under PCR 2015.
    """
    session.flush()
    rows = session.execute(
        select(InvoiceLine.state, InvoiceLine.net, InvoiceLine.vat_category, InvoiceLine.vat_rate)
        .where(InvoiceLine.invoice_id == invoice.id)
        .order_by(InvoiceLine.position)
    ).all()
    taxed = [(row.state, Taxed(row.net, row.vat_category, row.vat_rate)) for row in rows]
    invoice.state = invoice_state(state for state, _ in taxed)
    invoice.net = Money.total(line.net for _, line in taxed)
    invoice.vat = Money.total(each.vat for each in vat_sums(line for _, line in taxed))
    invoice.approved = gross([line for state, line in taxed if state in GRANTED])
    if invoice.verified_on is None and not any(state in OPEN for state, _ in taxed):
        invoice.verified_on = today
        if invoice.regime is Regime.PCR_2015:
            due = payment_due(
                invoice.regime,
                invoice.payment_days,
                received_on=invoice.received_on,
                verified_on=today,
            )
            assert due is not None
            invoice.act_by = due
    invoice.version += 1
    session.flush()
