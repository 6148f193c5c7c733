"""What is about to lapse, to be invoiced or to be decided is told to whoever it concerns, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select, update

from portal.agreements.models import Clearance
from portal.evidence.models import Evidence
from portal.evidence.rules import EvidenceKind
from portal.invoicing.models import Invoice
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from portal.notices.rules import NoticeKind
from tests.support.background import RunJobs
from tests.world import World, make_world

OPERATOR, POST = Scope.system(Task.OPERATOR), Scope.system(Task.POST)


@pytest.fixture
def world(owner_database: Database) -> World:
    """Councils and providers with April delivered and not yet invoiced."""
    with owner_database.transaction(OPERATOR) as session:
        made = make_world(session)
        for old in session.scalars(select(Notice)):
            session.delete(old)
        return made


Reminded = Callable[[str, date, NoticeKind], list[tuple[str, str]]]


@pytest.fixture
def reminded(database: Database, run_jobs: RunJobs, world: World) -> Reminded:
    """Run one reminder on a day; who has been told what so far, by e-mail address."""
    addresses = {person.id: person.email for person in world.people.values()}

    def run(name: str, day: date, kind: NoticeKind) -> list[tuple[str, str]]:
        run_jobs(datetime.combine(day, time(9), UTC), schedules=[name])
        with database.session(POST) as session:
            notices = session.scalars(
                select(Notice).where(Notice.kind == kind.value).order_by(Notice.at, Notice.id)
            )
            return sorted((addresses[one.person_id], one.sentence) for one in notices)

    return run


def test_a_provider_is_reminded_of_evidence_60_30_and_7_days_before_once_each(
    owner_database: Database, world: World, reminded: Reminded
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        session.execute(
            update(Evidence)
            .where(
                Evidence.provider_id == world.larkspur.id,
                Evidence.kind == EvidenceKind.PUBLIC_LIABILITY,
            )
            .values(valid_until=date(2026, 8, 31))
        )
    told = []
    for day in (
        date(2026, 7, 1),  # 61 days before
        date(2026, 7, 2),
        date(2026, 7, 3),
        date(2026, 8, 1),
        date(2026, 8, 24),
        date(2026, 8, 31),
        date(2026, 9, 1),
    ):
        told.append(len(reminded("evidence:remind", day, NoticeKind.EVIDENCE_EXPIRING)))
    assert told == [0, 2, 2, 4, 6, 6, 6]
    assert set(reminded("evidence:remind", date(2026, 9, 2), NoticeKind.EVIDENCE_EXPIRING)) == {
        (f"{role}@larkspur.example", "Public liability insurance lapses after 31 August 2026")
        for role in ("provider-administrator", "bids")
    }


def test_a_provider_is_reminded_of_a_mentors_dbs_check(
    owner_database: Database, world: World, reminded: Reminded
) -> None:
    mentor = world.between(world.copperholt, world.nettlewood).mentor
    with owner_database.transaction(OPERATOR) as session:
        session.execute(
            update(Clearance)
            .where(Clearance.mentor_id == mentor.id)
            .values(valid_until=date(2026, 6, 30))
        )
    day = date(2026, 5, 31)
    told = reminded("mentors:remind", day, NoticeKind.CLEARANCE_EXPIRING)
    assert (
        "provider-administrator@nettlewood.example",
        f"The DBS check of {mentor.name} lapses after 30 June 2026",
    ) in told
    assert all(address.endswith("@nettlewood.example") for address, _ in told)


def test_finance_is_reminded_to_invoice_on_the_first_and_fifth_working_day(
    world: World, reminded: Reminded
) -> None:
    """May 2026 begins on a Friday; Monday the 4th is a bank holiday, so the fifth is the 8th."""
    own = "finance@nettlewood.example"
    sentence = "April 2026 can be invoiced to Copperholt Council, Copperholt alone"
    for day, times in (
        (date(2026, 4, 30), 0),
        (date(2026, 5, 1), 1),
        (date(2026, 5, 6), 1),
        (date(2026, 5, 8), 2),
        (date(2026, 5, 29), 2),
    ):
        told = reminded("invoicing:remind-to-submit", day, NoticeKind.INVOICE_READY)
        assert told.count((own, sentence)) == times, day


def test_approvers_are_reminded_of_what_is_due_within_seven_days(
    owner_database: Database, world: World, reminded: Reminded
) -> None:
    issued = world.between(world.copperholt, world.nettlewood).issued.invoice
    with owner_database.transaction(OPERATOR) as session:
        invoice = session.get_one(Invoice, issued.id)
        invoice.act_by = date(2026, 6, 15)
        state = invoice.state
    for day, times in ((date(2026, 6, 7), 0), (date(2026, 6, 8), 1), (date(2026, 6, 9), 1)):
        told = reminded("invoicing:remind-to-decide", day, NoticeKind.INVOICE_WAITING)
        own = [sentence for address, sentence in told if address.endswith("copperholt.example")]
        assert len(own) == times, (day, state)
    assert own == [
        f"{issued.reference} of Nettlewood Homes is to be decided in time for payment "
        "by 15 June 2026"
    ]
