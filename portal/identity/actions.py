"""Signing in and out, and choosing the organisation to work as."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.factors.rules import Method
from portal.identity.models import Credential, Membership, Person, SignIn

MOST_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)


class Event(StrEnum):
    """What happens to sign-ins."""

    SIGNED_IN = "identity:person:signed-in"
    PASSWORD_GIVEN = "identity:person:password-given"  # noqa: S105 - a name
    SIGN_IN_FAILED = "identity:person:sign-in-failed"
    SECOND_STEP_FAILED = "identity:person:second-step-failed"
    LOCKED_OUT = "identity:person:locked-out"
    SIGNED_OUT = "identity:person:signed-out"
    ORGANISATION_CHOSEN = "identity:organisation:chosen"


def digest(secret: str) -> str:
    """What is kept of a browser's secret."""
    return sha256(secret.encode()).hexdigest()


def is_locked(credential: Credential, *, at: datetime) -> bool:
    """Whether nobody may try this person's password or code for now."""
    return credential.locked_until is not None and credential.locked_until > at


def note_failure(
    session: Session,
    person: Person,
    credential: Credential,
    *,
    event: Event = Event.SIGN_IN_FAILED,
    at: datetime,
) -> bool:
    """Count a wrong password or code; the tenth in a row locks the person out for 15 minutes (C7).

    The credential is held by this transaction. Gives whether this was the tenth.
    """
    credential.failures += 1
    locked = credential.failures >= MOST_FAILURES
    if locked:
        credential.failures = 0
        credential.locked_until = at + LOCKED_FOR
        event = Event.LOCKED_OUT
    record(session, _actor(person), event, _subject(person), at=at)
    return locked


def begin_sign_in(
    session: Session,
    person: Person,
    memberships: Sequence[Membership],
    *,
    owes_second_step: bool,
    browser: str,
    at: datetime,
) -> tuple[SignIn, str]:
    """Start a sign-in and give it with the secret that only the browser keeps.

    Somebody in one organisation works as it at once; otherwise they choose. Who owes a second
    step is half signed in until ``finish_sign_in``.
    """
    secret = secrets.token_urlsafe(32)
    started = SignIn(
        secret_digest=digest(secret),
        person_id=person.id,
        membership_id=memberships[0].id if len(memberships) == 1 else None,
        owes_second_step=owes_second_step,
        browser=browser,
        started_at=at,
        seen_at=at,
    )
    session.add(started)
    session.flush()
    if owes_second_step:
        record(
            session, _actor(person), Event.PASSWORD_GIVEN, _subject(person), at=at, browser=browser
        )
    return started, secret


def finish_sign_in(
    session: Session,
    started: SignIn,
    person: Person,
    credential: Credential | None,
    *,
    method: Method,
    at: datetime,
) -> str:
    """Everything owed was given: forget the failures, and give the browser another secret."""
    secret = secrets.token_urlsafe(32)
    started.secret_digest = digest(secret)
    if method is not Method.PASSWORD:
        started.confirmed_at = at
    if credential is not None:
        credential.failures = 0
        credential.locked_until = None
    record(
        session,
        _actor(person),
        Event.SIGNED_IN,
        _subject(person),
        at=at,
        by=method.value,
        browser=started.browser,
    )
    return secret


def note_seen(session: Session, sign_in_id: UUID, *, at: datetime) -> None:
    """Keep when a sign-in was last used, for its owner's list; nothing is decided by it."""
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id)
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )


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
