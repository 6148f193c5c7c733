"""The worker: takes what is due, does it, and says how it went."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from logging import getLogger
from threading import Event

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.kernel import clock
from portal.kernel.database import Database, ScopedSession, enter
from portal.kernel.errors import DomainError
from portal.kernel.jobs import queue
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.registry import SCHEDULES, Kind, Schedule, kind_of
from portal.kernel.jobs.rules import GiveUp, wait_after
from portal.kernel.jobs.work import Work
from portal.kernel.tenancy import Scope, Task

log = getLogger("portal.jobs")

PAUSE = 1.0  # seconds between two looks at a queue that was empty
OUR_SIDE = "Something went wrong on our side, so this was not finished."
BROKE_OFF = "This was started several times and never came to its end."


class Worker:
    """Does one job at a time; several may run, in threads, processes and machines.

    ``moment`` says what time it is by the database's clock; tests give their own, and
    fewer ``schedules``.
    """

    def __init__(
        self,
        app: Flask,
        *,
        moment: Callable[[Session], datetime] = clock.now_of,
        schedules: Mapping[str, Schedule] = SCHEDULES,
    ) -> None:
        self._app = app
        self._database: Database = app.extensions["portal.database"]
        self._moment = moment
        self._schedules = schedules
        self._scheduled: dict[str, str] = {}

    def run(self, stop: Event) -> None:
        """Work until told to stop, which ends after the job in hand."""
        while not stop.is_set():
            try:
                busy = self.once()
            except DBAPIError as error:
                # Locked or away for a moment: what is in hand keeps its lease and comes back.
                log.warning("the database did not answer: %s", type(error.__cause__).__name__)
                busy = False
            if not busy:
                stop.wait(PAUSE)

    def once(self) -> bool:
        """Do the job that has been due for longest; False when none is."""
        with self._app.app_context():
            job = self._take()
            if job is not None:
                self._perform(job)
            return job is not None

    def _take(self) -> Job | None:
        with self._database.session(Scope.system(Task.JOBS)) as session:
            at = self._moment(session)
            self._schedule(at)
            if not queue.is_anything_due(session, at=at):
                return None
        with self._database.transaction(Scope.system(Task.JOBS)) as session:
            return queue.take(session, at=self._moment(session))

    def _schedule(self, at: datetime) -> None:
        """Ask for what has come due since this worker looked last."""
        latest = {name: schedule.timetable.latest(at) for name, schedule in self._schedules.items()}
        new = {name: turn for name, turn in latest.items() if self._scheduled.get(name) != turn.key}
        if not new:
            return
        with self._database.transaction(Scope.system(Task.JOBS)) as session:
            for name, turn in new.items():
                queue.enqueue(session, name, at=at, key=turn.key)
        self._scheduled.update({name: turn.key for name, turn in new.items()})

    def _perform(self, job: Job) -> None:
        kind = kind_of(job.name)
        if job.attempts > kind.attempts:  # each earlier one took its worker with it
            self._end_badly(job, kind, GiveUp(BROKE_OFF))
            return
        try:
            with self._database.session(_scope(job, kind), writes=True) as session:
                work = self._work(session, job, kind)
                kind.handler(work, **job.arguments)
                session.flush()
                enter(session, Scope.system(Task.JOBS))
                queue.finish(session, job, at=self._moment(session), made=work.made)
                session.commit()
        except queue.LeaseLost:
            log.warning("%s %s was taken over; nothing of it is kept here", job.name, job.id)
        except Exception as error:
            log.warning("%s %s, attempt %d", job.name, job.id, job.attempts, exc_info=error)
            if isinstance(error, GiveUp) or job.attempts >= kind.attempts:
                self._end_badly(job, kind, error)
            else:
                self._try_again(job, error)

    def _try_again(self, job: Job, error: Exception) -> None:
        wait = wait_after(job.attempts, random.random())  # noqa: S311 - it only spreads the load
        with self._database.transaction(Scope.system(Task.JOBS)) as session:
            at = self._moment(session)
            queue.try_again(session, job, problem=_sentence(error), error=error, run_at=at + wait)

    def _end_badly(self, job: Job, kind: Kind, error: Exception) -> None:
        """Mark the job as failed, in one transaction with what its kind does about it."""
        log.error("%s %s has failed for good: %s", job.name, job.id, type(error).__name__)
        with self._database.session(_scope(job, kind), writes=True) as session:
            if kind.given_up is not None:
                kind.given_up(self._work(session, job, kind), **job.arguments)
                session.flush()
            enter(session, Scope.system(Task.JOBS))
            at = self._moment(session)
            queue.fail(session, job, problem=_sentence(error), error=error, at=at)
            session.commit()

    def _work(self, session: ScopedSession, job: Job, kind: Kind) -> Work:
        return Work(
            session=session,
            database=self._database,
            scope=_scope(job, kind),
            at=job.run_at - kind.lease,  # the moment it was taken
            job=job,
            lasts=kind.lease,
            moment=self._moment,
        )


def _scope(job: Job, kind: Kind) -> Scope:
    """Whom a job works for: its kind's system task, or whoever asked for it."""
    if kind.scope is not None:
        return Scope.system(kind.scope)
    return Scope(
        organisation_id=job.organisation_id,
        person_id=job.person_id,
        only_assigned=job.only_assigned,
    )


def _sentence(error: Exception) -> str:
    """What the person who asked is told; only a refusal has words for them."""
    return error.sentence if isinstance(error, DomainError) else OUR_SIDE
