"""Somebody who works for two providers is in one place at once, and neither learns of the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, time, timedelta
from threading import Barrier

import pytest

from portal.agreements.models import Agreement, Mentor
from portal.audit.actions import Actor
from portal.delivery.models import DeliverySession
from portal.delivery.plans.queries import proposals
from portal.delivery.plans.rules import Pattern
from portal.delivery.rules import Mode, Refused, SessionState
from portal.delivery.sessions.actions import change_session, record_session
from portal.delivery.sessions.queries import entry_of, get_session
from portal.delivery.sessions.rules import SessionEntry
from portal.delivery.upload.queries import check_sessions
from portal.delivery.upload.rows import SessionRow
from portal.frameworks.models import Category
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope
from tests.delivery.conftest import AT, Arranged
from tests.makers import (
    make_agreement,
    make_assignment,
    make_membership,
    make_mentor,
    make_place,
    make_provider,
    make_session,
)

DAY = date(2026, 4, 16)
SAID = (
    "Mo Mentor is already recorded elsewhere at that time. A mentor cannot be in two places at "
    "once: check the time and the mentor."
)


@dataclass(frozen=True)
class Other:
    """The same person's second record, at Millstone, and an agreement of it."""

    scope: Scope
    actor: Actor
    mentor: Mentor
    agreement: Agreement


@pytest.fixture
def other(arranged: Arranged) -> Other:
    """The mentor of Larkspur works for Millstone too."""
    with arranged.operator() as session:
        provider = make_provider(session, name="Millstone Youth")
        category = session.get_one(Category, arranged.place.category_id)
        place = make_place(session, category=category, provider=provider)
        make_membership(
            session, person=arranged.mentoring, organisation=provider, roles=[Role.DELIVERY]
        )
        mentor = make_mentor(
            session, provider=provider, name="M. Mentor", person=arranged.mentoring
        )
        agreement = make_agreement(
            session, place=place, council=arranged.council, reference="IA-SECRET", starts_on=DAY
        )
        make_assignment(session, agreement=agreement, mentor=mentor)
    person = arranged.mentoring
    return Other(
        Scope(provider.id, person.id), Actor(person.id, person.name, provider.id), mentor, agreement
    )


def entry(
    mentor: Mentor, start: time, state: SessionState = SessionState.DELIVERED
) -> SessionEntry:
    return SessionEntry(
        mentor_id=mentor.id, day=DAY, start=start, minutes=60, state=state,
        mode=Mode.REMOTE, interactions=1, summary="",
    )  # fmt: skip


def test_every_way_of_recording_asks_after_the_person(arranged: Arranged, other: Other) -> None:
    with arranged.operator() as session:
        make_session(session, agreement=other.agreement, mentor=other.mentor, day=DAY, at=time(10))
        own = make_session(
            session, agreement=arranged.hourly, mentor=arranged.mentor, day=DAY, at=time(10, 30),
            state=SessionState.SCHEDULED,
        )  # fmt: skip
    with arranged.database.session(arranged.scope()) as session:
        row = SessionRow(
            2, "IA-HOURS", DAY, time(10), None, 30, "Mo Mentor", SessionState.DELIVERED,
            Mode.REMOTE, 1, "",
        )  # fmt: skip
        checked = check_sessions(session, arranged.provider.id, [row], at=AT)
        assert SAID in [one.sentence for one in checked.errors]
        pattern = Pattern(
            mentor_id=arranged.mentor.id, first=DAY, last=DAY + timedelta(days=7),
            weekdays=frozenset({DAY.weekday()}), start=time(9, 30), minutes=60, mode=Mode.REMOTE,
        )  # fmt: skip
        planned = proposals(session, arranged.hourly, pattern, at=AT)
        assert [one.refusal and one.refusal.sentence for one in planned] == [SAID, None]
    with arranged.writing() as session:
        with pytest.raises(Refused) as refused:
            record_session(
                session, arranged.actor, arranged.hourly, entry(arranged.mentor, time(9, 30)), at=AT
            )
        assert refused.value.sentence == SAID
        delivered = get_session(session, own.id)
        with pytest.raises(Refused) as refused:
            change_session(
                session, arranged.actor, delivered, entry(arranged.mentor, time(10, 30)),
                version=delivered.version, at=AT,
            )  # fmt: skip
        assert refused.value.sentence == SAID
        change_session(
            session, arranged.actor, delivered, entry(arranged.mentor, time(11)),
            version=delivered.version, at=AT,
        )  # fmt: skip
        assert entry_of(delivered).start == time(11)


def test_two_providers_at_the_same_moment_book_a_person_once(
    arranged: Arranged, other: Other
) -> None:
    start = Barrier(2)
    sides = [
        (arranged.scope(), arranged.actor, arranged.hourly, arranged.mentor),
        (other.scope, other.actor, other.agreement, other.mentor),
    ]

    def record(side: int) -> str:
        scope, actor, agreement, mentor = sides[side]
        start.wait()
        try:
            with arranged.database.transaction(scope) as session:
                record_session(session, actor, agreement, entry(mentor, time(10)), at=AT)
        except Refused as refused:
            return refused.sentence.partition(" is ")[2]
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(record, range(2))) == ["", SAID.partition(" is ")[2]]
    assert arranged.count(DeliverySession) == 1
