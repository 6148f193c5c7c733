"""Rows of files that people sent; ``put_bytes`` puts what they name into a storage."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from portal.identity.models import Organisation
from portal.kernel.files import FileState, Storage, StoredFile
from portal.kernel.files.kinds import FileKind
from tests.kernel.files.samples import PDF
from tests.makers.rows import RECORDED_AT, add


def make_stored_file(
    session: Session,
    *,
    council: Organisation | None = None,
    provider: Organisation | None = None,
    following_id: UUID | None = None,
    name: str = "Certificate.pdf",
    state: FileState = FileState.RELEASED,
) -> StoredFile:
    """A file of one or more parties."""
    return add(
        session,
        StoredFile(
            council_id=council.id if council else None,
            provider_id=provider.id if provider else None,
            following_id=following_id,
            name=name,
            kind=FileKind.PDF,
            size=len(PDF),
            sha256=sha256(PDF).hexdigest(),
            state=state,
            stored_at=RECORDED_AT,
        ),
    )


def put_bytes(session: Session, into: Storage) -> None:
    """The bytes of every file that was made, so that it can be opened."""
    for stored in session.query(StoredFile):
        into.put(stored.id, PDF)
