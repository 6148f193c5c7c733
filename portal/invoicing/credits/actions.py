"""Entering a credit note, and accepting it or not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.budgets.actions import add_approved
from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.invoicing.actions.lines import locked_invoice
from portal.invoicing.actions.numbers import refuse_taken
from portal.invoicing.credits.models import CreditDecision, CreditNote, LineCredit
from portal.invoicing.credits.queries import get_credit
from portal.invoicing.credits.rules import CreditReason, credited_vat, remaining
from portal.invoicing.models import Invoice
from portal.invoicing.queries import line_among
from portal.invoicing.rules import LineState
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.money import ZERO, Money
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class Event(StrEnum):
    """What happens to credit notes."""

    ENTERED = "invoicing:credit:entered"
    ACCEPTED = "invoicing:credit:accepted"
    REFUSED = "invoicing:credit:refused"
    EXPORTED = "invoicing:credit:exported"


class NotPaidYet(DomainError):
    """Only what was paid is credited; what was not can still be queried, amended or refused."""

    sentence = "A credit note takes something off a line that was paid, and this line was not."


class DecidedBefore(DomainError):
    """A credit note is decided once."""

    sentence = "Somebody has decided on this credit note already."


class OnesOwnCredit(Forbidden):
    """Nobody accepts what they entered, under whichever of their accounts."""

    sentence = "You entered this credit note, so somebody else must decide on it."


def subject_of(credit: CreditNote) -> Subject:
    """A credit note, read of by its two parties."""
    return Subject("credit note", credit.id, credit.number, credit.council_id, credit.provider_id)


def enter(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    line_id: UUID,
    *,
    number: str,
    net: Money,
    reason: CreditReason,
    words: str,
    at: datetime,
) -> CreditNote:
    """Take something off a paid line; the invoice stays as it was issued. The council is told.

    ``net`` is before VAT. Raises NotPaidYet, NumberTaken, TooMuchCredited, NothingCredited
    or NotFound, having changed nothing.
    """
    locked = locked_invoice(session, invoice_id)
    invoice, line = locked.invoice, line_among(locked.lines, line_id)
    if actor.organisation_id != invoice.provider_id or actor.person_id is None:
        raise NotFound
    if line.state is not LineState.PAID:
        raise NotPaidYet
    key = refuse_taken(session, invoice.provider_id, number)
    parties = {"council_id": invoice.council_id, "provider_id": invoice.provider_id}
    provider_id = invoice.provider_id
    sums = session.get(LineCredit, line_id, populate_existing=True)
    remaining(line.net, sums.credited if sums else ZERO, net)
    if sums is None:
        sums = LineCredit(**parties, line_id=line_id, net=line.net, credited=ZERO)
        session.add(sums)
    sums.credited += net
    credit = CreditNote(
        **parties,
        line_id=line_id,
        invoice_id=invoice_id,
        number=number,
        number_key=key,
        reason=reason,
        words=words,
        net=net,
        vat=credited_vat(net, line.vat_rate),
        entered_by=actor.person_id,
        entered_by_name=actor.name,
        entered_at=at,
    )
    session.add(credit)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        refuse_taken(session, provider_id, number)  # given to another line at the same moment
        raise
    record(
        session,
        actor,
        Event.ENTERED,
        subject_of(credit),
        at=at,
        net_pence=net.pence,
        invoice=invoice.reference,
        line=line.position,
    )
    _tell(
        session,
        credit,
        f"{invoice.provider.name} credits {credit.total} of {invoice.reference}: {number}.",
        of_council=True,
        at=at,
    )
    return credit


def decide(
    session: Session, actor: Actor, credit_id: UUID, *, accept: bool, words: str, at: datetime
) -> CreditNote:
    """Accept a credit note, which lowers what the contract year has spent, or do not.

    What is not accepted can be credited again. The provider is told. Raises OnesOwnCredit,
    DecidedBefore or NotFound.
    """
    invoice_id = get_credit(session, credit_id).invoice_id
    invoice = locked_invoice(session, invoice_id).invoice
    credit = get_credit(session, credit_id)
    if actor.organisation_id != invoice.council_id or actor.person_id is None:
        raise NotFound
    if credit.decision is not None:
        raise DecidedBefore
    if same_person(session, actor.person_id, {credit.entered_by}):
        raise OnesOwnCredit
    session.add(
        CreditDecision(
            credit_id=credit.id,
            invoice_id=invoice.id,
            council_id=credit.council_id,
            provider_id=credit.provider_id,
            accepted=accept,
            words=words,
            entered_by=credit.entered_by,
            decided_by=actor.person_id,
            decided_by_name=actor.name,
            decided_at=at,
        )
    )
    if accept:
        _count(session, invoice, credit)
    else:
        sums = session.get_one(LineCredit, credit.line_id, populate_existing=True)
        sums.credited -= credit.net
    session.flush()
    record(
        session,
        actor,
        Event.ACCEPTED if accept else Event.REFUSED,
        subject_of(credit),
        at=at,
        net_pence=credit.net.pence,
    )
    done = "accepts" if accept else "does not accept"
    said = f"{invoice.council.name} {done} your credit note {credit.number}."
    _tell(session, credit, said, of_council=False, at=at)
    return credit


def exported(
    session: Session, actor: Actor, credit: CreditNote, kind: str, *, at: datetime
) -> None:
    """Record that a file of a credit note was taken; ``kind`` is its ending ("pdf")."""
    record(session, actor, Event.EXPORTED, subject_of(credit), at=at, kind=kind)


def _count(session: Session, invoice: Invoice, credit: CreditNote) -> None:
    add_approved(
        session,
        framework_id=invoice.framework_id,
        council_id=invoice.council_id,
        sums={credit.line.contract_year: ZERO - credit.net},
    )


def _tell(
    session: Session, credit: CreditNote, sentence: str, *, of_council: bool, at: datetime
) -> None:
    tell(
        session,
        NoticeKind.CREDIT_NOTE,
        sentence=sentence,
        endpoint="credits.show",
        values={"credit_id": credit.id},
        organisation_id=credit.council_id if of_council else credit.provider_id,
        permission=Permission.INVOICE_DECIDE if of_council else Permission.INVOICE_SUBMIT,
        at=at,
    )
