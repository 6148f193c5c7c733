"""The copies that somebody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.kernel.database import working_as
from portal.kernel.errors import NotFound
from portal.kernel.files import FileState, StoredFile, storage
from portal.kernel.files.refusals import BeingChecked, OutOfReach
from portal.kernel.tenancy import Scope
from portal.rights.copies.models import PersonalCopy

SHOWN = 20


def copies_asked_by(session: Session, person_id: UUID) -> Sequence[PersonalCopy]:
    """What a person asked for, working as this organisation, the newest first; at most 20."""
    return session.scalars(
        select(PersonalCopy)
        .where(PersonalCopy.asked_by == person_id)
        .options(joinedload(PersonalCopy.person))
        .order_by(PersonalCopy.asked_at.desc(), PersonalCopy.id.desc())
        .limit(SHOWN)
    ).all()


def get_copy(session: Session, copy_id: UUID) -> PersonalCopy:
    """A copy that the viewer asked for and that was made. Raises NotFound."""
    found = session.get(PersonalCopy, copy_id)
    if found is None or found.file_id is None:
        raise NotFound
    return found


def text_of(session: Session, copy: PersonalCopy) -> bytes:
    """What a copy says, as it is kept; only whoever holds the copy reaches its file.

    Raises BeingChecked while a scanner looks at it, OutOfReach when the storage is away.
    """
    with working_as(session, Scope.follower(copy.id)):
        stored = session.get_one(StoredFile, copy.file_id)
    if stored.state is not FileState.RELEASED:
        raise BeingChecked
    try:
        with storage().open(stored.id) as opened:
            return opened.read()
    except OSError as error:
        raise OutOfReach from error
