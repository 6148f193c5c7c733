"""What an invoice's late payments cost, in words."""

from __future__ import annotations

from datetime import date

from portal.invoicing.interest.rules import Interest, late_interest
from portal.invoicing.models import Invoice
from portal.invoicing.rules import payment_due
from portal.kernel.money import Money


def interest_today(invoice: Invoice, amount: Money, today: date) -> Interest | None:
    """What it costs that this much of an invoice is not paid by today; None in time."""
    due = payment_due(
        invoice.regime,
        invoice.payment_days,
        received_on=invoice.received_on,
        verified_on=invoice.verified_on,
    )
    return None if due is None else late_interest(amount, due, today)


def late_rows(invoice: Invoice, today: date) -> list[tuple[str, str]]:
    """A row for each payment that was late, and one for what is late still; mostly none."""
    costs = [
        (f"Late by {late.days} days, paid", late)
        for payment in invoice.payments
        if (late := interest_today(invoice, payment.amount, payment.paid_on))
    ]
    if late := interest_today(invoice, invoice.approved - invoice.paid, today):
        costs.append(("Late and not paid", late))
    return [
        (label, f"{late.interest} interest by law and {late.fixed_sum} fixed sum. {late.counted}")
        for label, late in costs
    ]
