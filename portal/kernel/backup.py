"""A whole copy of a SQLite database, and of the files beside it, while they are in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from portal.kernel.errors import DomainError
from portal.kernel.files.store import Folder, Storage


class CannotBackUp(DomainError):
    """The copy cannot be made as asked; the sentence says what to do instead."""


def back_up(url: str, files: Storage, target: Path) -> Path | None:
    """Copy the database through SQLite's backup interface, which includes its log, then the files.

    The files come second, so that every one that the copied database names is among them, unless
    it was removed meanwhile. They lie in a folder named after the target, which is returned; files
    in a bucket stay there, and there is none. Raises CannotBackUp for another database, and where
    a file is in the way.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise CannotBackUp("This copies SQLite only. Back PostgreSQL up with pg_dump; see README.")
    beside = target.with_name(f"{target.name}.files")
    for path in (target, beside):
        if path.exists():
            raise CannotBackUp(f"{path} exists already. Give the copy a name of its own.")
    with (
        closing(sqlite3.connect(f"file:{address.database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    if not isinstance(files, Folder):
        return None
    files.copy_to(beside)
    return beside
