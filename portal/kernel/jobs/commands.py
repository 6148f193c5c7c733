"""The operator's commands: run a worker, and see what failed."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from sqlalchemy import func, select

from portal.kernel.clock import now_of
from portal.kernel.database import Database
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.queue import retry
from portal.kernel.jobs.rules import JobState
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Scope, Task
from portal.kernel.wording import say_count, say_datetime


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@pass_script_info
def work(script: ScriptInfo, *, once: bool) -> None:
    """Do the portal's background work: jobs, e-mail, reminders. Stops cleanly on SIGTERM."""
    worker = Worker(script.load_app())
    if once:
        while worker.once():
            pass
        return
    stop = Event()

    def end(_number: int, _frame: Any) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    worker.run(stop)


@click.command("jobs")
@click.option("--retry", "again", type=click.UUID, help="Try the failed job of this id again.")
@with_appcontext
def jobs(again: UUID | None) -> None:
    """Say how much work waits, and list what failed."""
    database: Database = current_app.extensions["portal.database"]
    with database.transaction(Scope.system(Task.JOBS)) as session:
        if again is not None:
            job = session.get(Job, again, with_for_update=True)
            if job is None or job.state is not JobState.FAILED:
                raise click.ClickException("No failed job has this id.")
            retry(job, at=now_of(session))
            click.echo(f"{job.name} will be tried again.")
            return
        states = select(Job.state, func.count(Job.id)).group_by(Job.state).order_by(Job.state)
        for state, number in session.execute(states):
            click.echo(f"{state.value:<8} {say_count(number, 'job')}")
        failed = select(Job).where(Job.state == JobState.FAILED)
        for job in session.scalars(failed.order_by(Job.ended_at.desc(), Job.id).limit(50)):
            assert job.ended_at is not None
            click.echo(f"{job.id}  {job.name}  {say_datetime(job.ended_at)}  {job.error}")
