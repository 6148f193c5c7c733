"""What every step on a line shares: locking the invoice, its versions, its sums afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.frameworks.rules import Regime
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.queries import lines_of
from portal.invoicing.rules import (
    GRANTED,
    LINE_TRANSITIONS,
    UNDECIDED,
    LineState,
    LineStep,
    invoice_state,
    payment_due,
)
from portal.invoicing.vat import vat_sums
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound, Stale
from portal.kernel.money import ZERO, Money
from portal.kernel.transitions import next_state

_LOCKED = prepared(
    select(Invoice)
    .where(Invoice.id == bindparam("invoice_id"))
    .with_for_update(of=Invoice)
    .execution_options(populate_existing=True)
)
_MOVED = prepared(
    update(InvoiceLine)
    .where(InvoiceLine.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=bindparam("then"), version=InvoiceLine.version + 1, payment_id=bindparam("payment")
    )
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True, slots=True)
class LockedInvoice:
    """An invoice with all its lines, kept from other writers until the transaction ends."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]

    def chosen(self, versions: Mapping[UUID, int]) -> list[InvoiceLine]:
        """These lines, by position, as long as nobody changed them since.

        ``versions`` are those that the page showed. Raises NotFound or Stale.
        """
        lines = [line for line in self.lines if line.id in versions]
        if len(lines) != len(versions):
            raise NotFound
        if any(line.version != versions[line.id] for line in lines):
            raise Stale(
                "Somebody else changed this line while your page was open. What you sent was not "
                "saved. Look at the line as it is now, then decide."
            )
        return lines


def locked_invoice(session: Session, invoice_id: UUID) -> LockedInvoice:
    """The invoice and its lines as they stand now, locked; what was read before is read again.

    Raises NotFound when there is none that the session may see.
    """
    invoice = session.scalars(_LOCKED, {"invoice_id": invoice_id}).first()
    if invoice is None:
        raise NotFound
    return LockedInvoice(invoice, lines_of(session, invoice, again=True))


def move(
    session: Session,
    lines: Sequence[InvoiceLine],
    step: LineStep,
    *,
    payment_id: UUID | None = None,
) -> None:
    """Take each line through the step, in one statement for each state that they come from.

    Raises IllegalStep, having changed nothing, when one of them cannot take it.
    """
    reached = {line.state: next_state(LINE_TRANSITIONS, line.state, step) for line in lines}
    for state, then in reached.items():
        moved = [line for line in lines if line.state is state]
        session.execute(
            _MOVED, {"ids": [line.id for line in moved], "then": then, "payment": payment_id}
        )
        for line in moved:
            set_committed_value(line, "state", then)
            set_committed_value(line, "version", line.version + 1)
            set_committed_value(line, "payment_id", payment_id)


def gross(lines: Sequence[InvoiceLine]) -> Money:
    """Net and VAT of some lines, VAT once per category on their sum."""
    return Money.total(each.net + each.vat for each in vat_sums(lines))


def settle_invoice(locked: LockedInvoice, *, today: date) -> None:
    """Work out the invoice's state and sums from its lines again.

    Once every line is decided it is verified, which starts the payment clock under PCR 2015; a
    dispute, which only the lines refused by then can have, neither stops nor starts it. An
    approved line that charges nothing, or takes something off, has nothing to be paid, and counts
    as paid. What is taken off comes off what is approved with it or after it.
    """
    invoice, lines = locked.invoice, locked.lines
    invoice.state = invoice_state(
        LineState.PAID if line.state is LineState.APPROVED and line.net <= ZERO else line.state
        for line in lines
    )
    invoice.net = Money.total(line.net for line in lines)
    invoice.vat = Money.total(each.vat for each in vat_sums(lines))
    invoice.approved = max(ZERO, gross([line for line in lines if line.state in GRANTED]))
    if invoice.verified_on is None and not any(line.state in UNDECIDED for line in lines):
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
