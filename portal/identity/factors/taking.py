"""Taking a passkey's answer: read, verified, and counted once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.identity.factors import actions
from portal.identity.factors.forms import NewPasskeyForm
from portal.identity.factors.models import Passkey
from portal.identity.factors.passkeys import (
    PasskeyRefused,
    Purpose,
    new_passkey,
    read_answer,
    verified_sign_count,
)
from portal.identity.factors.queries import passkey_of
from portal.identity.models import Person
from portal.identity.proving import SIGN_IN
from portal.kernel.session import database


def take_passkey(
    purpose: Purpose, person_id: UUID | None, token: str, said: str, *, at: datetime
) -> UUID | None:
    """The id of whose passkey answered this challenge rightly, for the first time; else None.

    A known passkey whose answer is not right is recorded: its count may show a copy. The caller
    has let the request's own transaction go.
    """
    try:
        answer = read_answer(purpose, person_id, token, said, at=at)
    except PasskeyRefused:
        return None
    with database().transaction(SIGN_IN) as writing:
        passkey = passkey_of(writing, answer.credential_id)
        if passkey is None or person_id not in (None, passkey.person_id):
            return None
        try:
            count = verified_sign_count(passkey, answer, alone=purpose is Purpose.SIGN_IN)
        except PasskeyRefused:
            person = writing.get_one(Person, passkey.person_id)
            actions.refuse_passkey(writing, person, passkey, at=at)
            return None
        if not actions.take_challenge(writing, answer.challenge, at=at):
            return None
        actions.use_passkey(passkey, sign_count=count, at=at)
        return passkey.person_id


def take_new_passkey(
    session: Session, person: Person, form: NewPasskeyForm, *, at: datetime
) -> Passkey | None:
    """The passkey that a person's browser has just made, not yet kept; None when it is not right.

    The session works as the sign-in.
    """
    try:
        answer = read_answer(Purpose.ADD, person.id, form.token.data, form.credential.data, at=at)
        made = new_passkey(person, answer, name=form.name.data, at=at)
    except PasskeyRefused:
        return None
    if passkey_of(session, made.credential_id) is not None:
        return None
    return made if actions.take_challenge(session, answer.challenge, at=at) else None
