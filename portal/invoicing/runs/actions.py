"""Proposing a payment run, taking invoices out of it, releasing it, and recording what was paid."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.invoicing.actions.paying import pay_lines
from portal.invoicing.actions.submitting import new_reference
from portal.invoicing.banking.queries import accounts_on, unpaid_because
from portal.invoicing.runs import queries
from portal.invoicing.runs.events import Event
from portal.invoicing.runs.models import PaymentRun, RunEntry, RunLine
from portal.invoicing.runs.queries import Candidate, FreeLine
from portal.invoicing.runs.rules import (
    RUN_TRANSITIONS,
    EntryState,
    Payable,
    Remitted,
    RunState,
    RunStep,
    key_of,
    matched,
)
from portal.kernel.bulk import insert_rows
from portal.kernel.database import hold
from portal.kernel.errors import DomainError, Forbidden, NotFound, Stale
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.transitions import next_state
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class NothingToRun(DomainError):
    """None of the invoices can be paid today."""

    status = 422
    sentence = "Choose at least one invoice that can be paid today."


class ChangedMeanwhile(Stale):
    """An invoice does not stand as the page showed it."""

    sentence = (
        "What can be paid changed while your page was open: somebody else put an invoice in a "
        "run, or approved more of it. Nothing was proposed. Look again, then propose."
    )


class OnesOwnRun(Forbidden):
    """Nobody releases what they proposed, raised, approved, or verified the account of."""

    sentence = (
        "You proposed this run, raised or approved something in it, or verified an account that "
        "it pays to, so somebody else must release it."
    )


class NotReleased(DomainError):
    """Only what a second person released leaves the portal."""

    sentence = "This run is not released, so it cannot be taken out as a file."


class NotPayable(DomainError):
    """Something in the run cannot be paid as it stands."""

    def __init__(self, entry: RunEntry, why: str) -> None:
        super().__init__(
            f"{entry.invoice.reference} of {entry.provider.name} cannot be paid: {why}. Take it "
            "out of the run, then release the rest."
        )


def propose(
    session: Session, actor: Actor, amounts: Mapping[UUID, Money], *, at: datetime
) -> PaymentRun:
    """Put the approved lines of these invoices in a run; ``amounts`` are those the page showed.

    The account of each is kept as it is now. Raises NothingToRun, ChangedMeanwhile.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    council_id, today = actor.organisation_id, local_date(at)
    if not amounts:
        raise NothingToRun
    hold(session, [council_id])
    found = queries.candidates(session, council_id, today, invoice_ids=list(amounts), lock=True)
    if {each.invoice.id: each.amount for each in found if not each.why_not} != dict(amounts):
        raise ChangedMeanwhile
    lines = queries.free_lines(session, list(amounts))
    run = PaymentRun(
        id=new_id(),
        council_id=council_id,
        reference=f"PR-{new_reference(Month.of(today))}",
        state=RunState.PROPOSED,
        total=Money.total(amounts.values()),
        proposed_by=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
    )
    session.add(run)
    session.flush()
    _fill(session, run, found, lines)
    record(
        session, actor, Event.PROPOSED, _subject(run), at=at,
        invoices=len(found), total_pence=run.total.pence,
    )  # fmt: skip
    tell(
        session,
        NoticeKind.PAYMENT_RUN,
        sentence=f"Payment run {run.reference} waits for somebody to release it.",
        endpoint="runs.show",
        values={"run_id": run.id},
        organisation_id=council_id,
        permission=Permission.RUN_RELEASE,
        at=at,
    )
    return run


def release(session: Session, actor: Actor, run_id: UUID, *, at: datetime) -> PaymentRun:
    """A second person lets the run be paid, if everything in it can still be paid as proposed.

    Raises NotFound, IllegalStep, OnesOwnRun, NotPayable.
    """
    if actor.person_id is None:
        raise NotFound
    run = queries.locked_run(session, run_id)
    state = next_state(RUN_TRANSITIONS, run.state, RunStep.RELEASE)
    entries = _waiting(queries.entries_of(session, run.id))
    if same_person(session, actor.person_id, queries.hands_of(session, run)):
        raise OnesOwnRun
    _check_payable(session, entries, local_date(at))
    run.state, run.released_by = state, actor.person_id
    run.released_by_name, run.released_at = actor.name, at
    run.version += 1
    session.flush()
    session.execute(
        update(RunLine)
        .where(RunLine.run_id == run.id, RunLine.live.is_(True))
        .values(released_by=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    record(session, actor, Event.RELEASED, _subject(run), at=at, total_pence=run.total.pence)
    return run


def cancel(session: Session, actor: Actor, run_id: UUID, *, at: datetime) -> PaymentRun:
    """Give back what a run holds, before it is released. Raises NotFound, IllegalStep."""
    run = queries.locked_run(session, run_id)
    run.state = next_state(RUN_TRANSITIONS, run.state, RunStep.CANCEL)
    run.cancelled_by_name, run.cancelled_at = actor.name, at
    _give_back(session, run, _waiting(queries.entries_of(session, run.id)))
    record(session, actor, Event.CANCELLED, _subject(run), at=at)
    return run


def take_out(
    session: Session, actor: Actor, run_id: UUID, entry_id: UUID, *, at: datetime
) -> RunEntry:
    """Leave an invoice out of a run: before the release, or when the bank gave the money back.

    Its lines can go in another run. Raises NotFound, NothingToRun for what is paid already.
    """
    run = queries.locked_run(session, run_id)
    entries = queries.entries_of(session, run.id)
    entry = next((each for each in entries if each.id == entry_id), None)
    if entry is None:
        raise NotFound
    if entry.state is not EntryState.WAITING:
        raise NothingToRun("This invoice is not waiting in the run any more.")
    _give_back(session, run, [entry])
    record(
        session, actor, Event.TAKEN_OUT, _subject(run), at=at,
        invoice=entry.invoice.reference, amount_pence=entry.amount.pence,
    )  # fmt: skip
    return entry


def remit(
    session: Session, actor: Actor, rows: list[Remitted], *, at: datetime
) -> tuple[list[tuple[Remitted, Payable]], list[tuple[Remitted, str]]]:
    """Record each row of a remittance file that matches as a payment; say why others do not.

    A payment is of the lines that were in the run, whatever was approved since.
    """
    if actor.organisation_id is None:
        raise NotFound
    hold(session, [actor.organisation_id])
    keys = [key_of(row.run, row.invoice) for row in rows]
    payable = queries.payable(session, actor.organisation_id, keys)
    sound, wrong = matched(rows, payable, local_date(at))
    by_entry = {found.entry_id: row for row, found in sound}
    for run_id in sorted({found.run_id for _row, found in sound}):
        run = queries.locked_run(session, run_id)
        entries = [each for each in queries.entries_of(session, run.id) if each.id in by_entry]
        for entry in entries:
            row = by_entry[entry.id]
            _pay(session, actor, entry, row.paid_on, row.remittance, at=at)
        record(
            session, actor, Event.REMITTED, _subject(run), at=at,
            invoices=len(entries), paid_pence=Money.total(each.amount for each in entries).pence,
        )  # fmt: skip
    return sound, wrong


def exported(session: Session, actor: Actor, run: PaymentRun, kind: str, *, at: datetime) -> None:
    """Record that a released run was taken out as a file; ``kind`` is its ending."""
    record(session, actor, Event.EXPORTED, _subject(run), at=at, kind=kind)


def _fill(
    session: Session,
    run: PaymentRun,
    found: Sequence[Candidate],
    lines: Mapping[UUID, Sequence[FreeLine]],
) -> None:
    shared = {"run_id": run.id, "council_id": run.council_id}
    entries, in_it = [], []
    for each in found:
        assert each.account is not None, "what has no account says why it cannot be paid"
        entry = {
            "id": new_id(),
            **shared,
            "provider_id": each.invoice.provider_id,
            "invoice_id": each.invoice.id,
            "state": EntryState.WAITING,
            "amount": each.amount,
            "account_name": each.account.account_name,
            "account_number": each.account.account_number,
            "sort_code": each.account.sort_code,
        }
        entries.append(entry)
        in_it += [
            {
                "id": new_id(),
                **shared,
                "entry_id": entry["id"],
                "provider_id": each.invoice.provider_id,
                "line_id": line.line_id,
                "live": True,
                "approved_by": line.approved_by,
            }
            for line in lines[each.invoice.id]
        ]
    insert_rows(session, RunEntry, entries)
    insert_rows(session, RunLine, in_it)


def _check_payable(session: Session, entries: Sequence[RunEntry], today: date) -> None:
    """Raises NotPayable for a changed account, a hold, or lines that are no longer approved."""
    providers = {entry.provider_id for entry in entries}
    reasons = unpaid_because(session, providers, today)
    accounts = accounts_on(session, providers, today)
    for entry in entries:
        account = accounts.get(entry.provider_id)
        kept = (entry.account_number, entry.sort_code)
        if why := reasons.get(entry.provider_id):
            raise NotPayable(entry, f"{why[0].lower()}{why[1:]}")
        if account is None or (account.account_number, account.sort_code) != kept:
            raise NotPayable(entry, "its bank account is another one since the run was proposed")
        if entry.invoice.approved - entry.invoice.paid < entry.amount:
            raise NotPayable(entry, "less of it is approved since the run was proposed")


def _give_back(session: Session, run: PaymentRun, entries: Collection[RunEntry]) -> None:
    session.execute(
        update(RunLine)
        .where(RunLine.entry_id.in_([entry.id for entry in entries]))
        .values(live=False)
        .execution_options(synchronize_session=False)
    )
    for entry in entries:
        entry.state = EntryState.TAKEN_OUT
        run.total -= entry.amount
    run.version += 1


def _pay(
    session: Session,
    actor: Actor,
    entry: RunEntry,
    paid_on: date,
    remittance: str,
    *,
    at: datetime,
) -> None:
    lines = {line.line_id for line in queries.lines_of_entries(session, [entry.id])}
    payment = pay_lines(
        session, actor, entry.invoice_id, lines,
        amount=entry.amount, paid_on=paid_on, remittance=remittance, at=at,
    )  # fmt: skip
    entry.payment_id, entry.state = payment.id, EntryState.PAID


def _waiting(entries: Sequence[RunEntry]) -> list[RunEntry]:
    return [entry for entry in entries if entry.state is EntryState.WAITING]


def _subject(run: PaymentRun) -> Subject:
    return Subject("payment run", run.id, run.reference, council_id=run.council_id)
