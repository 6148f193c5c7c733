"""Every write to the job table: asking, taking, going on, ending."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.kernel.database import scope_of
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.registry import KINDS, kind_of
from portal.kernel.jobs.rules import JobState


class LeaseLost(RuntimeError):
    """Another worker has taken the job over, so nothing of this one's is kept."""


def enqueue(
    session: Session,
    name: str,
    *,
    at: datetime,
    arguments: dict[str, Any] | None = None,
    run_at: datetime | None = None,
    key: str | None = None,
    organisation_id: UUID | None = None,
    person_id: UUID | None = None,
) -> UUID | None:
    """Ask for a job in this transaction: it exists when, and only when, the transaction commits.

    ``arguments`` are what JSON holds. ``run_at`` (UTC) is the earliest moment, now unless said.
    Under the same ``key`` an organisation's job of that name is asked for once, even after it is
    done; asked again, this gives None. The organisation and person are those whom the session
    works for unless named. Returns the job's id, for its page at ``jobs.show``.

    Raises UnknownJob for a name without a handler, ValueError for one that works as whoever asks
    when nobody does, and ForeignRow from a session that works for nobody.
    """
    kind, scope = kind_of(name), scope_of(session)
    organisation_id = organisation_id or scope.organisation_id
    if kind.scope is None and organisation_id is None:
        raise ValueError(f"{name} works as an organisation, and none is named")
    job = Job(
        name=name,
        key=None if key is None else f"{name} {organisation_id or ''} {key}",
        arguments=arguments or {},
        organisation_id=organisation_id,
        person_id=person_id or scope.person_id,
        only_assigned=scope.only_assigned,
        asked_at=at,
        run_at=run_at or at,
    )
    if key is None:
        session.add(job)
        session.flush()
        return job.id
    # Nobody may look for the key: an earlier job can be somebody else's. The index knows.
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        return None
    return job.id


def take(session: Session, *, at: datetime) -> Job | None:
    """Lease the job that has been due for longest, of those that this process has handlers for.

    The session is Task.JOBS's and writes. On PostgreSQL rows that another worker is taking are
    passed over; on SQLite only one transaction writes at a time.
    """
    job = session.scalars(
        select(Job)
        .where(Job.ended_at.is_(None), Job.run_at <= at, Job.name.in_(KINDS))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is not None:
        job.state = JobState.RUNNING
        job.lease = uuid4()
        job.attempts += 1
        job.run_at = at + KINDS[job.name].lease
    return job


def is_anything_due(session: Session, *, at: datetime) -> bool:
    """Whether ``take`` would find something; asked without a write."""
    due = select(Job.id).where(Job.ended_at.is_(None), Job.run_at <= at, Job.name.in_(KINDS))
    return session.scalars(due.limit(1)).first() is not None


def go_on(session: Session, job: Job, *, done: int, of: int, until: datetime) -> None:
    """Note how far a job is, and keep its lease until that moment. Raises LeaseLost."""
    _change(session, job, steps_done=done, steps_of=of, run_at=until)


def finish(session: Session, job: Job, *, at: datetime, made: dict[str, Any] | None) -> None:
    """The job is done; ``made`` is where to see what it made. Raises LeaseLost."""
    _end(session, job, JobState.DONE, ended_at=at, made=made, problem=None, error=None)


def try_again(
    session: Session, job: Job, *, problem: str, error: Exception, run_at: datetime
) -> None:
    """The job failed this time, and waits for another attempt. Raises LeaseLost."""
    _end(session, job, JobState.WAITING, run_at=run_at, **_said(problem, error))


def fail(session: Session, job: Job, *, problem: str, error: Exception, at: datetime) -> None:
    """The job has failed for good. Raises LeaseLost."""
    _end(session, job, JobState.FAILED, ended_at=at, **_said(problem, error))


def retry(job: Job, *, at: datetime) -> None:
    """Let a job that failed be tried from the beginning again, as an operator may ask."""
    job.state, job.ended_at, job.attempts, job.run_at = JobState.WAITING, None, 0, at


def remove_ended(session: Session, *, before: datetime) -> None:
    """Remove the jobs that ended before that moment; their keys may be used again."""
    session.execute(delete(Job).where(Job.ended_at < before))


def _said(problem: str, error: Exception) -> dict[str, str]:
    return {"problem": problem[:500], "error": type(error).__name__[:120]}


def _end(session: Session, job: Job, state: JobState, **values: Any) -> None:
    _change(session, job, state=state, lease=None, **values)


def _change(session: Session, job: Job, **values: Any) -> None:
    """Change a job that is still leased to the worker that took it as ``job``."""
    changed = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.lease == job.lease)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if not cast("CursorResult[Any]", changed).rowcount:
        raise LeaseLost(f"{job.name} {job.id}")
