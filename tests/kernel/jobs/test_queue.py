"""A job exists if and only if the transaction that asked for it was committed, and once by key."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.kernel.database import Database
from portal.kernel.jobs import enqueue, job
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.queue import take
from portal.kernel.jobs.registry import UnknownJob
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import ForeignRow, Scope, Task
from tests.kernel.jobs.conftest import JOBS, LEASE, NOON, POST, leave_mark, only_job

OWN = Scope(uuid4(), uuid4())


@pytest.fixture(autouse=True)
def handlers() -> None:
    """One that a task does, and one that is done as whoever asked."""
    job("mark", scope=Task.POST)(leave_mark)
    job("own")(leave_mark)


def _number(database: Database) -> int:
    with database.session(JOBS) as session:
        return session.scalar(select(func.count(Job.id))) or 0


def test_a_job_of_a_transaction_that_was_undone_does_not_exist(database: Database) -> None:
    with database.session(OWN, writes=True) as session:
        assert enqueue(session, "mark", at=NOON) is not None
        session.rollback()
    assert _number(database) == 0


def test_the_same_key_is_asked_for_once_and_the_rest_of_the_transaction_stands(
    database: Database,
) -> None:
    for _ in range(2):
        with database.transaction(POST) as session:
            leave = Letter(address="a@b.example", subject="", body="", written_at=NOON)
            session.add(leave)
            enqueue(session, "mark", at=NOON, key="once")
            enqueue(session, "mark", at=NOON, key="once")
    with database.session(POST) as session:
        assert session.scalar(select(func.count(Letter.id))) == 2
    assert _number(database) == 1


def test_the_second_asking_says_so(database: Database) -> None:
    with database.transaction(OWN) as session:
        assert isinstance(enqueue(session, "mark", at=NOON, key="once"), UUID)
        assert enqueue(session, "mark", at=NOON, key="once") is None


def test_a_key_is_an_organisations_own(database: Database) -> None:
    """So nobody learns from it what another has asked for."""
    for _ in range(3):
        with database.transaction(Scope(uuid4(), uuid4())) as session:
            assert enqueue(session, "mark", at=NOON, key="once") is not None
    assert _number(database) == 3


def test_a_job_without_a_handler_is_refused_when_it_is_asked_for(database: Database) -> None:
    with database.session(OWN, writes=True) as session, pytest.raises(UnknownJob):
        enqueue(session, "nobody:does-this", at=NOON)


def test_one_that_works_as_whoever_asks_needs_somebody(database: Database) -> None:
    with database.session(POST, writes=True) as session, pytest.raises(ValueError, match="works"):
        enqueue(session, "own", at=NOON)


def test_nobody_in_particular_asks_for_nothing(database: Database) -> None:
    with database.session(Scope.public(), writes=True) as session, pytest.raises(ForeignRow):
        enqueue(session, "mark", at=NOON)


def test_only_whoever_started_it_sees_it(database: Database) -> None:
    with database.transaction(OWN) as session:
        enqueue(session, "mark", at=NOON)
    for scope, seen in (
        (OWN, 1),
        (Scope(OWN.organisation_id, uuid4()), 0),
        (Scope(uuid4(), OWN.person_id), 0),
        (Scope.public(), 0),
    ):
        with database.session(scope) as session:
            assert len(session.scalars(select(Job)).all()) == seen


def test_the_longest_due_is_taken_first_and_nothing_before_its_time(database: Database) -> None:
    with database.transaction(OWN) as session:
        enqueue(session, "mark", at=NOON, arguments={"mark": "later"}, run_at=NOON + LEASE)
        enqueue(session, "mark", at=NOON, arguments={"mark": "now"})
    with database.transaction(JOBS) as session:
        taken = take(session, at=NOON)
        assert taken is not None and taken.arguments == {"mark": "now"}
        assert take(session, at=NOON) is None


def test_a_job_is_leased_and_taken_again_only_when_the_lease_has_run_out(
    database: Database,
) -> None:
    with database.transaction(OWN) as session:
        enqueue(session, "mark", at=NOON)
    with database.transaction(JOBS) as session:
        first = take(session, at=NOON)
        assert first is not None
        held = first.lease
    with database.transaction(JOBS) as session:
        assert take(session, at=NOON + LEASE / 2) is None
        again = take(session, at=NOON + LEASE)
        assert again is not None and again.lease != held
    assert only_job(database).attempts == 2


def test_a_worker_leaves_alone_what_it_has_no_handler_for(database: Database) -> None:
    """An older version beside a newer one, while a new version is put in."""
    with database.transaction(JOBS) as session:
        session.add(
            Job(name="newer", arguments={}, only_assigned=False, asked_at=NOON, run_at=NOON)
        )
        session.flush()
        assert take(session, at=NOON) is None
