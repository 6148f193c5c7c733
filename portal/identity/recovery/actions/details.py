"""A person's own name and address; a new address is confirmed at both ends."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.identity.actions import digest
from portal.identity.models import Person
from portal.identity.people.queries import held_roles, twins_of
from portal.identity.queries import memberships_of
from portal.identity.recovery.actions.links import end_sign_ins, subject_of
from portal.identity.recovery.events import Event
from portal.identity.recovery.models import AddressChange
from portal.identity.recovery.queries import (
    change_behind,
    is_taken,
    lock_person,
    open_change,
    people_past_stopping,
)
from portal.identity.recovery.rules import STOPPABLE_FOR, takes_effect
from portal.kernel.errors import DomainError
from portal.kernel.jobs import Work, every
from portal.kernel.post import write
from portal.kernel.tenancy import Task


class ChangeGone(DomainError):
    """One sentence for a change that was made, stopped or given up, or never was."""

    status = 410
    sentence = (
        "The change of email address may have been made or stopped already, or been given up "
        "after 72 hours. Sign in and look at your details; from there you can ask again."
    )


class AddressRefused(DomainError):
    """The address cannot be taken."""

    status = 422


def change_name(
    session: Session, actor: Actor, person_id: UUID, *, name: str, at: datetime
) -> None:
    """Change one's own name; what was recorded under the old one stays as it was.

    In a session that works as the sign-in's task, as all of this module.
    """
    person = session.get_one(Person, person_id)
    if person.name == name:
        return
    before, person.name = person.name, name
    record(session, actor, Event.NAME_CHANGED, subject_of(person), at=at, before=before)


def ask_for_address(
    session: Session, actor: Actor, person_id: UUID, *, email: str, at: datetime
) -> AddressChange:
    """Ask to sign in with another address. Both addresses are written to.

    One change is open at a time: an earlier one is given up. An address that somebody has already
    gets no letter, so that nobody learns of it. Raises AddressRefused.
    """
    person = lock_person(session, person_id)
    if email == person.email:
        raise AddressRefused("This is your email address already")
    if refused := _refusal(session, person, email):
        raise AddressRefused(refused)
    earlier = open_change(session, person.id)
    if earlier is not None:
        earlier.ended_at = at
        session.flush()
    old, new = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    change = AddressChange(
        person_id=person.id,
        old_email=person.email,
        new_email=email,
        old_digest=digest(old),
        new_digest=digest(new),
        asked_at=at,
        stoppable_until=at + STOPPABLE_FOR,
    )
    session.add(change)
    session.flush()
    record(session, actor, Event.ADDRESS_ASKED, subject_of(person), at=at)
    letters = [(person.email, "Your email address is about to change", "address_old.txt", old)]
    if not is_taken(session, email):
        letters.append((email, "Confirm your new email address", "address_new.txt", new))
    for to, subject, template, secret in letters:
        write(
            session,
            to=to,
            subject=subject,
            template=f"identity/recovery/{template}",
            at=at,
            person_id=person.id,
            name=person.name,
            new_email=email,
            stoppable_until=change.stoppable_until,
            secret=secret,
        )
    return change


def change_for(session: Session, secret: str, *, at: datetime) -> tuple[AddressChange, bool]:
    """The open change that a link belongs to, and whether the link went to the old address.

    The new address has 72 hours to confirm, as the old one has to stop. Raises ChangeGone.
    """
    kept = digest(secret)
    change = change_behind(session, kept)
    if change is None or change.ended_at is not None or at >= change.stoppable_until:
        raise ChangeGone
    return change, change.old_digest == kept


def confirm(session: Session, secret: str, *, at: datetime) -> AddressChange:
    """One of the two addresses says yes; with both, the change is made. Raises ChangeGone."""
    change, by_old = _locked(session, secret, at=at)
    if by_old:
        change.old_confirmed_at = change.old_confirmed_at or at
    else:
        change.new_confirmed_at = change.new_confirmed_at or at
    person = change.person
    record(session, _self(person), Event.ADDRESS_CONFIRMED, subject_of(person), at=at)
    _make_if_due(session, change, at=at)
    return change


def stop(session: Session, secret: str, *, at: datetime) -> Person:
    """The old address says no: the address stays, and every sign-in ends.

    Whoever asked may not have been the person, and is signed in. Raises ChangeGone, also for the
    link that went to the new address.
    """
    change, by_old = _locked(session, secret, at=at)
    if not by_old:
        raise ChangeGone
    change.ended_at = at
    end_sign_ins(session, change.person_id, at=at)
    person = change.person
    record(session, _self(person), Event.ADDRESS_STOPPED, subject_of(person), at=at)
    return person


@every("identity:address-changes", scope=Task.SIGN_IN, minutes=15)
def make_due_changes(work: Work) -> None:
    """Make the changes whose old address let 72 hours pass; give up those not confirmed."""
    for person_id in people_past_stopping(work.session, work.at):
        lock_person(work.session, person_id)
        change = open_change(work.session, person_id)
        if change is not None and change.stoppable_until <= work.at:
            _make_if_due(work.session, change, at=work.at)
            change.ended_at = work.at


def _locked(session: Session, secret: str, *, at: datetime) -> tuple[AddressChange, bool]:
    """The change as it stands once whoever else answers it is done."""
    lock_person(session, change_for(session, secret, at=at)[0].person_id)
    return change_for(session, secret, at=at)


def _make_if_due(session: Session, change: AddressChange, *, at: datetime) -> None:
    if not takes_effect(
        new_confirmed=change.new_confirmed_at is not None,
        old_confirmed=change.old_confirmed_at is not None,
        stoppable_until=change.stoppable_until,
        at=at,
    ):
        return
    change.ended_at = at
    person = change.person
    refused = _refusal(session, person, change.new_email)
    if refused is None and is_taken(session, change.new_email):
        refused = "Somebody has an account with that address."
    if refused is None:
        person.email = change.new_email
        session.flush()
        record(session, _self(person), Event.ADDRESS_CHANGED, subject_of(person), at=at)
    for to in (change.old_email, change.new_email):
        write(
            session,
            to=to,
            subject="Your email address stays" if refused else "Your email address was changed",
            template="identity/recovery/address_done.txt",
            at=at,
            person_id=person.id,
            name=person.name,
            new_email=change.new_email,
            refused=refused,
        )


def _refusal(session: Session, person: Person, email: str) -> str | None:
    """Why an address cannot be a person's: a colleague's mailbox, with roles kept apart."""
    for member in memberships_of(session, person.id):
        for twin in twins_of(
            session, member.organisation_id, name="", email=email, besides=person.id
        ):
            for problem in twin.problems_with(held_roles(member)):
                return problem
    return None


def _self(person: Person) -> Actor:
    return Actor(person.id, person.name, None)
