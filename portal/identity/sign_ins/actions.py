"""Ending sign-ins, and changing one's password."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Credential, Person, SignIn


class Event(StrEnum):
    """What a person does to their own sign-ins."""

    ENDED = "identity:sign-in:ended"
    PASSWORD_CHANGED = "identity:person:password-changed"  # noqa: S105 - a name


def end_sign_ins(
    session: Session, person: Person, sign_ins: Iterable[SignIn], *, at: datetime
) -> None:
    """End these sign-ins of a person; their cookies are worth nothing now. Ended ones stay so."""
    for one in sign_ins:
        if one.ended_at is None:
            one.ended_at = at
            _record(session, person, Event.ENDED, at=at, browser=one.browser)


def change_password(
    session: Session, person: Person, credential: Credential, *, password_hash: str, at: datetime
) -> None:
    """Keep the hash of a new password, chosen by somebody who gave the present one."""
    credential.password_hash = password_hash
    _record(session, person, Event.PASSWORD_CHANGED, at=at)


def _record(
    session: Session, person: Person, event: Event, *, at: datetime, **details: object
) -> None:
    actor = Actor(person.id, person.name, None)
    record(session, actor, event, Subject("person", person.id, person.name), at=at, **details)
