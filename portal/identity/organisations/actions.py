"""The operator's help: a new organisation, somebody locked out, sign-ins that must end.

The operator sees no tenant's work through these, and each is in the record of every organisation
that it touches, with the reason given.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Credential, Organisation, Person
from portal.identity.people.events import Event
from portal.identity.people.invitations.actions.inviting import invite
from portal.identity.people.queries import person_with
from portal.identity.queries import memberships_of
from portal.identity.recovery.actions.links import end_sign_ins, subject_of
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.errors import DomainError

OPERATOR = "The portal's operator"
FIRST_ROLE = {
    OrganisationKind.COUNCIL: Role.COUNCIL_ADMINISTRATOR,
    OrganisationKind.PROVIDER: Role.PROVIDER_ADMINISTRATOR,
}


class NameTaken(DomainError):
    """There is a council, or a provider, of that name already."""

    sentence = "There is one of that name already, so nothing was created."


class NobodyThere(DomainError):
    """Nobody signs in with that address."""

    sentence = "Nobody signs in with that email address."


def create_organisation(
    session: Session,
    *,
    kind: OrganisationKind,
    name: str,
    legal_name: str,
    street: str,
    city: str,
    postcode: str,
    administrator: str,
    email: str,
    reason: str,
    at: datetime,
) -> Organisation:
    """Create a council or a provider, and invite its first administrator. Raises NameTaken."""
    taken = select(Organisation.id).where(Organisation.kind == kind, Organisation.name == name)
    if session.scalars(taken).first() is not None:
        raise NameTaken
    organisation = Organisation(
        kind=kind, name=name, legal_name=legal_name, street=street, city=city, postcode=postcode
    )
    session.add(organisation)
    session.flush()
    operator = Actor(None, OPERATOR, organisation.id)
    record(
        session,
        operator,
        Event.ORGANISATION_CREATED,
        Subject("organisation", organisation.id, organisation.name),
        at=at,
        reason=reason,
    )
    invite(
        session,
        operator,
        name=administrator,
        email=email.strip().lower(),
        roles=[FIRST_ROLE[kind]],
        difference="",
        at=at,
    )
    return organisation


def unlock(session: Session, email: str, *, reason: str, at: datetime) -> Person:
    """Let somebody try their password again before their quarter of an hour is over.

    Raises NobodyThere.
    """
    person = _person(session, email)
    credential = session.get(Credential, person.id)
    if credential is not None:
        credential.failures = 0
        credential.locked_until = None
    _record(session, person, Event.UNLOCKED, reason=reason, at=at)
    return person


def end_all_sign_ins(session: Session, email: str, *, reason: str, at: datetime) -> int:
    """End every sign-in of a person, and say how many there were. Raises NobodyThere."""
    person = _person(session, email)
    count = end_sign_ins(session, person.id, at=at)
    _record(session, person, Event.SIGN_INS_ENDED, reason=reason, at=at)
    return count


def _person(session: Session, email: str) -> Person:
    person = person_with(session, email.strip().lower())
    if person is None:
        raise NobodyThere
    return person


def _record(session: Session, person: Person, event: StrEnum, *, reason: str, at: datetime) -> None:
    """In the record of each organisation that the person works for, or of none."""
    touched: list[UUID | None] = [m.organisation_id for m in memberships_of(session, person.id)]
    for organisation_id in touched or [None]:
        record(
            session,
            Actor(None, OPERATOR, organisation_id),
            event,
            subject_of(person),
            at=at,
            reason=reason,
        )
