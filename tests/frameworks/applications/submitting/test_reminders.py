"""Whoever applies is reminded before a round closes of what would not count as it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.frameworks.applications.submitting.rules import reminder_step
from portal.kernel.clock import now_of
from portal.kernel.jobs.registry import SCHEDULES
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from portal.notices.rules import NoticeKind
from tests.frameworks.applications.arranged import OPERATOR, Applicant, arranged, begin
from tests.support.visits import Visits


@pytest.mark.parametrize(
    ("days", "step"),
    [(15, None), (14, 14), (10, 14), (7, 7), (3, 7), (2, 2), (1, 1), (0, 0), (-1, None)],
)
def test_each_step_is_reached_on_its_day(days: int, step: int | None) -> None:
    assert reminder_step(days) == step


def told(visits: Visits, one: Applicant, at: datetime) -> list[tuple[str, str]]:
    """Run the reminders at a moment; who has been told what of this application so far."""
    schedules = {"applications:remind": SCHEDULES["applications:remind"]}
    worker = Worker(visits.app, moment=lambda _session: at, schedules=schedules)
    while worker.once():
        pass
    names = {person.id: person.email.split("@")[0] for person in visits.world.people.values()}
    with visits.standing.application.session(Scope.system(Task.POST)) as session:
        notices = session.scalars(
            select(Notice)
            .where(Notice.kind == NoticeKind.ROUND.value)
            .order_by(Notice.at, Notice.id)
        )
        title = one.made.round.title
        return sorted(
            (names[notice.person_id], notice.sentence)
            for notice in notices
            if f"application to {title} " in notice.sentence
        )


def test_a_draft_is_reminded_of_with_what_is_missing(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    one.choose("1a")
    with visits.standing.owner.session(OPERATOR) as session:
        at = now_of(session) + timedelta(hours=3)
    first = told(visits, one, at)
    title = one.made.round.title
    said = (
        f"Your application to {title} is not submitted: 4 things still missing. "
        "The round closes on 7 May 2026 at 10am."
    )
    assert first == [("bids", said), ("provider-administrator", said)]
    assert told(visits, one, at + timedelta(days=1)) == first  # once a step
    assert len(told(visits, one, at + timedelta(days=5))) == 4
    one.complete()
    one.submit()
    assert len(told(visits, one, at + timedelta(days=6))) == 4  # it counts: nothing to say
    assert len(told(visits, one, at + timedelta(days=8))) == 4
