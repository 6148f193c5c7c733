"""The council's decisions on lines: approve, query, refuse. Each is appended and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record, record_all
from portal.budgets.actions import add_approved
from portal.identity.people.queries import same_person
from portal.invoicing.actions.events import Event, line_subject
from portal.invoicing.actions.lines import LockedInvoice, locked_invoice, move, settle_invoice
from portal.invoicing.banking.queries import verifiers_of
from portal.invoicing.checks import blocked_lines, check
from portal.invoicing.drafting import sum_by_year
from portal.invoicing.gathering import gather_invoice
from portal.invoicing.models import Decision, Invoice, InvoiceLine
from portal.invoicing.rules import GRANTED, LINE_TRANSITIONS, LineStep, RefusalReason
from portal.kernel.bulk import insert_rows
from portal.kernel.clock import local_date
from portal.kernel.errors import DomainError, Forbidden
from portal.kernel.ids import new_id
from portal.kernel.money import ZERO
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_list


class OnesOwnLine(Forbidden):
    """Nobody approves what they entered, edited, submitted or amended (statement 12), under
    whichever of their accounts (promise 4)."""

    sentence = (
        "You entered, edited, submitted or amended part of this, so somebody else must approve it."
    )


class OnesOwnAccount(Forbidden):
    """Nobody approves what is paid to an account that they verified (promise 4)."""

    sentence = (
        "You verified the bank account that this is paid to, so somebody else must approve it."
    )


class LineBlocked(DomainError):
    """A check that blocks stands against a line."""

    def __init__(self, positions: Sequence[int]) -> None:
        words = say_list([str(position) for position in positions])
        super().__init__(
            f"A check blocks line {words}. Query or refuse it, or approve the other lines."
        )


class LessFirst(DomainError):
    """What an invoice takes off is granted no later than what it charges."""

    def __init__(self, line: InvoiceLine) -> None:
        super().__init__(
            f"Line {line.position} takes off {-line.net} that was charged too much before. "
            "Approve it together with the others, or first."
        )


class NotRefused(DomainError):
    """A line that takes something off is in the council's favour."""

    sentence = (
        "This line takes off what was charged too much before, so it cannot be refused. "
        "Approve it, or ask the provider about it."
    )


class NothingChosen(DomainError):
    """No line was ticked."""

    status = 422
    sentence = "Choose at least one line to approve."


def approve(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    versions: Mapping[UUID, int],
    *,
    at: datetime,
) -> LockedInvoice:
    """Approve these lines, each recorded as a decision of its own; gives all lines as they are now.

    ``versions`` are the lines with the versions that the page showed. Raises OnesOwnLine,
    OnesOwnAccount, LineBlocked, LessFirst, Stale, IllegalStep, NothingChosen, or CapExceeded
    from the budget; then nothing is approved.
    """
    if not versions:
        raise NothingChosen
    locked = locked_invoice(session, invoice_id)
    grant(session, actor, locked, locked.chosen(versions), LineStep.APPROVE, at=at)
    return locked


def grant(
    session: Session,
    actor: Actor,
    locked: LockedInvoice,
    lines: Sequence[InvoiceLine],
    step: LineStep,
    *,
    words: str = "",
    at: datetime,
) -> list[UUID]:
    """Approve these lines of a locked invoice by the step; gives the ids of the decisions.

    Raises what ``approve`` raises, having approved nothing.
    """
    invoice = locked.invoice
    hands = {UUID(hand) for line in lines for hand in line.hands}
    if actor.person_id is None or same_person(session, actor.person_id, hands):
        raise OnesOwnLine
    verifiers = verifiers_of(session, [invoice.provider_id]).values()
    if verifiers and same_person(session, actor.person_id, set(verifiers)):
        raise OnesOwnAccount
    for line in lines:
        next_state(LINE_TRANSITIONS, line.state, step)
    for line in locked.lines:
        if line.net < ZERO and line.state not in GRANTED and line not in lines:
            raise LessFirst(line)
    findings = check(gather_invoice(session, invoice, locked.lines, today=local_date(at)))
    if stopped := sorted(blocked_lines(findings) & {line.position for line in lines}):
        raise LineBlocked(stopped)
    add_approved(
        session,
        framework_id=invoice.framework_id,
        council_id=invoice.council_id,
        sums=sum_by_year((line.contract_year, line.net) for line in lines),
    )
    decisions = [
        _decision(actor, invoice, line, LineStep.APPROVE, words=words, at=at) for line in lines
    ]
    insert_rows(session, Decision, decisions)
    move(session, lines, step)
    record_all(
        session,
        actor,
        EVENTS[step],
        [
            (line_subject(invoice, line.id, line.position), {"net_pence": line.net.pence})
            for line in lines
        ],
        at=at,
    )
    settle_invoice(locked, today=local_date(at))
    return [decision["id"] for decision in decisions]


def query(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    *,
    version: int,
    question: str,
    at: datetime,
) -> LockedInvoice:
    """Ask the provider about a line. Raises NotFound, Stale or IllegalStep."""
    return _decide(
        session, actor, invoice_id, line_id, version, LineStep.QUERY, None, question, at=at
    )


def refuse(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    *,
    version: int,
    reason: RefusalReason,
    words: str,
    at: datetime,
) -> LockedInvoice:
    """Refuse a line with a coded reason. Raises NotFound, NotRefused, Stale or IllegalStep."""
    return _decide(
        session, actor, invoice_id, line_id, version, LineStep.REFUSE, reason, words, at=at
    )


EVENTS = {
    LineStep.APPROVE: Event.LINE_APPROVED,
    LineStep.ALLOW: Event.LINE_ALLOWED,
    LineStep.QUERY: Event.LINE_QUERIED,
    LineStep.REFUSE: Event.LINE_REFUSED,
    LineStep.UPHOLD: Event.LINE_UPHELD,
}


def _decide(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    version: int,
    step: LineStep,
    reason: RefusalReason | None,
    words: str,
    *,
    at: datetime,
) -> LockedInvoice:
    locked = locked_invoice(session, invoice_id)
    (line,) = locked.chosen({line_id: version})
    if step is LineStep.REFUSE and line.net < ZERO:
        raise NotRefused
    withhold(session, actor, locked, line, step, reason, words, at=at)
    return locked


def withhold(
    session: Session,
    actor: Actor,
    locked: LockedInvoice,
    line: InvoiceLine,
    step: LineStep,
    reason: RefusalReason | None,
    words: str,
    *,
    at: datetime,
) -> UUID:
    """Query or refuse a line of a locked invoice by the step; gives the id of the decision.

    Raises IllegalStep.
    """
    said = LineStep.QUERY if step is LineStep.QUERY else LineStep.REFUSE
    decision = _decision(actor, locked.invoice, line, said, reason=reason, words=words, at=at)
    insert_rows(session, Decision, [decision])
    move(session, [line], step)
    record(
        session,
        actor,
        EVENTS[step],
        line_subject(locked.invoice, line.id, line.position),
        at=at,
        net_pence=line.net.pence,
        reason=reason.value if reason else None,
    )
    settle_invoice(locked, today=local_date(at))
    decision_id: UUID = decision["id"]
    return decision_id


def _decision(
    actor: Actor,
    invoice: Invoice,
    line: InvoiceLine,
    step: LineStep,
    *,
    at: datetime,
    reason: RefusalReason | None = None,
    words: str = "",
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "line_id": line.id,
        "invoice_id": invoice.id,
        "council_id": invoice.council_id,
        "provider_id": invoice.provider_id,
        "step": step,
        "reason": reason,
        "words": words,
        "net": line.net,
        "submitted_by": invoice.submitted_by,
        "decided_by": actor.person_id,
        "decided_by_name": actor.name,
        "decided_at": at,
    }
