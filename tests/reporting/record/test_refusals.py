"""Each refusal is recorded, up to a limit for each person and hour (promise 21)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.audit.events import Event
from portal.audit.models import AuditEvent
from portal.identity.rules import Role
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope, Task
from portal.reporting.record import refusals
from tests.support.visits import Visitor, Visits

OPERATOR = Scope.system(Task.OPERATOR)


def _refusals(visits: Visits, person_id: UUID) -> list[AuditEvent]:
    with visits.standing.owner.session(OPERATOR) as session:
        return list(
            session.scalars(
                select(AuditEvent)
                .where(
                    AuditEvent.person_id == person_id,
                    AuditEvent.event.in_([Event.REFUSED, Event.REFUSED_OFTEN]),
                )
                .order_by(AuditEvent.id)
            )
        )


def _approver(visits: Visits) -> tuple[Visitor, UUID]:
    council = visits.world.aldermoor
    return visits.by(council, Role.APPROVER), visits.world.person(council, Role.APPROVER).id


def test_what_is_anothers_or_forbidden_is_recorded(visits: Visits) -> None:
    world = visits.world
    someone, person_id = _approver(visits)
    foreign = world.between(world.brackenvale, world.millstone).issued.invoice
    assert someone.open(f"/invoices/{foreign.id}").status == 404
    assert someone.open("/audit").status == 403
    assert someone.send(f"/invoices/{foreign.id}/approve", {}).status == 404
    kept = _refusals(visits, person_id)
    assert [(one.subject_label, one.details["asked"], one.details["status"]) for one in kept] == [
        ("/invoices/…", "GET", 404),
        ("/audit", "GET", 403),
        ("/invoices/…/approve", "POST", 404),
    ]
    assert [one.subject_id for one in kept] == [foreign.id, None, foreign.id]
    record = visits.by(world.aldermoor, Role.AUDITOR).open("/audit?group=refusals")
    assert len(record.rows) == 3 and "Was refused /invoices/" in record.rows[0]
    owner = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR).open("/audit?group=refusals")
    assert "Nothing recorded is like that" in owner.words, "whose it is learns nothing of it"


def test_nobodys_address_and_strangers_leave_no_trace(visits: Visits) -> None:
    someone, person_id = _approver(visits)
    before = len(_refusals(visits, person_id))
    assert someone.open("/no/such/page").status == 404
    assert visits.app.test_client().get(f"/invoices/{new_id()}").status_code == 303
    assert len(_refusals(visits, person_id)) == before


def test_nobody_floods_the_record(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST", 3)
    council = visits.world.aldermoor
    someone = visits.by(council, Role.REFERRER)
    person_id = visits.world.person(council, Role.REFERRER).id
    for _ in range(6):
        assert someone.open("/audit").status == 403
    kept = _refusals(visits, person_id)
    assert [one.event for one in kept] == [Event.REFUSED] * 3 + [Event.REFUSED_OFTEN]
    monkeypatch.setattr(refusals, "now", lambda: datetime(2100, 1, 1, tzinfo=UTC))
    assert someone.open("/audit").status == 403
    assert len(_refusals(visits, person_id)) == 5, "the next hour counts afresh"
