"""What a handler is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.kernel.database import Database, ScopedSession
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.queue import go_on
from portal.kernel.tenancy import Scope, Task


@dataclass(slots=True)
class Work:
    """One attempt at a job.

    ``session`` is the handler's transaction; it begins with its first statement and commits
    together with the job's being done. On SQLite the whole portal waits for it to write, so long
    reading belongs in ``reading()`` and a conversation with another machine before it. ``at`` is
    the moment of the attempt (UTC), ``scope`` whom it works for.
    """

    session: ScopedSession
    database: Database
    scope: Scope
    at: datetime
    job: Job
    lasts: timedelta
    moment: Callable[[Session], datetime]
    made: dict[str, Any] | None = None

    @contextmanager
    def reading(self) -> Iterator[ScopedSession]:
        """A session that only reads, and keeps nobody from writing."""
        with self.database.session(self.scope) as session:
            yield session

    def progress(self, done: int, of: int) -> None:
        """Show how far the work is, at once, and keep the lease for as long again.

        Raises LeaseLost when another worker has taken the job over. On SQLite nothing can be
        written beside the handler's own transaction, so once that has begun this does nothing;
        nobody can take the job over then either.
        """
        alone = self.database.engine.dialect.name == "sqlite"
        if alone and self.session.in_transaction():
            return
        with self.database.transaction(Scope.system(Task.JOBS)) as session:
            until = self.moment(session) + self.lasts
            go_on(session, self.job, done=done, of=of, until=until)

    def shows(self, label: str, endpoint: str, **values: Any) -> None:
        """Say where what was made can be seen; the job's page links there once it is done."""
        self.made = {"label": label, "endpoint": endpoint, "values": values}
