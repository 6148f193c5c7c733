"""The one table of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ColumnElement, Index, String, and_
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.jobs.rules import JobState
from portal.kernel.tenancy import Base, Looker, Rule, Task, column

ASKING = (
    Task.SIGN_IN,
    Task.JOBS,
    Task.POST,
    Task.PUBLIC_DESK,
    Task.ROUNDS,
    Task.RETENTION,
)


def _whoever_started_it(entity: Any, looker: Looker) -> ColumnElement[bool]:
    return and_(
        column(entity, "person_id") == looker.person,
        column(entity, "organisation_id") == looker.organisation,
    )


class Job(Base):
    """One piece of work: what, with which arguments, for whom, and how far it is.

    ``run_at`` is when a worker may take it; while one works on it, when its lease runs out. A
    worker that ends the job must still hold its ``lease``. ``problem`` is a sentence for the
    person who asked, ``error`` the kind of the last exception for the operator. ``made`` is where
    what was made can be seen: a label, an endpoint and its values.
    """

    __tablename__ = "job"
    __seen_by__ = Rule(_whoever_started_it, writers=("organisation_id",), tasks=ASKING)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str | None] = mapped_column(String(250))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON())
    organisation_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    only_assigned: Mapped[bool]
    state: Mapped[JobState] = mapped_column(one_of(JobState, "job_state"), default=JobState.WAITING)
    asked_at: Mapped[datetime] = mapped_column(Instant())
    run_at: Mapped[datetime] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_of: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(500))
    error: Mapped[str | None] = mapped_column(String(120))
    made: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (
        CheckConstraint(
            "(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="job_ended_when_over"
        ),
        CheckConstraint(
            "(state = 'running') = (lease IS NOT NULL)", name="job_leased_when_running"
        ),
        Index("job_key", "key", unique=True),
        partial_index(
            "ix_job_due",
            "run_at",
            "id",
            where="ended_at IS NULL",
        ),
        Index("ix_job_ended", "ended_at"),
    )
