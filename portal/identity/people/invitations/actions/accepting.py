"""Accepting an invitation: once, whoever comes second with the same link."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.actions import digest
from portal.identity.models import Credential, Membership, Person
from portal.identity.people.actions.membership import RolesRefused, set_roles
from portal.identity.people.events import Event
from portal.identity.people.invitations.models import Invitation
from portal.identity.people.invitations.queries import (
    invitation_behind,
    standing_of,
)
from portal.identity.people.invitations.rules import Standing
from portal.identity.people.queries import (
    held_roles,
    lock_organisation,
    person_with,
    twins_of,
)
from portal.identity.rules import Role
from portal.kernel.errors import DomainError


class LinkGone(DomainError):
    """One sentence for a link that was used, withdrawn, has expired, or never was."""

    status = 410
    sentence = (
        "It may have been used already, taken back, or be too old. Invitations work once, for 7 "
        "days. If you have accepted before, sign in. Otherwise ask the person who invited you to "
        "send it again."
    )


class HasAccount(DomainError):
    """Somebody signs in with the invited address already, so they accept by signing in."""

    sentence = "There is an account with this email address already. Sign in to accept."


class ForSomebodyElse(DomainError):
    """The person who is signed in is not the one invited."""

    sentence = (
        "This invitation was sent to another email address than the one you sign in with. Sign "
        "out, then open the link again."
    )


def behind(session: Session, secret: str, *, at: datetime) -> Invitation:
    """The invitation that a link leads to, while it can be accepted. Raises LinkGone.

    Like all of this module, in a session that works as the sign-in's task.
    """
    invitation = invitation_behind(session, digest(secret))
    if invitation is None or standing_of(invitation, at) is not Standing.WAITING:
        raise LinkGone
    return invitation


def join_as_new(
    session: Session, secret: str, *, name: str, password_hash: str, at: datetime
) -> Membership:
    """Accept with a new account of this name and password.

    Raises LinkGone, HasAccount, and RolesRefused as ``join`` does.
    """
    invitation = _locked(session, secret, at=at)
    if person_with(session, invitation.email) is not None:
        raise HasAccount
    person = Person(email=invitation.email, name=name)
    session.add(person)
    session.flush()
    session.add(Credential(person_id=person.id, password_hash=password_hash))
    return _join(session, invitation, person, at=at)


def join(session: Session, secret: str, person_id: UUID, *, at: datetime) -> Membership:
    """Accept as somebody with an account; whoever had left comes back.

    Raises LinkGone, ForSomebodyElse, and RolesRefused where roles were given meanwhile to the
    same person's other account that cannot go with these.
    """
    invitation = _locked(session, secret, at=at)
    person = session.get_one(Person, person_id)
    if person.email != invitation.email:
        raise ForSomebodyElse
    return _join(session, invitation, person, at=at)


def _locked(session: Session, secret: str, *, at: datetime) -> Invitation:
    """The invitation as it stands once everybody else who changes the organisation is done."""
    lock_organisation(session, behind(session, secret, at=at).organisation_id)
    return behind(session, secret, at=at)


def _join(session: Session, invitation: Invitation, person: Person, *, at: datetime) -> Membership:
    roles = frozenset(Role(code) for code in invitation.roles)
    member = session.scalars(
        select(Membership)
        .where(
            Membership.person_id == person.id,
            Membership.organisation_id == invitation.organisation_id,
        )
        .execution_options(populate_existing=True)
    ).first()
    if member is None:
        member = Membership(person_id=person.id, organisation_id=invitation.organisation_id)
        session.add(member)
    if member.ended_at is not None or member.since is None:
        member.since = at
    member.ended_at = None
    session.flush()
    twins = twins_of(
        session,
        invitation.organisation_id,
        name=person.name,
        email=person.email,
        besides=person.id,
    )
    if problems := [problem for twin in twins for problem in twin.problems_with(roles)]:
        raise RolesRefused(problems)
    before = held_roles(member)
    set_roles(session, member, roles)
    member.version = (member.version or 0) + 1
    invitation.accepted_at = at
    record(
        session,
        Actor(person.id, person.name, invitation.organisation_id),
        Event.JOINED,
        Subject("person", person.id, person.name),
        at=at,
        given=sorted(roles - before),
        invited_by=invitation.invited_by_name,
    )
    return member
