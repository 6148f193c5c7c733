"""Adding, using and removing second factors, each recorded."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.factors.models import Authenticator, Passkey, RecoveryCode, UsedChallenge
from portal.identity.factors.rules import (
    CEREMONY_LASTS,
    RECOVERY_ALPHABET,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    say_recovery_code,
)
from portal.identity.models import Person
from portal.identity.passwords import hash_password


class Event(StrEnum):
    """What happens to second factors."""

    APP_ADDED = "identity:factor:app-added"
    APP_REMOVED = "identity:factor:app-removed"
    PASSKEY_ADDED = "identity:factor:passkey-added"
    PASSKEY_REMOVED = "identity:factor:passkey-removed"
    PASSKEY_REFUSED = "identity:factor:passkey-refused"
    CODES_MADE = "identity:factor:recovery-codes-made"
    CODE_USED = "identity:factor:recovery-code-used"


def add_app(
    session: Session, person: Person, *, sealed_secret: str, step: int, at: datetime
) -> None:
    """Keep an app whose code of this step was right; one that was there is replaced."""
    kept = session.merge(Authenticator(person_id=person.id))
    kept.sealed_secret, kept.last_step, kept.added_at = sealed_secret, step, at
    _record(session, person, Event.APP_ADDED, at=at)


def use_step(session: Session, person_id: UUID, step: int) -> bool:
    """Take the code of a step, once: False when it, or a later one, has been taken before."""
    taken = session.execute(
        update(Authenticator)
        .where(Authenticator.person_id == person_id, Authenticator.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return _rows(taken) == 1


def remove_app(session: Session, person: Person, *, at: datetime) -> None:
    """Let the app go."""
    session.execute(delete(Authenticator).where(Authenticator.person_id == person.id))
    _record(session, person, Event.APP_REMOVED, at=at)


def add_passkey(session: Session, person: Person, passkey: Passkey, *, at: datetime) -> None:
    """Keep a passkey that a browser has just made."""
    session.add(passkey)
    _record(session, person, Event.PASSKEY_ADDED, at=at, name=passkey.name)


def use_passkey(passkey: Passkey, *, sign_count: int, at: datetime) -> None:
    """Keep how often the passkey says it has signed, so that a copy of it is noticed."""
    passkey.sign_count, passkey.used_at = sign_count, at


def refuse_passkey(session: Session, person: Person, passkey: Passkey, *, at: datetime) -> None:
    """Record that a known passkey's answer was not right; it may have been copied."""
    _record(session, person, Event.PASSKEY_REFUSED, at=at, name=passkey.name)


def remove_passkey(session: Session, person: Person, passkey: Passkey, *, at: datetime) -> None:
    """Let a passkey go."""
    session.delete(passkey)
    _record(session, person, Event.PASSKEY_REMOVED, at=at, name=passkey.name)


def take_challenge(session: Session, challenge: str, *, at: datetime) -> bool:
    """Let a challenge be answered once; those too old to be answered are forgotten."""
    session.execute(delete(UsedChallenge).where(UsedChallenge.used_at < at - CEREMONY_LASTS))
    digest = sha256(challenge.encode()).hexdigest()
    try:
        with session.begin_nested():
            session.add(UsedChallenge(digest=digest, used_at=at))
    except IntegrityError:
        return False
    return True


def make_recovery_codes(session: Session, person: Person, *, at: datetime) -> list[str]:
    """Ten new recovery codes in place of those before; only their hashes are kept."""
    made = [
        "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session.add_all(
        RecoveryCode(person_id=person.id, number=number, code_hash=hash_password(secret))
        for number, secret in enumerate(made, start=1)
    )
    _record(session, person, Event.CODES_MADE, at=at, codes=len(made))
    return [say_recovery_code(number, secret) for number, secret in enumerate(made, start=1)]


def use_recovery_code(session: Session, person: Person, number: int, *, at: datetime) -> bool:
    """Use a recovery code up; False when somebody else was quicker."""
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.number == number,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    if _rows(used) != 1:
        return False
    _record(session, person, Event.CODE_USED, at=at, number=number)
    return True


def _rows(result: object) -> int:
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _record(
    session: Session, person: Person, event: Event, *, at: datetime, **details: object
) -> None:
    actor = Actor(person.id, person.name, None)
    record(session, actor, event, Subject("person", person.id, person.name), at=at, **details)
