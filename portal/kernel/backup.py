"""A whole copy of a SQLite database while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from portal.kernel.errors import DomainError


class CannotBackUp(DomainError):
    """The copy cannot be made as asked; the sentence says what to do instead."""


def back_up(url: str, target: Path) -> None:
    """Copy the database through SQLite's backup interface, which includes its log.

    Raises CannotBackUp for another database, and where a file is in the way.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise CannotBackUp("This copies SQLite only. Back PostgreSQL up with pg_dump; see README.")
    if target.exists():
        raise CannotBackUp(f"{target} exists already. Give the copy a name of its own.")
    with (
        closing(sqlite3.connect(f"file:{address.database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
