"""Workers over a database alone, with handlers that only a test has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.kernel.database import Database
from portal.kernel.jobs import Work
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.registry import KINDS, SCHEDULES
from portal.kernel.jobs.worker import Worker
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Scope, Task

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LEASE = timedelta(minutes=2)
JOBS, POST = Scope.system(Task.JOBS), Scope.system(Task.POST)


@pytest.fixture(autouse=True)
def only_own_handlers() -> Iterator[None]:
    """What a test registers is gone after it, and nothing else is there."""
    kinds, schedules = dict(KINDS), dict(SCHEDULES)
    KINDS.clear()
    SCHEDULES.clear()
    yield
    KINDS.clear()
    SCHEDULES.clear()
    KINDS.update(kinds)
    SCHEDULES.update(schedules)


NewWorker = Callable[..., Worker]


@pytest.fixture
def worker(database: Database) -> NewWorker:
    """Makes a worker for whom it is a given moment."""
    bare = Flask("bare")
    bare.extensions["portal.database"] = database

    def make(at: datetime = NOON) -> Worker:
        return Worker(bare, moment=lambda _session: at)

    return make


def leave_mark(work: Work, mark: str = "mark") -> None:
    """What a handler of these tests does: a row that can be counted."""
    work.session.add(
        Letter(address=f"{mark}@post.example", subject="", body="", written_at=work.at)
    )


def marks(database: Database) -> list[str]:
    """The marks that were committed, in order."""
    with database.session(POST) as session:
        found = session.scalars(select(Letter.address).order_by(Letter.address))
        return [address.split("@")[0] for address in found]


def only_job(database: Database) -> Job:
    """The one job there is."""
    with database.session(JOBS) as session:
        return session.scalars(select(Job)).one()
