"""Two people recording at the same moment: one is first, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Barrier

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.background import load_handlers
from portal.delivery.concerns.actions import AlreadyAcknowledged, acknowledge
from portal.delivery.concerns.models import Concern
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.nights.actions import record_nights
from portal.delivery.rules import Mode, Nights, Refused, SessionState
from portal.delivery.sessions.actions import record_session
from portal.delivery.sessions.rules import SessionEntry
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope
from tests.delivery.conftest import AT, Arranged
from tests.faults.at_once import at_once
from tests.makers import make_person
from tests.makers.care import make_concern

TRIES = 8


def test_a_concern_is_acknowledged_by_one_of_two_at_once(arranged: Arranged) -> None:
    load_handlers()  # whoever raised it is told by a job
    with arranged.operator() as session:
        leads = [
            make_person(session, organisation=arranged.council, roles=[Role.REFERRER])
            for _ in range(2)
        ]
        made = make_concern(session, agreement=arranged.hourly, by=arranged.mentoring)

    def take(lead: Person) -> str:
        actor = Actor(lead.id, lead.name, arranged.council.id)
        try:
            with arranged.database.transaction(Scope(arranged.council.id, lead.id)) as session:
                acknowledge(session, actor, made.id, told="I have it", at=AT)
        except AlreadyAcknowledged:
            return ""
        return lead.name

    first = "".join(at_once(take, leads))
    with arranged.operator() as session:
        assert session.get_one(Concern, made.id).acknowledged_by_name == first
    assert arranged.count(AuditEvent, event="delivery:concern:acknowledged") == 1


def test_a_mentor_is_booked_once_by_eight_at_once(arranged: Arranged) -> None:
    start = Barrier(TRIES)

    def record(number: int) -> str:
        entry = SessionEntry(
            mentor_id=arranged.mentor.id,
            day=date(2026, 4, 16),
            start=time(10, number),
            minutes=60,
            state=SessionState.DELIVERED,
            mode=Mode.REMOTE,
            interactions=1,
            summary="",
        )
        start.wait()
        try:
            with arranged.writing() as session:
                record_session(session, arranged.actor, arranged.hourly, entry, at=AT)
        except Refused as refused:
            return refused.sentence
        return ""

    with ThreadPoolExecutor(TRIES) as pool:
        told = [sentence for sentence in pool.map(record, range(TRIES)) if sentence]
    assert len(told) == TRIES - 1
    assert all("two places at once" in sentence for sentence in told)
    assert arranged.count(DeliverySession) == 1


def test_a_night_is_recorded_once_by_eight_at_once(arranged: Arranged) -> None:
    start = Barrier(TRIES)

    def record(number: int) -> str:
        nights = Nights(date(2026, 4, 1 + number), date(2026, 4, 20))
        start.wait()
        try:
            with arranged.writing() as session:
                record_nights(
                    session, arranged.actor, arranged.placement, nights, present=True, at=AT
                )
        except Refused as refused:
            return refused.sentence
        return ""

    with ThreadPoolExecutor(TRIES) as pool:
        told = [sentence for sentence in pool.map(record, range(TRIES)) if sentence]
    assert len(told) == TRIES - 1
    assert all("already recorded" in sentence for sentence in told)
    assert arranged.count(Stay) == 1
