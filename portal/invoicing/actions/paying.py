"""Recording that the council paid what is approved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.invoicing.actions.events import Event, invoice_subject
from portal.invoicing.actions.lines import LockedInvoice, locked_invoice, move, settle_invoice
from portal.invoicing.models import Invoice, InvoiceLine, Payment
from portal.invoicing.rules import LineState, LineStep
from portal.invoicing.runs.models import PaymentRun
from portal.invoicing.runs.queries import run_of_invoice
from portal.kernel.clock import local_date
from portal.kernel.errors import DomainError, Stale
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.wording import say_date


class NothingToPay(DomainError):
    """No approved line waits for payment."""

    sentence = "Nothing approved on this invoice waits for payment."


class InARun(DomainError):
    """A payment run pays it."""

    def __init__(self, run: PaymentRun) -> None:
        super().__init__(
            f"This invoice is in payment run {run.reference}. Record its remittance there, or take "
            "it out of the run first."
        )


class BadPaymentDate(DomainError):
    """The day of payment cannot be."""

    status = 422


class RemittanceTaken(DomainError):
    """Another payment of the invoice has this remittance reference."""

    status = 422

    def __init__(self, payment: Payment) -> None:
        super().__init__(
            f"{payment.remittance} is the payment of {payment.amount} on "
            f"{say_date(payment.paid_on)}. Enter the reference of this payment"
        )


def pay(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    *,
    version: int,
    paid_on: date,
    remittance: str,
    at: datetime,
) -> Payment:
    """Record the payment of every approved line; queried and refused ones stay as they are.

    ``paid_on`` is the day the provider receives it (B4). Raises NothingToPay, InARun,
    BadPaymentDate, RemittanceTaken, Stale or NotFound.
    """
    locked = locked_invoice(session, invoice_id)
    invoice = locked.invoice
    if invoice.version != version:
        raise Stale
    if (run := run_of_invoice(session, invoice.id)) is not None:
        raise InARun(run)
    approved = [line for line in locked.lines if line.state is LineState.APPROVED]
    amount = invoice.approved - invoice.paid
    return _pay(session, actor, locked, approved, amount, paid_on, remittance, at=at)


def pay_lines(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_ids: Collection[UUID],
    *,
    amount: Money,
    paid_on: date,
    remittance: str,
    at: datetime,
) -> Payment:
    """Record the payment of these lines, which a run paid; what was approved since stays.

    Raises NothingToPay, BadPaymentDate, RemittanceTaken, IllegalStep or NotFound.
    """
    locked = locked_invoice(session, invoice_id)
    lines = [line for line in locked.lines if line.id in line_ids]
    return _pay(session, actor, locked, lines, amount, paid_on, remittance, at=at)


def _pay(
    session: Session,
    actor: Actor,
    locked: LockedInvoice,
    lines: Sequence[InvoiceLine],
    amount: Money,
    paid_on: date,
    remittance: str,
    *,
    at: datetime,
) -> Payment:
    invoice = locked.invoice
    if paid_on > local_date(at):
        raise BadPaymentDate("Enter the day of payment: it cannot be in the future")
    if paid_on < invoice.received_on:
        raise BadPaymentDate(
            f"Enter a day on or after {say_date(invoice.received_on)}, when the invoice came in"
        )
    if (earlier := _payment_of(session, invoice, remittance)) is not None:
        raise RemittanceTaken(earlier)
    if amount.pence <= 0:
        raise NothingToPay
    if actor.person_id is None:
        raise ValueError("a person records a payment")
    payment = Payment(
        id=new_id(),
        invoice_id=invoice.id,
        council_id=invoice.council_id,
        provider_id=invoice.provider_id,
        paid_on=paid_on,
        amount=amount,
        remittance=remittance,
        recorded_by=actor.person_id,
        recorded_by_name=actor.name,
        recorded_at=at,
    )
    session.add(payment)
    session.flush()
    move(session, lines, LineStep.PAY, payment_id=payment.id)
    invoice.paid += amount
    record(
        session,
        actor,
        Event.PAID,
        invoice_subject(invoice),
        at=at,
        amount_pence=amount.pence,
    )
    settle_invoice(locked, today=local_date(at))
    return payment


def _payment_of(session: Session, invoice: Invoice, remittance: str) -> Payment | None:
    return session.scalars(
        select(Payment)
        .where(Payment.invoice_id == invoice.id, Payment.remittance == remittance)
        .order_by(Payment.id)
    ).first()
