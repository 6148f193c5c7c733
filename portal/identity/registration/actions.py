"""Asking to register a provider, and making it once the address is proved.

All of it in a session that works as the sign-in's task.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.actions import digest
from portal.identity.models import Credential, Membership, Organisation, Person
from portal.identity.people.actions.membership import set_roles
from portal.identity.people.events import Event
from portal.identity.people.queries import person_with
from portal.identity.registration.models import Registration
from portal.identity.registration.rules import MOST_WAITING, WAITS_FOR, Details
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.errors import DomainError
from portal.kernel.jobs import Work, every
from portal.kernel.post import write
from portal.kernel.tenancy import Task


class LinkGone(DomainError):
    """One sentence for a link that was used, has expired, or never was."""

    status = 410
    sentence = (
        "It may have been used already, or be too old: it works once, for 7 days. If you have "
        "registered before, sign in. Otherwise register again."
    )


class HasAccount(DomainError):
    """Somebody signs in with the address already, so they confirm by signing in."""

    sentence = "There is an account with this email address already. Sign in to go on."


class ForSomebodyElse(DomainError):
    """The person who is signed in is not the one the letter went to."""

    sentence = (
        "This link was sent to another email address than the one you sign in with. Sign out, "
        "then open the link again."
    )


class RegisteredAlready(DomainError):
    """A provider of that name is registered."""

    sentence = (
        "A provider of this name is registered already. If you work for it, ask to join it. If "
        "yours is another, register it again under a name that tells it apart, for example with "
        "its town."
    )


def register(session: Session, details: Details, *, at: datetime) -> None:
    """Keep what was said, and send the link that proves the address.

    The same happens whether or not the provider or the address is known.
    """
    waiting = session.scalars(
        select(func.count(Registration.id)).where(
            Registration.email == details.email, Registration.expires_at > at
        )
    ).one()
    if waiting >= MOST_WAITING:
        return
    secret = secrets.token_urlsafe(32)
    registration = Registration(
        **asdict(details), secret_digest=digest(secret), asked_at=at, expires_at=at + WAITS_FOR
    )
    session.add(registration)
    session.flush()
    write(
        session,
        to=details.email,
        subject="Confirm your registration",
        template="identity/registration/confirm.txt",
        at=at,
        expires_at=registration.expires_at,
        secret=secret,
    )


def behind(session: Session, secret: str, *, at: datetime) -> Registration:
    """The registration that a link leads to, while it can be confirmed. Raises LinkGone."""
    found = session.scalars(
        select(Registration).where(
            Registration.secret_digest == digest(secret), Registration.expires_at > at
        )
    ).first()
    if found is None:
        raise LinkGone
    return found


def _locked(session: Session, secret: str, *, at: datetime) -> Registration:
    """The same, once nobody else is confirming it."""
    found = behind(session, secret, at=at)
    again = session.get(Registration, found.id, with_for_update=True, populate_existing=True)
    if again is None:
        raise LinkGone
    return again


def is_registered(session: Session, name: str) -> bool:
    """Whether there is a provider of this name, in whatever case and spacing."""
    wanted = _plain(name)
    names = session.scalars(
        select(Organisation.name)
        .where(
            Organisation.kind == OrganisationKind.PROVIDER,
            func.lower(Organisation.name) == wanted,
        )
        .order_by(Organisation.name)
    )
    return any(_plain(one) == wanted for one in names)


def confirm_as_new(
    session: Session, secret: str, *, password_hash: str, at: datetime
) -> Organisation:
    """Make the provider, and an account for its first administrator.

    Raises LinkGone, HasAccount, RegisteredAlready.
    """
    registration = _locked(session, secret, at=at)
    if person_with(session, registration.email) is not None:
        raise HasAccount
    person = Person(email=registration.email, name=registration.person_name)
    session.add(person)
    session.flush()
    session.add(Credential(person_id=person.id, password_hash=password_hash))
    return _make(session, registration, person, at=at)


def confirm(session: Session, secret: str, person_id: UUID, *, at: datetime) -> Organisation:
    """Make the provider, with somebody who has an account as its first administrator.

    Raises LinkGone, ForSomebodyElse, RegisteredAlready.
    """
    registration = _locked(session, secret, at=at)
    person = session.get_one(Person, person_id)
    if person.email != registration.email:
        raise ForSomebodyElse
    return _make(session, registration, person, at=at)


def _make(
    session: Session, registration: Registration, person: Person, *, at: datetime
) -> Organisation:
    if is_registered(session, registration.name):
        raise RegisteredAlready
    organisation = Organisation(
        kind=OrganisationKind.PROVIDER,
        name=registration.name,
        legal_name=registration.legal_name,
        company_number=registration.company_number,
        street=registration.street,
        city=registration.city,
        postcode=registration.postcode,
        accounts_email=registration.email,
    )
    session.add(organisation)
    session.flush()
    member = Membership(person_id=person.id, organisation_id=organisation.id, since=at)
    session.add(member)
    session.flush()
    set_roles(session, member, frozenset({Role.PROVIDER_ADMINISTRATOR}))
    session.delete(registration)
    session.flush()
    record(
        session,
        Actor(person.id, person.name, organisation.id),
        Event.REGISTERED,
        Subject("organisation", organisation.id, organisation.name),
        at=at,
    )
    return organisation


@every("registration:sweep", daily="03:20", scope=Task.SIGN_IN)
def forget_the_expired(work: Work) -> None:
    """What nobody confirmed in time is kept no longer."""
    work.session.execute(
        delete(Registration)
        .where(Registration.expires_at <= work.at)
        .execution_options(synchronize_session=False)
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()
