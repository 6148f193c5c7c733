"""A file taken in, given back, and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from flask import Response, current_app, send_file
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.kernel.errors import NotFound
from portal.kernel.files.kinds import FileKind, recognise, say_kinds
from portal.kernel.files.models import FileState, StoredFile
from portal.kernel.files.names import shown_name
from portal.kernel.files.refusals import (
    BeingChecked,
    FileRefused,
    FoundHarmful,
    NoRoom,
    OutOfReach,
    UnknownKind,
)
from portal.kernel.files.scanning import scanner
from portal.kernel.files.store import storage
from portal.kernel.ids import new_id
from portal.kernel.jobs import enqueue

LARGEST_FILE = 10 * 1024 * 1024  # bytes
SAID_LARGEST = "10 MB"


@dataclass(frozen=True, slots=True)
class Examined:
    """A sent file that can be taken: its clean name, its kind, its bytes as they will be kept."""

    name: str
    kind: FileKind
    content: bytes


def examine(upload: FileStorage, *, kinds: Sequence[FileKind] = tuple(FileKind)) -> Examined:
    """Read a sent file and see what it is. Nothing is kept yet.

    Raises FileRefused with a sentence.
    """
    content = upload.stream.read(LARGEST_FILE + 1)
    upload.stream.seek(0)
    if not content:
        raise FileRefused("This file is empty. Choose another one.")
    if len(content) > LARGEST_FILE:
        raise FileRefused(
            "This file is larger than %(most)s. Send a smaller one, or send it in parts.",
            most=SAID_LARGEST,
        )
    try:
        kind, content = recognise(content, upload.filename or "")
    except UnknownKind:
        raise FileRefused(
            "This is not a kind of file that can be taken, whatever its name says. Send %(kinds)s.",
            kinds=say_kinds(kinds),
        ) from None
    if kind not in kinds:
        raise FileRefused(
            "This kind of file cannot be taken here. Send %(kinds)s.", kinds=say_kinds(kinds)
        )
    return Examined(shown_name(upload.filename or "", kind.ending), kind, content)


def keep(
    session: Session,
    upload: FileStorage | Examined,
    *,
    council_id: UUID | None = None,
    provider_id: UUID | None = None,
    following_id: UUID | None = None,
    at: datetime,
) -> StoredFile:
    """Keep a sent file for these parties, in the transaction of the thing that it hangs on.

    It may be opened once the virus scanner has found nothing; at once where none is set up.
    Raises FileRefused with a sentence; its status is 503 when only the storage is to blame.
    """
    examined = upload if isinstance(upload, Examined) else examine(upload)
    stored = StoredFile(
        id=new_id(),
        council_id=council_id,
        provider_id=provider_id,
        following_id=following_id,
        name=examined.name,
        kind=examined.kind,
        size=len(examined.content),
        sha256=sha256(examined.content).hexdigest(),
        state=FileState.RELEASED if scanner() is None else FileState.QUARANTINED,
        stored_at=at,
    )
    session.add(stored)
    session.flush()
    try:
        storage().put(stored.id, examined.content)
    except OSError as error:
        current_app.logger.exception("a file could not be stored")
        raise NoRoom from error
    if stored.state is FileState.QUARANTINED:
        enqueue(session, "files:scan", at=at, arguments={"file_id": stored.id.hex})
    return stored


def copied(session: Session, stored: StoredFile, *, at: datetime) -> StoredFile:
    """The same file once more under an id of its own, for the same parties.

    Raises FileRefused, and OutOfReach when the storage does not give the first.
    """
    return keep(
        session,
        Examined(stored.name, stored.kind, _content_of(stored)),
        council_id=stored.council_id,
        provider_id=stored.provider_id,
        following_id=stored.following_id,
        at=at,
    )


def answer_with(stored: StoredFile | None) -> Response:
    """The file as a download, never shown inside the browser.

    Raises NotFound for none, BeingChecked or FoundHarmful when it may not be opened, OutOfReach
    when the storage does not give it.
    """
    if stored is None:
        raise NotFound
    if stored.state is FileState.QUARANTINED:
        raise BeingChecked
    if stored.state is FileState.REFUSED:
        raise FoundHarmful
    response = send_file(
        BytesIO(_content_of(stored)),
        mimetype=stored.kind.media_type,
        as_attachment=True,
        download_name=stored.name,
        conditional=False,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _content_of(stored: StoredFile) -> bytes:
    """The bytes as they were kept, and no others."""
    try:
        with storage().open(stored.id) as opened:
            content = opened.read()
    except OSError as error:
        current_app.logger.exception("file %s could not be read", stored.id)
        raise OutOfReach from error
    if sha256(content).hexdigest() != stored.sha256:
        current_app.logger.error("file %s is not as it was kept", stored.id)
        raise OutOfReach
    return content


def forget(session: Session, stored: StoredFile, *, at: datetime) -> None:
    """Delete a file; its bytes go once the deletion has been committed."""
    session.delete(stored)
    enqueue(session, "files:remove", at=at, arguments={"file_id": stored.id.hex})
