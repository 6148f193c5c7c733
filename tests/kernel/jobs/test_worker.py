"""What a worker does with a job: once, however often it fails, is killed or taken over."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.kernel.database import Database, scope_of
from portal.kernel.jobs import GiveUp, Work, enqueue, every, job
from portal.kernel.jobs import worker as workers
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.rules import JobState
from portal.kernel.tenancy import Scope, Task
from tests.kernel.jobs.conftest import (
    JOBS,
    LEASE,
    NOON,
    POST,
    NewWorker,
    leave_mark,
    marks,
    only_job,
)
from tests.support.databases import Address

OWN = Scope(uuid4(), uuid4(), only_assigned=True)


def _ask(database: Database, name: str = "mark", **arguments: object) -> None:
    with database.transaction(OWN) as session:
        enqueue(session, name, at=NOON, arguments=arguments)


def test_its_effect_and_that_it_is_done_are_one_commit(
    database: Database, worker: NewWorker
) -> None:
    job("mark", scope=Task.POST)(leave_mark)
    _ask(database, mark="one")
    assert worker().once()
    assert not worker().once()
    assert marks(database) == ["one"]
    done = only_job(database)
    assert (done.state, done.attempts, done.ended_at) == (JobState.DONE, 1, NOON)


def test_a_handler_without_a_task_works_as_whoever_asked(
    database: Database, worker: NewWorker
) -> None:
    seen: list[Scope] = []
    job("own")(lambda work: seen.extend((scope_of(work.session), work.scope)))
    _ask(database, "own")
    assert worker().once()
    assert seen == [OWN, OWN]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again at once."""
    monkeypatch.setattr(workers, "wait_after", lambda _attempts, _chance: timedelta())


@pytest.mark.parametrize(
    "number", [24, pytest.param(400, marks=pytest.mark.slow)], ids=["24", "400"]
)
@pytest.mark.usefixtures("quick")
def test_flaky_jobs_on_four_workers_are_done_once_each(
    database: Database, worker: NewWorker, number: int
) -> None:
    dice = random.Random(number)
    failed = Event()

    @job("flaky", scope=Task.POST, attempts=60)
    def flaky(work: Work, mark: str) -> None:
        leave_mark(work, mark)
        work.session.flush()
        if dice.random() < 0.3:
            failed.set()
            raise RuntimeError

    wanted = [f"m{one:03}" for one in range(number)]
    with database.transaction(OWN) as session:
        for mark in wanted:
            enqueue(session, "flaky", at=NOON, arguments={"mark": mark})

    def work_off() -> None:
        own = worker()
        while own.once():
            pass

    threads = [Thread(target=work_off) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed.is_set()
    assert marks(database) == wanted
    with database.session(JOBS) as session:
        assert Counter(session.scalars(select(Job.state))) == {JobState.DONE: number}


def test_what_failed_waits_and_is_tried_again(database: Database, worker: NewWorker) -> None:
    @job("mark", scope=Task.POST)
    def fails_first(work: Work) -> None:
        leave_mark(work, f"attempt-{work.job.attempts}")
        work.session.flush()
        if work.job.attempts == 1:
            raise OSError

    _ask(database)
    assert worker().once()
    waiting = only_job(database)
    assert (waiting.state, waiting.error) == (JobState.WAITING, "OSError")
    assert timedelta(seconds=5) <= waiting.run_at - NOON <= timedelta(seconds=15)
    assert not worker().once()
    assert worker(NOON + timedelta(seconds=15)).once()
    assert marks(database) == ["attempt-2"]


@pytest.mark.usefixtures("quick")
def test_after_its_attempts_it_has_failed_and_says_so(
    database: Database, worker: NewWorker
) -> None:
    def given_up(work: Work) -> None:
        leave_mark(work, "given-up")

    @job("mark", scope=Task.POST, attempts=3, given_up=given_up)
    def fails(work: Work) -> None:
        leave_mark(work)
        raise OSError("the child's name")

    _ask(database)
    own = worker()
    assert [own.once() for _ in range(4)] == [True, True, True, False]
    failed = only_job(database)
    assert (failed.state, failed.attempts, failed.problem) == (JobState.FAILED, 3, workers.OUR_SIDE)
    assert marks(database) == ["given-up"]


def test_a_handler_may_give_up_at_once_with_a_sentence(
    database: Database, worker: NewWorker
) -> None:
    @job("mark", scope=Task.POST)
    def gives_up(_work: Work) -> None:
        raise GiveUp("The file is empty.")

    _ask(database)
    assert worker().once()
    failed = only_job(database)
    assert (failed.state, failed.attempts, failed.problem) == (
        JobState.FAILED,
        1,
        "The file is empty.",
    )


def test_a_worker_that_was_overtaken_commits_nothing(database: Database, worker: NewWorker) -> None:
    @job("mark", scope=Task.POST)
    def slow(work: Work) -> None:
        if work.job.attempts == 1:  # it goes on for so long that another takes over, and ends
            assert worker(NOON + LEASE).once()
        leave_mark(work, f"attempt-{work.job.attempts}")

    _ask(database)
    assert worker().once()
    assert marks(database) == ["attempt-2"]
    assert only_job(database).state is JobState.DONE


def test_progress_is_seen_at_once_and_keeps_the_lease(
    database: Database, worker: NewWorker
) -> None:
    seen: list[tuple[int, int, datetime]] = []

    @job("mark", scope=Task.POST)
    def long(work: Work) -> None:
        work.progress(3, 12)
        own = only_job(database)
        seen.append((own.steps_done, own.steps_of, own.run_at))
        leave_mark(work)
        work.shows("See it", "home.show")

    _ask(database)
    assert worker().once()
    assert seen == [(3, 12, NOON + LEASE)]
    assert marks(database) == ["mark"]
    assert only_job(database).made == {"label": "See it", "endpoint": "home.show", "values": {}}


def test_a_job_that_takes_each_worker_with_it_ends(database: Database, worker: NewWorker) -> None:
    @job("mark", scope=Task.POST, attempts=2)
    def dies(_work: Work) -> None:
        raise KeyboardInterrupt  # as near to a kill as one process gets

    _ask(database)
    for turn in range(2):
        with pytest.raises(KeyboardInterrupt):
            worker(NOON + turn * LEASE).once()
    assert worker(NOON + 2 * LEASE).once()
    failed = only_job(database)
    assert (failed.state, failed.problem) == (JobState.FAILED, workers.BROKE_OFF)


KILLED = """
import sys, time
from flask import Flask
from portal.kernel.database import Database
from portal.kernel.jobs import job
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Task
from tests.kernel.jobs.conftest import NOON, leave_mark

@job("mark", scope=Task.POST)
def half_way(work, mark):
    leave_mark(work, "first")
    work.session.flush()
    print("half way", flush=True)
    time.sleep(60)

app = Flask("bare")
app.extensions["portal.database"] = Database(sys.argv[1])
Worker(app, moment=lambda session: NOON, schedules={}).once()
"""


@pytest.mark.slow
def test_what_a_killed_worker_left_half_done_is_done_once_by_another(
    address: Address, database: Database, worker: NewWorker
) -> None:
    job("mark", scope=Task.POST)(leave_mark)
    _ask(database, mark="second")
    doomed = subprocess.Popen(
        [sys.executable, "-c", KILLED,
         address.application],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert doomed.stdout is not None
    with doomed.stdout as said:
        assert said.readline() == "half way\n"
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    assert not worker(NOON + LEASE / 2).once()
    assert worker(NOON + LEASE).once()
    assert marks(database) == ["second"]
    assert only_job(database).attempts == 2


def test_a_schedule_fires_once_a_period_with_two_workers(
    database: Database, worker: NewWorker
) -> None:
    @every("nightly", daily="03:00", scope=Task.POST)
    def nightly(work: Work) -> None:
        leave_mark(work, work.at.date().isoformat())

    for _ in range(2):
        own = worker()
        while own.once():
            pass
    assert marks(database) == ["2026-11-02"]
    three_days = worker(NOON + timedelta(days=3))  # nobody worked in between
    assert three_days.once()
    assert not three_days.once()
    assert marks(database) == ["2026-11-02", "2026-11-05"]


def test_two_workers_that_ask_for_the_same_turn_at_one_moment(
    database: Database, worker: NewWorker
) -> None:
    every("often", minutes=5, scope=Task.POST)(leave_mark)
    threads = [Thread(target=worker().once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.session(JOBS) as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_a_schedule_says_when() -> None:
    with pytest.raises(ValueError, match="either"):
        every("never", scope=Task.POST)


def test_it_stops_when_told_after_the_job_in_hand(database: Database, worker: NewWorker) -> None:
    waits: list[float | None] = []

    class Stop(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            return super().wait(timeout)

    stop = Stop()

    @job("mark", scope=Task.POST)
    def last(work: Work) -> None:
        leave_mark(work)
        stop.set()

    with database.transaction(POST) as session:
        for _ in range(2):
            enqueue(session, "mark", at=NOON)
    worker().run(stop)
    assert waits == []
    assert marks(database) == ["mark"]
