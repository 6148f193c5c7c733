"""Rows of files that people sent; their bytes only where a test puts them into the storage."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from portal.identity.models import Organisation
from portal.kernel.files import FileState, StoredFile
from portal.kernel.files.kinds import FileKind
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
            size=1000,
            sha256="0" * 64,
            state=state,
            stored_at=RECORDED_AT,
        ),
    )
