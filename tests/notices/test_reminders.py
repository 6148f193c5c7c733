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
from portal.invoicing.rules import InvoiceState
from portal.kernel.jobs.registry import SCHEDULES
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from portal.notices.rules import NoticeKind
from tests.support.visits import Visits
from tests.world import World

OPERATOR, POST = Scope.system(Task.OPERATOR), Scope.system(Task.POST)


Reminded = Callable[[str, date, NoticeKind], list[tuple[str, str]]]


@pytest.fixture
def world(visits: Visits) -> World:
    """Councils and providers with April delivered and not yet invoiced."""
    return visits.world


@pytest.fixture
def reminded(visits: Visits) -> Reminded:
    """Run one reminder on a day; who has been told what by it so far, by e-mail address."""
    addresses = {person.id: person.email for person in visits.world.people.values()}

    def run(name: str, day: date, kind: NoticeKind) -> list[tuple[str, str]]:
        nine = datetime.combine(day, time(9), UTC)
        own = {name: SCHEDULES[name]}
        worker = Worker(visits.app, moment=lambda _session: nine, schedules=own)
        while worker.once():
            pass
        with visits.standing.application.session(POST) as session:
            notices = session.scalars(
                select(Notice)
                .where(Notice.kind == kind.value, Notice.key.not_like("made%"))
                .order_by(Notice.at, Notice.id)
            )
            return sorted((addresses[one.person_id], one.sentence) for one in notices)

    return run


def test_a_provider_is_reminded_of_evidence_60_30_and_7_days_before_once_each(
    visits: Visits, world: World, reminded: Reminded
) -> None:
    with visits.standing.owner.transaction(OPERATOR) as session:
        session.execute(
            update(Evidence)
            .where(
                Evidence.provider_id == world.larkspur.id,
                Evidence.kind == EvidenceKind.PUBLIC_LIABILITY,
            )
            .values(valid_until=date(2026, 8, 31))
        )
    days = (
        date(2026, 7, 1),  # 61 days before
        date(2026, 7, 2),
        date(2026, 7, 3),
        date(2026, 8, 1),
        date(2026, 8, 24),
        date(2026, 8, 31),
        date(2026, 9, 1),
    )
    kind = NoticeKind.EVIDENCE_EXPIRING
    told = [len(reminded("evidence:remind", day, kind)) for day in days]
    assert told == [0, 2, 2, 4, 6, 6, 6]
    assert set(reminded("evidence:remind", date(2026, 9, 2), kind)) == {
        (f"{role}@larkspur.example", "Public liability insurance lapses after 31 August 2026")
        for role in ("provider-administrator", "bids")
    }


def test_a_provider_is_reminded_of_a_mentors_dbs_check(
    visits: Visits, world: World, reminded: Reminded
) -> None:
    mentor = world.between(world.copperholt, world.nettlewood).mentor
    with visits.standing.owner.transaction(OPERATOR) as session:
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
    visits: Visits, world: World, reminded: Reminded
) -> None:
    issued = world.between(world.copperholt, world.nettlewood).issued.invoice
    with visits.standing.owner.transaction(OPERATOR) as session:
        invoice = session.get_one(Invoice, issued.id)
        invoice.act_by, invoice.state = date(2026, 6, 15), InvoiceState.TO_DECIDE
    words = "is to be decided in time for payment by 15 June 2026"
    sentence = f"{issued.reference} of Nettlewood Homes {words}"
    for day, times in ((date(2026, 6, 7), 0), (date(2026, 6, 8), 1), (date(2026, 6, 9), 1)):
        told = reminded("invoicing:remind-to-decide", day, NoticeKind.INVOICE_WAITING)
        own = [said for address, said in told if address.endswith("copperholt.example")]
        assert own == [sentence] * times, day
