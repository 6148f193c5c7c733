"""What the machines of what is kept share: how much they run, a session for each run, and that a
step has one effect or none (promise 20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.kernel.database import Database
from portal.kernel.errors import DomainError
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import AT
from tests.support.size import size

OPERATOR = Scope.system(Task.OPERATOR)
Read = Row[*tuple[Any, ...]]
Rows = Sequence[Read]
EVENTS = select(func.count(AuditEvent.id).label("events"))


def runs(engine: str, everyday: int) -> settings:
    """The promise's 2,000 runs of 50 steps; 100 on PostgreSQL, where each step takes a journey."""
    return settings(
        max_examples=size(everyday, 2_000 if engine == "sqlite" else 100),
        stateful_step_count=size(20, 50),
        derandomize=True,
        database=None,
    )


class Kept(RuleBasedStateMachine):
    """One session for a run, rolled back at its end."""

    database: Database
    scope = OPERATOR

    def __init__(self) -> None:
        super().__init__()
        self.session: Session = self.database.session(self.scope, writes=True)
        self.at = AT

    def teardown(self) -> None:
        """Leave the database as it was."""
        self.session.rollback()
        self.session.close()


class Stepwise(Kept):
    """A step does one thing and records it; one that is refused leaves all as it was.

    What is kept is read from the database once after each step, past whatever the session
    remembers, so that 2,000 runs are a matter of minutes.
    """

    now: Any

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.session.connection()
        self.events = self.recorded()
        self.now = self.look()

    def look(self) -> Any:
        """What is kept now."""
        raise NotImplementedError

    def read(self, statement: Select[*tuple[Any, ...]], **given: UUID) -> Rows:
        """Rows as they stand in the database."""
        return self.connection.execute(statement, given).all()

    def recorded(self) -> int:
        """How many events there are."""
        return int(self.read(EVENTS)[0].events)

    @contextmanager
    def one_effect(self, *, alone: bool = True) -> Iterator[None]:
        """The step is recorded once, or with what follows from it, or changes nothing at all.

        What the session remembers is dropped, as each request begins with a session of its own.
        """
        self.at += timedelta(minutes=1)
        try:
            with self.session.begin_nested():
                yield
        except DomainError:
            self.session.expunge_all()
            assert self.recorded() == self.events, "what was refused was recorded as done"
            assert self.look() == self.now, "what was refused was done in part"
            raise
        self.session.expunge_all()
        before, self.events = self.events, self.recorded()
        assert self.events == before + 1 if alone else self.events > before
        self.now = self.look()
