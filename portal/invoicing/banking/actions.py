"""Changing where a provider is paid, step by step, each told to whoever was known before."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.evidence.models import BankDetails
from portal.identity.models import Organisation
from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.invoicing.banking import queries
from portal.invoicing.banking.events import Event
from portal.invoicing.banking.models import BankChange, BankHold
from portal.invoicing.banking.rules import (
    CHANGE_TRANSITIONS,
    ChangeState,
    ChangeStep,
    KnownFrom,
    hold_from,
    is_held,
    same_number,
)
from portal.kernel.database import hold, working_as
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.post import write
from portal.kernel.tenancy import Scope
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class AnotherChange(DomainError):
    """One change at a time."""

    sentence = "Another change of the bank account is going on. Stop it or see it through first."


class SameAccount(DomainError):
    """Nothing would change."""

    status = 422
    sentence = "Enter another account: you are paid to this one already"


class OnesOwnChange(Forbidden):
    """Whoever asked does not confirm, under whichever of their accounts (promise 4)."""

    sentence = "You asked for this change, so somebody else of your organisation must confirm it."


class NotYoursToVerify(Forbidden):
    """Whoever raised or approved what is paid does not verify where it is paid (promise 4)."""

    sentence = (
        "You asked for this change, or you raised or approved what is about to be paid to this "
        "account, so somebody else must verify it."
    )


class NumberFromTheRequest(DomainError):
    """A call back goes to a number that was known before."""

    status = 422
    sentence = (
        "This number came with the request. Call one that you had before, so that you speak to "
        "the provider and not to whoever sent the request"
    )


class InForce(DomainError):
    """The hold is over, so the account is in use."""

    sentence = (
        "The hold is over and this account is in use. The provider can change it again, which is "
        "checked in the same way."
    )


def propose(
    session: Session,
    actor: Actor,
    *,
    account_name: str,
    account_number: str,
    sort_code: str,
    because: str,
    phone: str,
    at: datetime,
) -> BankChange:
    """Ask for another account; a second person of the provider has to confirm it.

    Everybody there who may change it, the address for invoices that was known before, and each
    council are told at once. Raises NotFound, AnotherChange, SameAccount.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    provider_id, today = actor.organisation_id, local_date(at)
    hold(session, [provider_id])
    if queries.going_on(session, provider_id, today) is not None:
        raise AnotherChange
    now_paid = queries.accounts_on(session, [provider_id], today).get(provider_id)
    if now_paid and (now_paid.account_number, now_paid.sort_code) == (account_number, sort_code):
        raise SameAccount
    change = BankChange(
        id=new_id(),
        provider_id=provider_id,
        state=ChangeState.PROPOSED,
        account_name=account_name,
        account_number=account_number,
        sort_code=sort_code,
        because=because,
        phone=phone,
        proposed_by=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
    )
    session.add(change)
    session.flush()
    record(session, actor, Event.PROPOSED, _subject(change), at=at)
    _tell_known(session, change, f"{actor.name} asked for another bank account.", at=at)
    return change


def confirm(session: Session, actor: Actor, change_id: UUID, *, at: datetime) -> BankChange:
    """The provider's second person confirms; from now on nothing is paid until it is verified.

    Raises NotFound, IllegalStep, OnesOwnChange.
    """
    change = queries.locked_change(session, change_id)
    state = next_state(CHANGE_TRANSITIONS, change.state, ChangeStep.CONFIRM)
    if actor.person_id is None or same_person(session, actor.person_id, [change.proposed_by]):
        raise OnesOwnChange
    change.state = state
    change.confirmed_by, change.confirmed_by_name = actor.person_id, actor.name
    change.confirmed_at = at
    record(session, actor, Event.CONFIRMED, _subject(change), at=at)
    _tell_known(session, change, f"{actor.name} confirmed another bank account.", at=at)
    name = session.get_one(Organisation, change.provider_id).name
    _tell_councils(
        session, change, f"{name} changed its bank account: call back to verify it.", at=at
    )
    return change


def verify(
    session: Session,
    actor: Actor,
    change_id: UUID,
    *,
    spoke_to: str,
    called_number: str,
    known_from: KnownFrom,
    note: str,
    at: datetime,
) -> BankChange:
    """A council has called back on a number it knew before; the hold begins today.

    The account is in use from the day after the hold. Raises NotFound, IllegalStep,
    NumberFromTheRequest, NotYoursToVerify.
    """
    told = queries.get_change(session, change_id)
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    if told.phone and same_number(told.phone, called_number):
        raise NumberFromTheRequest
    hands = queries.hands_on_the_unpaid(session, told.provider_id)
    theirs = {told.proposed_by, told.confirmed_by or told.proposed_by}
    if same_person(session, actor.person_id, theirs | hands.raised | hands.approved):
        raise NotYoursToVerify
    days = queries.hold_of(session, actor.organisation_id)
    held = hold_from(local_date(at), days)
    with working_as(session, Scope(organisation_id=told.provider_id)):
        change = queries.locked_change(session, change_id)
        change.state = next_state(CHANGE_TRANSITIONS, change.state, ChangeStep.VERIFY)
        change.council_id = actor.organisation_id
        change.verified_by, change.verified_by_name = actor.person_id, actor.name
        change.verified_at = at
        change.spoke_to, change.called_number = spoke_to, called_number
        change.known_from, change.note = known_from, note
        change.hold_days, change.hold_until = days, held.due
        change.bank_details_id = _begin_after_the_hold(session, change).id
    record(
        session, actor, Event.VERIFIED, _subject(change, actor.organisation_id), at=at,
        hold_days=days, hold_until=held.due.isoformat(),
    )  # fmt: skip
    _tell_known(
        session,
        change,
        f"Your new bank account is verified, and used once {say_date(held.due)} is over.",
        at=at,
    )
    return change


def refuse(
    session: Session, actor: Actor, change_id: UUID, *, because: str, at: datetime
) -> BankChange:
    """A council does not verify it, or stops it in its hold: the old account stays.

    Raises NotFound, IllegalStep, InForce.
    """
    provider_id = queries.get_change(session, change_id).provider_id
    with working_as(session, Scope(organisation_id=provider_id)):
        change = _end(session, actor, change_id, ChangeStep.REFUSE, because, at)
    record(session, actor, Event.REFUSED, _subject(change, actor.organisation_id), at=at)
    _tell_known(session, change, "A council did not verify your new bank account.", at=at)
    return change


def stop(
    session: Session, actor: Actor, change_id: UUID, *, because: str, at: datetime
) -> BankChange:
    """Anybody of the provider who may change the account stops a change until its hold is over.

    Raises NotFound, IllegalStep, InForce.
    """
    change = _end(session, actor, change_id, ChangeStep.STOP, because, at)
    record(session, actor, Event.STOPPED, _subject(change), at=at)
    _tell_known(session, change, f"{actor.name} stopped the change of bank account.", at=at)
    return change


def set_hold(session: Session, actor: Actor, days: int, *, at: datetime) -> None:
    """How many working days the council holds a changed account from now on."""
    if actor.organisation_id is None:
        raise NotFound
    session.merge(
        BankHold(council_id=actor.organisation_id, days=days, set_by_name=actor.name, set_at=at)
    )
    subject = Subject("bank hold", actor.organisation_id, "Hold", council_id=actor.organisation_id)
    record(session, actor, Event.HOLD_SET, subject, at=at, days=days)


def _end(
    session: Session, actor: Actor, change_id: UUID, step: ChangeStep, because: str, at: datetime
) -> BankChange:
    change = queries.locked_change(session, change_id)
    state = next_state(CHANGE_TRANSITIONS, change.state, step)
    if change.state is ChangeState.VERIFIED and not is_held(
        change.state, change.hold_until, local_date(at)
    ):
        raise InForce
    if change.bank_details_id is not None:
        session.delete(session.get_one(BankDetails, change.bank_details_id))
        change.bank_details_id = None
    change.state = state
    change.ended_by_name, change.ended_at, change.ended_because = actor.name, at, because
    return change


def _begin_after_the_hold(session: Session, change: BankChange) -> BankDetails:
    """The account as it is used after the hold, and after any other that was ever entered."""
    assert change.hold_until is not None
    latest = session.scalar(
        select(func.max(BankDetails.starts_on)).where(BankDetails.provider_id == change.provider_id)
    )
    after = max(change.hold_until, latest or change.hold_until)
    details = BankDetails(
        id=new_id(),
        provider_id=change.provider_id,
        starts_on=after + timedelta(days=1),
        account_name=change.account_name,
        account_number=change.account_number,
        sort_code=change.sort_code,
    )
    session.add(details)
    session.flush()
    return details


def _tell_known(session: Session, change: BankChange, sentence: str, *, at: datetime) -> None:
    """Tell whoever was known before: those who may change it, and the address for invoices."""
    tell(
        session,
        NoticeKind.BANK_ACCOUNT,
        sentence=f"{sentence} If you know nothing of it, stop it now.",
        endpoint="banking.show",
        values={"change_id": change.id},
        organisation_id=change.provider_id,
        permission=Permission.BANK_CHANGE,
        at=at,
    )
    provider = session.get_one(Organisation, change.provider_id)
    if provider.accounts_email:
        write(
            session,
            to=provider.accounts_email,
            subject="The bank account you are paid to is being changed",
            template="invoicing/banking/changed.txt",
            at=at,
            change_id=change.id,
        )


def _tell_councils(session: Session, change: BankChange, sentence: str, *, at: datetime) -> None:
    for council_id in queries.councils_of(session, change.provider_id):
        tell(
            session,
            NoticeKind.BANK_ACCOUNT,
            sentence=sentence,
            endpoint="banking.show",
            values={"change_id": change.id},
            organisation_id=council_id,
            permission=Permission.BANK_VERIFY,
            at=at,
        )


def _subject(change: BankChange, council_id: UUID | None = None) -> Subject:
    return Subject(
        "bank account",
        change.id,
        "Bank account",
        council_id=council_id,
        provider_id=change.provider_id,
    )
