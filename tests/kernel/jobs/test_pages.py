"""The page that shows how far a job is, to whoever started it, and the operator's commands."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.identity.rules import Role
from portal.kernel.jobs import enqueue, job
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.queue import take
from portal.kernel.jobs.registry import KINDS
from portal.kernel.jobs.rules import JobState
from portal.kernel.tenancy import Scope, Task
from tests.dealings import AT
from tests.support.visits import Visits

JOBS = Scope.system(Task.JOBS)


@pytest.fixture(autouse=True)
def counting() -> Iterator[None]:
    """A kind of job that only these tests have."""
    job("count", title="Counting the year")(lambda _work: None)
    yield
    del KINDS["count"]


def _started(visits: Visits) -> str:
    """Larkspur's finance officer starts one; where its page is."""
    person = visits.world.person(visits.world.larkspur, Role.FINANCE)
    scope = Scope(visits.world.larkspur.id, person.id)
    with visits.standing.application.transaction(scope) as session:
        return f"/jobs/{enqueue(session, 'count', at=AT)}"


def _change(visits: Visits, url: str, **values: object) -> None:
    with visits.standing.application.transaction(JOBS) as session:
        own = session.scalars(select(Job).where(Job.id == UUID(url.rpartition("/")[2]))).one()
        for name, value in values.items():
            setattr(own, name, value)


def test_it_says_how_far_it_is_and_asks_again_until_it_has_ended(visits: Visits) -> None:
    url = _started(visits)
    browser = visits.by(visits.world.larkspur, Role.FINANCE)
    waiting = browser.open(url)
    assert (waiting.status, waiting.heading) == (200, "Counting the year")
    assert "Waiting" in waiting.words and "as soon as a worker is free" in waiting.words
    assert waiting.link("Refresh") == url
    assert 'data-hx-trigger="every 2s"' in waiting.markup

    with visits.standing.application.transaction(JOBS) as session:
        assert take(session, at=AT) is not None
    assert "A worker has begun" in browser.open(url).words
    _change(visits, url, steps_done=30, steps_of=120)
    running = browser.open(url, htmx=True)
    assert "30 of 120" in running.words and "<html" not in running.markup
    assert '<progress class="portal-progress__bar" id="progress" value="30" max="120">' in (
        running.markup
    )

    _change(
        visits, url, state=JobState.DONE, lease=None, ended_at=AT,
        made={"label": "See the invoices", "endpoint": "invoicing.index", "values": {}},
    )  # fmt: skip
    done = browser.open(url, htmx=True)
    assert "This was done on 30 April 2026 at 10am" in done.words
    assert done.link("See the invoices") == "/invoices"
    assert "data-hx-trigger" not in done.markup


def test_it_says_why_it_waits_for_another_attempt_and_why_it_failed(visits: Visits) -> None:
    url = _started(visits)
    browser = visits.by(visits.world.larkspur, Role.FINANCE)
    _change(visits, url, attempts=1, problem="The file could not be read.")
    assert "The file could not be read. It will be tried again on 30 April" in (
        browser.open(url).words
    )
    _change(visits, url, state=JobState.FAILED, ended_at=AT)
    failed = browser.open(url)
    assert "Failed" in failed.words and "Nothing of it was saved" in failed.words
    assert "data-hx-trigger" not in failed.markup


def test_to_anybody_else_it_does_not_exist(visits: Visits) -> None:
    url, world = _started(visits), visits.world
    for organisation, role in (
        (world.larkspur, Role.PROVIDER_ADMINISTRATOR),
        (world.millstone, Role.FINANCE),
        (world.aldermoor, Role.APPROVER),
    ):
        assert visits.by(organisation, role).open(url).status == 404


def test_the_operator_sees_what_failed_and_lets_it_be_tried_again(visits: Visits) -> None:
    job_id = _started(visits).rpartition("/")[2]
    _change(
        visits, job_id, state=JobState.FAILED, ended_at=AT, attempts=5, error="OSError",
        problem="Something went wrong.",
    )  # fmt: skip
    commands = visits.app.test_cli_runner()
    listed = commands.invoke(args=["jobs"]).output
    assert f"{job_id}  count  30 April 2026 at 10am  OSError" in listed
    assert "waiting " in listed and "failed " in listed
    assert "count will be tried again" in commands.invoke(args=["jobs", "--retry", job_id]).output
    again = commands.invoke(args=["jobs", "--retry", job_id])
    assert again.exit_code == 1 and "No failed job has this id" in again.output
    assert commands.invoke(args=["work", "--once"]).exit_code == 0
    with visits.standing.application.session(JOBS) as session:
        own = session.scalars(select(Job).where(Job.id == UUID(job_id))).one()
        assert (own.state, own.attempts) == (JobState.DONE, 1)
