"""Asking somebody to prove again who they are, and counting what is wrong against them.

What is wrong is written in a transaction of its own, since the answer to it is a refusal, which
keeps nothing. The request's own transaction is let go first: it may hold SQLite's one writer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from portal.identity.actions import Event, is_locked, note_failure
from portal.identity.models import Credential
from portal.identity.passwords import matches
from portal.identity.queries import held_credential
from portal.identity.sign_ins.letters import tell_of_lock_out
from portal.kernel.database import working_as
from portal.kernel.session import database, db
from portal.kernel.tenancy import Scope, Task

SIGN_IN = Scope.system(Task.SIGN_IN)


def count_failure(person_id: UUID, event: Event = Event.SIGN_IN_FAILED, *, at: datetime) -> bool:
    """Count a wrong password or code, and write to whom the tenth locks out.

    Gives whether nobody may try for now, by this failure or one before it.
    """
    db().rollback()
    with database().transaction(SIGN_IN) as writing:
        found = held_credential(writing, person_id)
        if found is None or is_locked(found[1], at=at):
            return found is not None
        locked = note_failure(writing, *found, event=event, at=at)
        if locked:
            tell_of_lock_out(writing, found[0], at=at)
        return locked


def is_own_password(person_id: UUID, typed: str, *, at: datetime) -> bool:
    """Whether somebody signed in knows their password; a wrong one counts, as at the sign-in."""
    with working_as(db(), SIGN_IN):
        kept = db().get(Credential, person_id)
        right = (
            kept is not None and not is_locked(kept, at=at) and matches(kept.password_hash, typed)
        )
    if not right:
        count_failure(person_id, at=at)
    return right
