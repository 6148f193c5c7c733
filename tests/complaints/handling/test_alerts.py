"""A safeguarding alert: told at once, taken once, reminded of each hour until it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from portal.complaints.alerts.actions import ESCALATE, AlreadyTaken, escalate, raise_alert, take
from portal.complaints.alerts.queries import alerts
from portal.complaints.models import Complaint
from portal.kernel.database import Database
from portal.kernel.errors import NotFound
from portal.kernel.jobs.models import Job
from portal.kernel.tenancy import Scope, Task
from tests.complaints.handling.cases import RECEIVED, Desk


def attempt(session: Any, at: datetime) -> Any:
    """What a handler needs of one attempt at a job."""
    return SimpleNamespace(session=session, at=at)


def _jobs(desk: Desk, name: str) -> list[Job]:
    with desk.owner.session(Scope.system(Task.OPERATOR)) as session:
        return list(session.scalars(select(Job).where(Job.name == name).order_by(Job.run_at)))


@pytest.fixture
def urgent(desk: Desk, owner_database: Database) -> Desk:
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        session.get_one(Complaint, desk.id).urgent = True
    with desk.work() as session:
        raise_alert(session, session.get_one(Complaint, desk.id), at=RECEIVED)
    return desk


def test_leads_are_told_at_once_and_reminded_after_an_hour(urgent: Desk) -> None:
    (told,) = _jobs(urgent, "notices:deliver")
    assert told.arguments["permission"] == "complaint:alert"
    assert told.run_at == RECEIVED
    (later,) = _jobs(urgent, ESCALATE)
    assert later.run_at == RECEIVED + timedelta(hours=1)

    for hours in (1, 2):
        with urgent.work() as session:
            at = RECEIVED + timedelta(hours=hours)
            escalate(attempt(session, at), complaint_id=urgent.id.hex)
    assert len(_jobs(urgent, "notices:deliver")) == 3
    assert len(_jobs(urgent, ESCALATE)) == 3
    assert urgent.events() == ["complaints:alert:escalated"] * 2


def test_who_takes_it_first_has_it_and_the_reminders_end(urgent: Desk) -> None:
    with urgent.work() as session:
        (waiting,) = alerts(session, urgent.council.id)
        assert waiting[1] is None
        take(session, urgent.actor, urgent.id, doing="I called", at=RECEIVED)
    with urgent.work() as session:
        with pytest.raises(AlreadyTaken, match=urgent.manager.name):
            take(session, urgent.actor, urgent.id, doing="I also called", at=RECEIVED)
        escalate(attempt(session, RECEIVED + timedelta(hours=1)), complaint_id=urgent.id.hex)
    assert len(_jobs(urgent, "notices:deliver")) == 1


def test_what_is_no_alert_or_is_anothers_is_not_found(desk: Desk) -> None:
    for actor in (desk.actor, desk.as_(desk.manager, desk.other)):
        with desk.work() as session, pytest.raises(NotFound):
            take(session, actor, desk.id, doing="x", at=RECEIVED)
