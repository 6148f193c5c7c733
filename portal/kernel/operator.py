"""The operator's way to the database, for command lines: never used by a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from portal.kernel.database import Database, ScopedSession
from portal.kernel.tenancy import Scope, Task


@contextmanager
def as_operator() -> Iterator[ScopedSession]:
    """A transaction of the operator's, over the connection that owns the tables."""
    database = Database(current_app.config["OWNER_URL"])
    try:
        with database.transaction(Scope.system(Task.OPERATOR)) as session:
            yield session
    finally:
        database.close()
