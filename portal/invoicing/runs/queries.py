"""What can be paid today and what cannot, the runs of a council, and what a run pays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session, joinedload

from portal.evidence.models import BankDetails
from portal.invoicing.banking.queries import accounts_on, changers_of, unpaid_because
from portal.invoicing.models import Decision, Invoice, InvoiceLine
from portal.invoicing.rules import LineState, LineStep
from portal.invoicing.runs.models import PaymentRun, RunEntry, RunLine
from portal.invoicing.runs.rules import EntryState, Payable, RunState, key_of
from portal.kernel.columns import Pence
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.money import ZERO, Money

NO_ACCOUNT = "No bank account is recorded, so nothing can be paid to it"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice with approved lines that are in no run: what it comes to, and why it waits.

    ``why_not`` is empty where it can be paid today.
    """

    invoice: Invoice
    amount: Money
    account: BankDetails | None
    why_not: str


@dataclass(frozen=True, slots=True)
class FreeLine:
    """An approved line that is in no run, and who approved it."""

    line_id: UUID
    approved_by: UUID


def candidates(
    session: Session,
    council_id: UUID,
    today: date,
    *,
    invoice_ids: Collection[UUID] | None = None,
    lock: bool = False,
) -> list[Candidate]:
    """What is approved, unpaid and in no run, by the day payment is due.

    Of these invoices, or of all. ``lock`` keeps them from others and reads them again. Four
    statements.
    """
    statement = (
        select(Invoice)
        .where(Invoice.council_id == council_id, Invoice.approved > Invoice.paid)
        .order_by(Invoice.act_by, Invoice.id)
    )
    if invoice_ids is not None:
        statement = statement.where(Invoice.id.in_(invoice_ids))
    if lock:
        statement = statement.with_for_update(of=Invoice).execution_options(populate_existing=True)
    else:
        statement = statement.options(joinedload(Invoice.provider))
    invoices = session.scalars(statement).all()
    in_runs = _in_runs(session, [invoice.id for invoice in invoices])
    providers = {invoice.provider_id for invoice in invoices}
    reasons = unpaid_because(session, providers, today)
    accounts = accounts_on(session, providers, today)
    found = []
    for invoice in invoices:
        amount = invoice.approved - invoice.paid - in_runs.get(invoice.id, ZERO)
        if amount <= ZERO:
            continue
        account = accounts.get(invoice.provider_id)
        why_not = reasons.get(invoice.provider_id) or ("" if account else NO_ACCOUNT)
        found.append(Candidate(invoice, amount, account, why_not))
    return found


def _in_runs(session: Session, invoice_ids: Collection[UUID]) -> dict[UUID, Money]:
    """What runs are about to pay for each invoice."""
    found = session.execute(
        select(RunEntry.invoice_id, cast(func.sum(RunEntry.amount), Pence()))
        .where(RunEntry.invoice_id.in_(invoice_ids), RunEntry.state == EntryState.WAITING)
        .group_by(RunEntry.invoice_id)
    )
    return dict(found.all())


def free_lines(session: Session, invoice_ids: Collection[UUID]) -> dict[UUID, list[FreeLine]]:
    """The approved lines of these invoices that are in no run, by invoice, as they stand now."""
    taken = select(RunLine.line_id).where(RunLine.live.is_(True))
    found: dict[UUID, list[FreeLine]] = defaultdict(list)
    for invoice_id, line_id, by in session.execute(
        select(InvoiceLine.invoice_id, InvoiceLine.id, Decision.decided_by)
        .join(Decision, Decision.line_id == InvoiceLine.id)
        .where(
            InvoiceLine.invoice_id.in_(invoice_ids),
            InvoiceLine.state == LineState.APPROVED,
            Decision.step == LineStep.APPROVE,
            InvoiceLine.id.not_in(taken),
        )
        .order_by(InvoiceLine.invoice_id, InvoiceLine.position)
    ):
        found[invoice_id].append(FreeLine(line_id, by))
    return found


def get_run(session: Session, run_id: UUID) -> PaymentRun:
    """One run. Raises NotFound."""
    run = session.get(PaymentRun, run_id)
    if run is None:
        raise NotFound
    return run


def locked_run(session: Session, run_id: UUID) -> PaymentRun:
    """The run as it stands now, kept from others. Raises NotFound."""
    run = session.scalars(
        select(PaymentRun)
        .where(PaymentRun.id == run_id)
        .with_for_update(of=PaymentRun)
        .execution_options(populate_existing=True)
    ).first()
    if run is None:
        raise NotFound
    return run


def entries_of(session: Session, run_id: UUID) -> Sequence[RunEntry]:
    """What a run pays, with the invoices and providers, by provider and reference."""
    found = session.scalars(
        select(RunEntry)
        .where(RunEntry.run_id == run_id)
        .options(
            joinedload(RunEntry.invoice).joinedload(Invoice.framework),
            joinedload(RunEntry.provider),
        )
        .execution_options(populate_existing=True)
        .order_by(RunEntry.id)
    ).all()
    return sorted(found, key=lambda entry: (entry.provider.name, entry.invoice.reference))


def lines_of_entries(session: Session, entry_ids: Collection[UUID]) -> Sequence[RunLine]:
    """The lines of these entries that are still in their run."""
    return session.scalars(
        select(RunLine)
        .where(RunLine.entry_id.in_(entry_ids), RunLine.live.is_(True))
        .order_by(RunLine.entry_id, RunLine.id)
    ).all()


def hands_of(session: Session, run: PaymentRun) -> set[UUID]:
    """Whoever may not release the run: who proposed it, who raised or approved a line that is in
    it, and who changed or verified an account that it pays to (promise 4).
    """
    found, providers = {run.proposed_by}, set()
    for provider_id, hands, approved_by in session.execute(
        select(InvoiceLine.provider_id, InvoiceLine.hands, RunLine.approved_by)
        .join(RunLine, RunLine.line_id == InvoiceLine.id)
        .where(RunLine.run_id == run.id, RunLine.live.is_(True))
        .order_by(InvoiceLine.id)
    ):
        providers.add(provider_id)
        found.update((approved_by, *(UUID(hand) for hand in hands)))
    return found.union(*changers_of(session, providers).values())


def runs_page(session: Session, council_id: UUID, cursor: str | None) -> Page[PaymentRun]:
    """A council's runs, the newest first."""
    return page_of(
        session,
        select(PaymentRun).where(PaymentRun.council_id == council_id),
        PaymentRun.proposed_at,
        PaymentRun.id,
        cursor=cursor,
        descending=True,
    )


def left_of(session: Session, run_ids: Collection[UUID]) -> dict[UUID, tuple[int, Money]]:
    """How many invoices of each run wait to be paid, and what they come to."""
    found = session.execute(
        select(RunEntry.run_id, func.count(), cast(func.sum(RunEntry.amount), Pence()))
        .where(RunEntry.run_id.in_(run_ids), RunEntry.state == EntryState.WAITING)
        .group_by(RunEntry.run_id)
    )
    return {run_id: (count, amount) for run_id, count, amount in found}


def runs_to_release(session: Session, council_id: UUID, *, limit: int) -> Sequence[PaymentRun]:
    """The runs that wait for a second person, the longest waiting first."""
    return session.scalars(
        select(PaymentRun)
        .where(PaymentRun.council_id == council_id, PaymentRun.state == RunState.PROPOSED)
        .order_by(PaymentRun.proposed_at, PaymentRun.id)
        .limit(limit)
    ).all()


def run_of_invoice(session: Session, invoice_id: UUID) -> PaymentRun | None:
    """The run in which lines of this invoice wait to be paid."""
    return session.scalars(
        select(PaymentRun)
        .join(RunEntry, RunEntry.run_id == PaymentRun.id)
        .where(RunEntry.invoice_id == invoice_id, RunEntry.state == EntryState.WAITING)
        .order_by(PaymentRun.proposed_at, PaymentRun.id)
        .limit(1)
    ).first()


def payable(
    session: Session, council_id: UUID, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Payable]:
    """What released runs pay, by the references of run and invoice, of those that are asked for."""
    found = session.execute(
        select(PaymentRun.reference, Invoice.reference, RunEntry, Invoice.received_on)
        .join(RunEntry, RunEntry.run_id == PaymentRun.id)
        .join(Invoice, Invoice.id == RunEntry.invoice_id)
        .where(
            PaymentRun.council_id == council_id,
            PaymentRun.state == RunState.RELEASED,
            PaymentRun.reference.in_({run for run, _ in keys}),
            Invoice.reference.in_({invoice for _, invoice in keys}),
        )
        .order_by(PaymentRun.reference, Invoice.reference)
        .execution_options(populate_existing=True)
    )
    return {
        key_of(run, invoice): Payable(
            entry.id, entry.run_id, entry.amount, entry.state, received_on
        )
        for run, invoice, entry, received_on in found
        if entry.state is not EntryState.TAKEN_OUT
    }
