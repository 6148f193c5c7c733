"""Signing in and out, and choosing the organisation to work as."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Credential, Membership, Person, SignIn

MOST_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)


class Event(StrEnum):
    """What happens to sign-ins."""

    SIGNED_IN = "identity:person:signed-in"
    SIGN_IN_FAILED = "identity:person:sign-in-failed"
    LOCKED_OUT = "identity:person:locked-out"
    SIGNED_OUT = "identity:person:signed-out"
    ORGANISATION_CHOSEN = "identity:organisation:chosen"


def digest(secret: str) -> str:
    """What is kept of a browser's secret."""
    return sha256(secret.encode()).hexdigest()


def note_failure(session: Session, person: Person, credential: Credential, *, at: datetime) -> None:
    """Count a wrong password; the tenth in a row locks the person out for 15 minutes (C7)."""
    credential.failures += 1
    event = Event.SIGN_IN_FAILED
    if credential.failures >= MOST_FAILURES:
        credential.failures = 0
        credential.locked_until = at + LOCKED_FOR
        event = Event.LOCKED_OUT
    record(session, _actor(person), event, _subject(person), at=at)


def sign_in(
    session: Session,
    person: Person,
    credential: Credential,
    memberships: list[Membership],
    *,
    at: datetime,
) -> tuple[SignIn, str]:
    """Start a sign-in and give it with the secret that only the browser keeps.

    Somebody in one organisation works as it at once; otherwise they choose.
    """
    secret = secrets.token_urlsafe(32)
    credential.failures = 0
    credential.locked_until = None
    started = SignIn(
        secret_digest=digest(secret),
        person_id=person.id,
        membership_id=memberships[0].id if len(memberships) == 1 else None,
        started_at=at,
    )
    session.add(started)
    record(session, _actor(person), Event.SIGNED_IN, _subject(person), at=at)
    return started, secret


def choose_organisation(
    session: Session, started: SignIn, person: Person, membership: Membership, *, at: datetime
) -> None:
    """Work as this organisation from now on."""
    started.membership_id = membership.id
    organisation = membership.organisation
    record(
        session,
        Actor(person.id, person.name, organisation.id),
        Event.ORGANISATION_CHOSEN,
        Subject("organisation", organisation.id, organisation.name),
        at=at,
    )


def sign_out(session: Session, started: SignIn, person: Person, *, at: datetime) -> None:
    """End a sign-in; its cookie is worth nothing afterwards."""
    started.ended_at = at
    record(session, _actor(person), Event.SIGNED_OUT, _subject(person), at=at)


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.name, None)


def _subject(person: Person) -> Subject:
    return Subject("person", person.id, person.name)
