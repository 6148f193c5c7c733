"""Links that let a person back in: sent to their own address, once, for a while."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.actions import digest
from portal.identity.letters import write_to
from portal.identity.models import Credential, Person
from portal.identity.people.events import Event as PeopleEvent
from portal.identity.people.queries import SIGN_IN, administrators, get_member, person_with
from portal.identity.queries import memberships_of
from portal.identity.recovery.events import Event
from portal.identity.recovery.models import RecoveryLink
from portal.identity.recovery.queries import (
    factors_of,
    link_behind,
    links_sent,
    lock_person,
    open_sign_ins,
    unused_links,
)
from portal.identity.recovery.rules import LASTS, LinkKind, link_works, may_send_another
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.jobs import Work, enqueue, job
from portal.kernel.tenancy import Task


class RecoveryLinkGone(DomainError):
    """One sentence for a link that was used, has expired, or never was."""

    status = 410
    sentence = (
        "It may have been used already or be too old. Each link works once, and not for long. "
        "Go to the sign-in page and ask for a new one, or ask an administrator of your "
        "organisation."
    )


class OwnFactor(DomainError):
    """Administrators would remove their own second factor."""

    sentence = (
        "You cannot start this for yourself. Use a recovery code to sign in, or ask another "
        "administrator."
    )


def ask_for_password(session: Session, email: str, *, at: datetime) -> None:
    """Take in that somebody forgot a password, without looking whether there is such a person.

    A job looks, so that the answer takes as long for a stranger. In a session that works as the
    sign-in's task, as all of this module but ``start_factor_reset``.
    """
    enqueue(session, "identity:forgotten-password", at=at, arguments={"email": email})


@job("identity:forgotten-password", scope=Task.SIGN_IN)
def send_password_link(work: Work, *, email: str) -> None:
    """Write to the person of this address, if there is one and fewer than three in an hour."""
    session, at = work.session, work.at
    person = person_with(session, email)
    if person is None or not may_send_another(links_sent(session, person.id, at)):
        return
    secret = make_link(session, person, LinkKind.PASSWORD, at=at)
    template = "recovery/new_password.txt"
    write_to(session, person, "Set a new password", template, at=at, secret=secret)
    record(session, _actor(person), Event.RESET_ASKED, subject_of(person), at=at)


def make_link(session: Session, person: Person, kind: LinkKind, *, at: datetime) -> str:
    """Keep a new link of a person's, and give the secret that only its letter holds."""
    secret = secrets.token_urlsafe(32)
    session.add(
        RecoveryLink(
            person_id=person.id,
            kind=kind,
            secret_digest=digest(secret),
            made_at=at,
            expires_at=at + LASTS[kind],
        )
    )
    session.flush()
    return secret


def behind(session: Session, kind: LinkKind, secret: str, *, at: datetime) -> RecoveryLink:
    """The link of this kind with that secret, while it works. Raises RecoveryLinkGone."""
    link = link_behind(session, kind, digest(secret))
    if link is None or not link_works(link.expires_at, link.used_at, at):
        raise RecoveryLinkGone
    return link


def set_password(session: Session, secret: str, *, password_hash: str, at: datetime) -> Person:
    """Set a new password through a link; every sign-in ends and no other link works.

    The second factor stays, and is asked for at the next sign-in. Raises RecoveryLinkGone.
    """
    person = _locked(session, LinkKind.PASSWORD, secret, at=at).person
    credential = session.get(Credential, person.id)
    if credential is None:
        credential = Credential(person_id=person.id, password_hash=password_hash)
        session.add(credential)
    credential.password_hash = password_hash
    credential.failures = 0
    credential.locked_until = None
    for link in unused_links(session, person.id):
        if link.kind is LinkKind.PASSWORD:
            link.used_at = at
    end_sign_ins(session, person.id, at=at)
    record(session, _actor(person), Event.PASSWORD_RESET, subject_of(person), at=at)
    write_to(session, person, "Your password was changed", "recovery/password_changed.txt", at=at)
    return person


def start_factor_reset(
    session: Session, actor: Actor, membership_id: UUID, *, reason: str, at: datetime
) -> None:
    """Let somebody who lost their second factor set up a new one, through a link for 24 hours.

    An administrator's word and the person's own mailbox together; the password is still asked
    for at the sign-in. Every administrator of every organisation that they belong to is told.
    Raises NotFound, and OwnFactor.
    """
    if actor.organisation_id is None:
        raise NotFound
    member = get_member(session, actor.organisation_id, membership_id)
    if member.ended_at is not None:
        raise NotFound
    if member.person_id == actor.person_id:
        raise OwnFactor
    person = member.person
    record(
        session,
        actor,
        PeopleEvent.FACTOR_RESET_STARTED,
        subject_of(person),
        at=at,
        reason=reason,
    )
    with working_as(session, SIGN_IN):
        secret = make_link(session, person, LinkKind.SECOND_FACTOR, at=at)
        write_to(
            session,
            person,
            "Set up a new second factor",
            "recovery/new_factor.txt",
            at=at,
            administrator=actor.name,
            secret=secret,
        )
        told = {
            one.id: one
            for membership in memberships_of(session, person.id)
            for one in administrators(session, membership.organisation_id)
            if one.id not in (actor.person_id, person.id)
        }
        for one in told.values():
            write_to(
                session,
                one,
                "A colleague may set up a new second factor",
                "recovery/factor_told.txt",
                at=at,
                administrator=actor.name,
                about=person.name,
            )


def remove_factors(session: Session, secret: str, *, at: datetime) -> Person:
    """Remove a person's codes, passkeys and recovery codes through a link; every sign-in ends.

    Raises RecoveryLinkGone.
    """
    link = _locked(session, LinkKind.SECOND_FACTOR, secret, at=at)
    link.used_at = at
    person = link.person
    for factor in factors_of(session, person.id):
        session.delete(factor)
    end_sign_ins(session, person.id, at=at)
    record(session, _actor(person), Event.FACTORS_REMOVED, subject_of(person), at=at)
    write_to(
        session, person, "Your second factor was removed", "recovery/factor_removed.txt", at=at
    )
    return person


def end_sign_ins(session: Session, person_id: UUID, *, at: datetime) -> int:
    """End every sign-in of a person, and say how many there were."""
    found = open_sign_ins(session, person_id)
    for sign_in in found:
        sign_in.ended_at = at
    session.flush()
    return len(found)


def subject_of(person: Person) -> Subject:
    """A person, as the record names them."""
    return Subject("person", person.id, person.name)


def _locked(session: Session, kind: LinkKind, secret: str, *, at: datetime) -> RecoveryLink:
    """The link as it stands once whoever else uses one of the person's is done."""
    lock_person(session, behind(session, kind, secret, at=at).person_id)
    return behind(session, kind, secret, at=at)


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.name, None)
