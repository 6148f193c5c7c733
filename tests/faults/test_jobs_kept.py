"""Jobs through the real queue: whatever workers do, each is ended once by whoever holds it
(promise 20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.kernel.database import Database
from portal.kernel.jobs import job, queue
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.registry import KINDS
from portal.kernel.jobs.rules import JobState
from portal.kernel.tenancy import Scope, Task
from tests.faults.machines import Kept, runs

JOBS = Scope.system(Task.JOBS)
FLAKY = "tests:flaky"
LEGAL = {
    JobState.WAITING: {JobState.WAITING, JobState.RUNNING},
    JobState.RUNNING: set(JobState),
    JobState.DONE: {JobState.DONE},
    JobState.FAILED: {JobState.FAILED, JobState.WAITING},
}


class Jobs(Kept):
    """Jobs asked for, taken by workers that may be slow or dead, ended well or badly."""

    scope = JOBS

    def __init__(self) -> None:
        super().__init__()
        self.hands: list[tuple[Job, Any]] = []
        self.was: dict[Any, JobState] = {}

    @rule(key=st.sampled_from([None, "a", "b"]))
    def ask(self, key: str | None) -> None:
        """Under one key it is asked for once."""
        known = key is not None and any(one.key and one.key.endswith(key) for one in self.all())
        asked = queue.enqueue(self.session, FLAKY, at=self.at, key=key)
        assert (asked is None) == known

    @rule()
    def take(self) -> None:
        """A worker takes what is due; nobody else holds the same lease."""
        due = queue.is_anything_due(self.session, at=self.at)
        taken = queue.take(self.session, at=self.at)
        assert (taken is not None) == due
        if taken is not None:
            self.session.flush()
            self.hands.append((taken, taken.lease))

    @rule(which=st.integers(0, 9), end=st.sampled_from(["finish", "try again", "fail", "go on"]))
    def end(self, which: int, end: str) -> None:
        """A worker, perhaps one that was taken for dead, says how it went."""
        if not self.hands:
            return
        held, lease = self.hands[which % len(self.hands)]
        holds = self.session.get_one(Job, held.id).lease == lease
        as_taken = Job(id=held.id, lease=lease, name=held.name)
        later = self.at + timedelta(seconds=30)
        error = RuntimeError("no")
        said: dict[str, Callable[[], None]] = {
            "finish": lambda: queue.finish(self.session, as_taken, at=self.at, made=None),
            "try again": lambda: queue.try_again(
                self.session, as_taken, problem="No", error=error, run_at=later
            ),
            "fail": lambda: queue.fail(
                self.session, as_taken, problem="No", error=error, at=self.at
            ),
            "go on": lambda: queue.go_on(self.session, as_taken, done=1, of=2, until=later),
        }
        try:
            said[end]()
        except queue.LeaseLost:
            assert not holds
        else:
            assert holds
        self.session.expire_all()

    @rule(which=st.integers(0, 9))
    def retry(self, which: int) -> None:
        """An operator lets what failed be tried again."""
        failed = [one for one in self.all() if one.state is JobState.FAILED]
        if failed:
            queue.retry(failed[which % len(failed)], at=self.at)
            self.session.flush()

    @rule(minutes=st.integers(1, 5))
    def wait(self, minutes: int) -> None:
        """Leases run out."""
        self.at += timedelta(minutes=minutes)

    def all(self) -> list[Job]:
        """Every job."""
        return list(self.session.scalars(select(Job).order_by(Job.id)))

    @invariant()
    def each_goes_only_where_it_may(self) -> None:
        """What is done stays done; only what failed comes back."""
        now = {one.id: one.state for one in self.all()}
        for its_id, before in self.was.items():
            assert now[its_id] in LEGAL[before]
        self.was = now
        leases = [one.lease for one in self.all() if one.lease is not None]
        assert len(leases) == len(set(leases))


def test_a_job_is_ended_once_by_whoever_holds_it(engine_name: str, database: Database) -> None:
    class Here(Jobs):
        pass

    Here.database = database
    job(FLAKY, scope=Task.JOBS)(lambda _work: None)
    try:
        run_state_machine_as_test(Here, settings=runs(engine_name, 5))
    finally:
        del KINDS[FLAKY]
