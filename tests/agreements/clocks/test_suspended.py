"""A suspended agreement's deadlines stand still: nobody is reminded, and they go on afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

import portal.delivery.ledger  # noqa: F401  (delivery keeps the ledger that changes ask)
from portal.agreements.changing.actions import resume, suspend
from portal.agreements.clocks.actions import start_clocks
from portal.agreements.clocks.models import KeptClock
from portal.agreements.clocks.presenting import shown
from portal.audit.actions import Actor
from portal.background import load_handlers
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from portal.notices.rules import NoticeKind
from tests.makers import (
    make_agreement,
    make_category,
    make_council,
    make_framework,
    make_person,
    make_place,
    make_provider,
)
from tests.support.background import RunJobs


def april(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 4, day, hour, tzinfo=UTC)


def test_a_clock_goes_on_with_the_rest_of_its_days(
    database: Database, owner_database: Database, run_jobs: RunJobs
) -> None:
    load_handlers()
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        council, provider = make_council(session), make_provider(session)
        category = make_category(session, framework=make_framework(session, lead=council))
        place = make_place(session, category=category, provider=provider)
        agreement = make_agreement(session, place=place, council=council)
        referrer = make_person(session, organisation=council, roles=[Role.REFERRER])
        make_person(session, organisation=provider, roles=[Role.PROVIDER_ADMINISTRATOR])
        start_clocks(session, agreement, date(2026, 4, 2))
    actor = Actor(referrer.id, referrer.name, council.id)

    def seen(day: int) -> tuple[str, str]:
        with database.session(Scope(council.id)) as session:
            clock = session.scalars(select(KeptClock)).one()
            said = shown(clock, provider.name, april(day).date())
            return said.due, said.tag

    def told(at: datetime) -> list[str]:
        run_jobs(at, schedules=["agreements:turn", "clocks:remind"])
        with database.session(Scope.system(Task.POST)) as session:
            kind = NoticeKind.DEADLINE.value
            return list(session.scalars(select(Notice.sentence).where(Notice.kind == kind)))

    assert seen(6) == ("8 April 2026", "Running")
    with database.transaction(Scope(council.id)) as session:
        suspend(
            session, actor, agreement.id, first=date(2026, 4, 7), last=None,
            because="In hospital", at=april(7, 4),
        )  # fmt: skip
    assert seen(9) == ("a day that is counted when the agreement goes on", "Stands still")
    assert told(april(7)) == [], "the day before it was due"
    assert told(april(9)) == [], "the day after"
    with database.transaction(Scope(council.id)) as session:
        resume(session, actor, agreement.id, back=date(2026, 4, 13), at=april(10))
    assert seen(10) == ("14 April 2026", "Stands still")
    assert told(april(10)) == []
    assert seen(13) == ("14 April 2026", "Running")
    assert told(april(13)) == [
        f"First contact on {agreement.reference} is due tomorrow, 14 April 2026"
    ]
