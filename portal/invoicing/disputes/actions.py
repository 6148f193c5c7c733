"""Disputing the refusal of a line, and deciding the dispute."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.invoicing.actions.deciding import grant, withhold
from portal.invoicing.actions.events import Event, line_subject
from portal.invoicing.actions.lines import LockedInvoice, locked_invoice, move, settle_invoice
from portal.invoicing.disputes.models import Dispute, DisputeOutcome
from portal.invoicing.disputes.queries import disputes_of
from portal.invoicing.models import InvoiceLine
from portal.invoicing.queries import decisions_of
from portal.invoicing.rules import LINE_TRANSITIONS, LineStep
from portal.kernel.clock import local_date
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.files import Examined, keep
from portal.kernel.transitions import next_state
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class DisputedBefore(DomainError):
    """A refusal is disputed once; what is decided then stays."""

    sentence = "This line was disputed before, and the refusal was upheld. That decision is final."


class OnesOwnRefusal(Forbidden):
    """Nobody decides the dispute of their own refusal, under whichever of their accounts."""

    sentence = "You refused this line, so somebody else must decide the dispute."


def dispute(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    *,
    version: int,
    words: str,
    file: Examined | None = None,
    at: datetime,
) -> LockedInvoice:
    """Dispute the refusal of a line, once, perhaps with a file; the council is told at once.

    Raises DisputedBefore, FileRefused, NotFound, Stale or IllegalStep.
    """
    locked = locked_invoice(session, invoice_id)
    (line,) = locked.chosen({line_id: version})
    next_state(LINE_TRANSITIONS, line.state, LineStep.DISPUTE)
    if line_id in disputes_of(session, invoice_id):
        raise DisputedBefore
    if actor.person_id is None:
        raise ValueError("a person disputes a refusal")
    invoice = locked.invoice
    refusal = next(
        each
        for each in reversed(decisions_of(session, invoice_id))
        if each.line_id == line_id and each.step is LineStep.REFUSE
    )
    stored = None
    if file is not None:
        parties = {"council_id": invoice.council_id, "provider_id": invoice.provider_id}
        stored = keep(session, file, **parties, at=at)
    session.add(
        Dispute(
            line_id=line_id,
            invoice_id=invoice_id,
            council_id=invoice.council_id,
            provider_id=invoice.provider_id,
            refusal_id=refusal.id,
            refused_by=refusal.decided_by,
            words=words,
            file_id=stored.id if stored else None,
            disputed_by=actor.person_id,
            disputed_by_name=actor.name,
            disputed_at=at,
        )
    )
    session.flush()
    move(session, [line], LineStep.DISPUTE)
    record(
        session,
        actor,
        Event.LINE_DISPUTED,
        line_subject(invoice, line_id, line.position),
        at=at,
        net_pence=line.net.pence,
        files=1 if stored else 0,
    )
    settle_invoice(locked, today=local_date(at))
    _tell(
        session, locked, line, f"{invoice.provider.name} disputes a refusal", of_council=True, at=at
    )
    return locked


def decide(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    *,
    version: int,
    allow: bool,
    words: str,
    at: datetime,
) -> LockedInvoice:
    """Approve the disputed line after all, or uphold its refusal; the provider is told.

    Raises OnesOwnRefusal, what ``deciding.approve`` raises, NotFound, Stale or IllegalStep;
    then the dispute stays open.
    """
    locked = locked_invoice(session, invoice_id)
    (line,) = locked.chosen({line_id: version})
    step = LineStep.ALLOW if allow else LineStep.UPHOLD
    next_state(LINE_TRANSITIONS, line.state, step)
    asked = disputes_of(session, invoice_id).get(line_id)
    if asked is None or actor.person_id is None:
        raise NotFound
    if same_person(session, actor.person_id, {asked.refused_by, asked.disputed_by}):
        raise OnesOwnRefusal
    if allow:
        (decision_id,) = grant(session, actor, locked, [line], step, words=words, at=at)
    else:
        reason = asked.refusal.reason
        decision_id = withhold(session, actor, locked, line, step, reason, words, at=at)
    session.add(
        DisputeOutcome(
            dispute_id=asked.id,
            decision_id=decision_id,
            council_id=asked.council_id,
            provider_id=asked.provider_id,
            refused_by=asked.refused_by,
            decided_by=actor.person_id,
        )
    )
    session.flush()
    done = "approves a line that you disputed" if allow else "upholds a refusal that you disputed"
    _tell(session, locked, line, f"{locked.invoice.council.name} {done}", of_council=False, at=at)
    return locked


def _tell(
    session: Session,
    locked: LockedInvoice,
    line: InvoiceLine,
    sentence: str,
    *,
    of_council: bool,
    at: datetime,
) -> None:
    invoice = locked.invoice
    tell(
        session,
        NoticeKind.DISPUTE,
        sentence=f"{sentence}: {invoice.reference}, line {line.position}.",
        endpoint="disputes.show",
        values={"invoice_id": invoice.id, "line_id": line.id},
        organisation_id=invoice.council_id if of_council else invoice.provider_id,
        permission=Permission.INVOICE_DECIDE if of_council else Permission.INVOICE_REPLY,
        at=at,
    )
