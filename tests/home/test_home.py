"""The home page of each role: what waits, by when, in constant work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from lxml import html
from sqlalchemy import delete, inspect, select

from portal.agreements.conversations.models import (
    Conversation,
    ConversationFile,
    ConversationMessage,
    ConversationReading,
)
from portal.agreements.models import Clearance
from portal.agreements.uplifts.models import UpliftRun
from portal.budgets.models import Budget
from portal.complaints.handling.models import AlertTaken
from portal.delivery.concerns.rules import ConcernState, Outcome
from portal.delivery.risks.rules import RiskOutcome
from portal.identity.rules import Role
from portal.invoicing.models import Invoice, InvoiceLine, InvoiceSection
from portal.invoicing.rules import InvoiceState, LineState, number_key
from portal.invoicing.runs.rules import EntryState
from portal.kernel.clock import set_clock
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_agreement, make_assignment, make_mentor, make_person, sign_in
from tests.support.size import ONE_ENGINE
from tests.support.visits import Visitor, Visits
from tests.world import roles_of

OPERATOR = Scope.system(Task.OPERATOR)
MAY_2 = datetime(2026, 5, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def busy(visits: Visits) -> Visits:
    """The world on 2 May 2026, with something for everybody to do."""
    world = visits.world
    with visits.standing.owner.transaction(OPERATOR) as session:
        set_clock(session, MAY_2)
        answered = world.between(world.aldermoor, world.millstone)
        approved = world.between(world.brackenvale, world.larkspur)
        _set(session, answered.issued.queried, state=LineState.ANSWERED)
        _set(session, answered.issued.invoice, state=InvoiceState.TO_DECIDE)
        _set(session, approved.issued.queried, state=LineState.APPROVED)
        invoice = approved.issued.invoice
        _set(session, invoice, state=InvoiceState.APPROVED, approved=invoice.total)
        own = world.between(world.aldermoor, world.larkspur)
        _set(session, own.evidence, valid_until=date(2026, 4, 10))
        for clearance in session.scalars(
            select(Clearance).where(Clearance.mentor_id == own.mentor.id)
        ):
            clearance.valid_until = date(2026, 5, 20)
        budget = session.get_one(Budget, own.budget.id)
        budget.cap, budget.approved = Money.pounds("39000"), Money.pounds("38990")
        _set(session, answered.place, ends_on=date(2026, 6, 15))
        _set(session, answered.hourly, ends_on=date(2026, 5, 31))
        for dealings in world.dealings:  # complaints have cases of their own, below
            handled = dealings.handled
            _set(session, handled.shared, taken_back_at=MAY_2)
            _set(session, handled.report, read_at=MAY_2)
            _set(session, handled.appointed, left_on=date(2026, 5, 2))
            cared = dealings.cared  # what stands around agreements has tests of its own, too
            _set(session, cared.risk, closed_at=MAY_2, outcome=RiskOutcome.SETTLED)
            _set(
                session, cared.concern, state=ConcernState.CLOSED, acknowledged_at=MAY_2,
                closed_at=MAY_2, outcome=Outcome.SUPPORT,
            )  # fmt: skip
        for model in (
            ConversationReading,
            ConversationFile,
            ConversationMessage,
            Conversation,
        ):
            session.execute(delete(model))
        for ran in world.runs.values():
            _set(session, ran.entry, state=EntryState.TAKEN_OUT)
        for run in session.scalars(select(UpliftRun)):  # so have uplifts, in tests of their own
            run.refused_at, run.refused_by_name = MAY_2, "Somebody"
    return visits


def _taken(busy: Visits) -> AlertTaken:
    own = busy.world.dealings[0]
    lead = busy.world.person(own.council, Role.REFERRER)
    return AlertTaken(
        complaint_id=own.complaint.id, council_id=own.council.id, person_id=lead.id,
        person_name=lead.name, at=MAY_2, doing="Called the home",
    )  # fmt: skip


def _set(session: Any, row: Any, **changes: Any) -> None:
    kept = session.get_one(type(row), row.id)
    for name, value in changes.items():
        setattr(kept, name, value)


def needs(visitor: Visitor) -> list[tuple[str, str, str]]:
    """The title, the day and the tag of everything that waits, in the order of the page."""
    tree = html.fromstring(visitor.open("/").markup)
    found = tree.xpath("(//ul[@class='portal-needs'])[1]/li")
    return [
        tuple(  # type: ignore[misc]
            " ".join(item.xpath(f"string(.//*[contains(@class, '{name}')])").split())
            for name in ("portal-needs__link", "portal-needs__due", "portal-tag")
        )
        for item in found
    ]


def tagged(visitor: Visitor, *tags: str) -> list[tuple[str, str, str]]:
    """The same of these tags alone, where other work of the role has tests of its own."""
    return [need for need in needs(visitor) if need[2] in tags]


def test_finance_submits_answers_and_renews_the_oldest_first(busy: Visits) -> None:
    page = busy.by(busy.world.larkspur, Role.FINANCE)
    assert needs(page) == [
        ("Answer a query from Aldermoor Council on INV-ALD-LAR", "asked 30 days ago", "Queried"),
        ("Renew: Employer's liability insurance", "lapsed on 10 April 2026", "Lapsed"),
        *(
            (
                f"Submit April 2026 to {council}, Shared mentoring and placements",
                "5 sessions (5 hours) and 30 nights, ready since 1 May 2026",
                "To submit",
            )
            for council in ("Aldermoor Council", "Brackenvale Council")
        ),
    ]
    words = page.open("/").words
    assert "March 2026 for Brackenvale Council, £3,673.43" in words
    assert "payment due today, 2 May 2026 Approved" in words


@pytest.mark.slow
@pytest.mark.parametrize("visits", ONE_ENGINE, indirect=True, scope="module")
def test_every_need_leads_somewhere(busy: Visits) -> None:
    world = busy.world
    for organisation in (world.aldermoor, world.larkspur):
        for role in roles_of(organisation.kind):
            visitor = busy.by(organisation, role)
            tree = html.fromstring(visitor.open("/").markup)
            links = tree.xpath("//main//a/@href")
            for link in links:
                assert visitor.open(link).status == 200, (role, link)


def test_a_mentor_sees_what_is_not_recorded_on_their_agreements(busy: Visits) -> None:
    page = busy.by(busy.world.larkspur, Role.DELIVERY)
    assert tagged(page, "To record") == [
        ("ALD-LAR-W: 1 May not recorded yet", "for May 2026", "To record"),
    ]
    assert "BRA-LAR" not in page.open("/").words
    assert page.open("/").heading == "Your agreements"


def test_a_providers_administrator_sees_checks_and_evidence_that_lapse(busy: Visits) -> None:
    page = busy.by(busy.world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    assert tagged(page, "Lapsed", "To answer", "Lapses soon") == [
        ("Renew: Employer's liability insurance", "lapsed on 10 April 2026", "Lapsed"),
        ("Answer 1 request to join", "since 29 April 2026", "To answer"),
        ("Renew the DBS check of Mentor ALD-LAR", "lapses on 20 May 2026", "Lapses soon"),
    ]


def test_a_councils_administrator_sees_who_asks_to_join(busy: Visits) -> None:
    page = busy.by(busy.world.aldermoor, Role.COUNCIL_ADMINISTRATOR)
    asked = ("Answer 1 request to join", "since 29 April 2026", "To answer")
    assert tagged(page, "To answer") == [asked]
    assert page.open("/").link("People and their roles") == "/people"


def test_an_approver_sees_replies_and_the_queue_by_due_day(busy: Visits) -> None:
    page = busy.by(busy.world.aldermoor, Role.APPROVER)
    assert needs(page) == [
        (
            "Read a reply from Millstone Care on INV-ALD-MIL",
            "came back 30 days ago",
            "Reply came back",
        )
    ]
    assert "To decide 1 With providers 1 Approved, not paid 0" in page.open("/").words
    payer = busy.by(busy.world.brackenvale, Role.APPROVER)
    assert needs(payer) == [
        ("Pay March 2026 of Larkspur Mentoring, £42.00", "due today, 2 May 2026", "To pay")
    ]
    own = busy.world.between(busy.world.brackenvale, busy.world.larkspur)
    entry = busy.world.runs[own.issued.invoice.id].entry
    with busy.standing.owner.transaction(OPERATOR) as session:
        _set(session, entry, state=EntryState.WAITING)
    assert needs(payer) == [], "a run is about to pay it"
    with busy.standing.owner.transaction(OPERATOR) as session:
        _set(session, entry, state=EntryState.TAKEN_OUT)


def test_a_budget_holder_sees_caps_that_fill_and_invoices_they_hold(busy: Visits) -> None:
    assert needs(busy.by(busy.world.aldermoor, Role.BUDGET_HOLDER)) == [
        *(
            (
                f"Raise a cap or leave it: {whose} is £32.00 over",
                "payment due today, 2 May 2026",
                "Held by a cap",
            )
            for whose in ("INV-ALD-LAR of Larkspur Mentoring", "INV-ALD-MIL of Millstone Care")
        ),
        (
            "Shared mentoring and placements: 99 % of £39,000.00 approved, £10.00 left",
            "for the year to 31 August 2026",
            "Near the cap",
        ),
    ]


def test_a_commissioner_sees_places_that_end_and_evidence_that_lapsed(busy: Visits) -> None:
    assert tagged(busy.by(busy.world.aldermoor, Role.COMMISSIONER), "Lapsed", "Ends soon") == [
        ("Larkspur Mentoring: 1 piece of evidence lapsed", "since 10 April 2026", "Lapsed"),
        ("Place of Millstone Care in 1a, Mentoring", "ends on 15 June 2026", "Ends soon"),
    ]


def test_a_virtual_school_officer_sees_agreements_that_end(busy: Visits) -> None:
    assert tagged(busy.by(busy.world.aldermoor, Role.REFERRER), "Ends soon") == [
        ("ALD-MIL-H with Millstone Care", "ends on 31 May 2026", "Ends soon")
    ]


def test_reports_are_the_writers_until_they_are_submitted_and_then_the_councils(
    busy: Visits,
) -> None:
    late = ("Write the report on ALD-LAR-W, Spring term 2026", "18 days late, 14 April 2026")
    for role in (Role.DELIVERY, Role.PROVIDER_ADMINISTRATOR):
        assert (*late, "Overdue") in needs(busy.by(busy.world.larkspur, role))
    assert tagged(busy.by(busy.world.aldermoor, Role.REFERRER), "To read") == [
        (
            f"Read the report on {reference}, Spring term 2026",
            "due on 14 April 2026",
            "To read",
        )
        for reference in ("ALD-LAR-H", "ALD-MIL-H")
    ]


def test_what_was_agreed_in_a_meeting_is_for_the_side_that_does_it(busy: Visits) -> None:
    todo = ("Send the training list", "agreed in a meeting, 61 days late", "Overdue")
    assert todo in needs(busy.by(busy.world.larkspur, Role.PROVIDER_ADMINISTRATOR))
    assert todo not in needs(busy.by(busy.world.aldermoor, Role.REFERRER))


def test_an_auditor_sees_how_much_happened(busy: Visits) -> None:
    words = busy.by(busy.world.aldermoor, Role.AUDITOR).open("/").words
    assert "recorded in the last 7 days." in words
    assert "Read the record" in words


def test_a_complaints_manager_sees_what_is_due_and_how_much(busy: Visits) -> None:
    page = busy.by(busy.world.aldermoor, Role.COMPLAINTS_MANAGER)
    due = ("due in 12 days, 14 May 2026", "Due in 12 days")
    assert [need[1:] for need in tagged(page, "Due in 12 days")] == [due, due]
    assert "New complaints 0 Due within a week 0 Overdue complaints 0" in page.open("/").words


def test_an_alert_comes_above_all_for_whoever_may_take_it(busy: Visits) -> None:
    world = busy.world
    with busy.standing.owner.transaction(OPERATOR) as session:
        session.delete(session.get_one(AlertTaken, world.dealings[0].complaint.id))
    alert = f"Take safeguarding alert {world.dealings[0].complaint.reference}"
    for role in (Role.COMPLAINTS_MANAGER, Role.REFERRER, Role.COUNCIL_ADMINISTRATOR):
        page = busy.by(world.dealings[0].council, role)
        at_once = tagged(page, "Now")
        assert (alert, "received 30 April 2026 at 10am", "Now") in at_once
        assert needs(page)[: len(at_once)] == at_once
    with busy.standing.owner.transaction(OPERATOR) as session:
        session.add(_taken(busy))


def test_where_nothing_waits_the_next_date_is_said(busy: Visits) -> None:
    page = busy.by(busy.world.copperholt, Role.BUDGET_HOLDER).open("/")
    assert page.heading == "What needs you"
    assert "Nothing waits for you. A contract year of Copperholt alone ends on" in page.words


def test_several_roles_are_one_list_in_order_of_day(busy: Visits) -> None:
    with busy.standing.owner.transaction(OPERATOR) as session:
        both = make_person(
            session,
            organisation=busy.world.aldermoor,
            roles=[Role.BUDGET_HOLDER, Role.REFERRER, Role.COMMISSIONER],
        )
    client = busy.app.test_client()
    sign_in(client, both)
    tags = ("Lapsed", "Held by a cap", "Ends soon", "Near the cap")
    assert [day for _, day, _ in tagged(Visitor(busy.app, client), *tags)] == [
        "since 10 April 2026",
        "payment due today, 2 May 2026",
        "payment due today, 2 May 2026",
        "ends on 31 May 2026",
        "ends on 15 June 2026",
        "for the year to 31 August 2026",
    ]


def test_nobody_sees_what_belongs_to_others(busy: Visits) -> None:
    for role in roles_of(busy.world.copperholt.kind):
        words = busy.by(busy.world.copperholt, role).open("/").words
        for name in ("Larkspur", "Millstone", "ALD-", "BRA-"):
            assert name not in words


def test_more_work_takes_no_more_queries_and_shows_five(busy: Visits) -> None:
    world = busy.world
    people = [(o, r) for o in (world.aldermoor, world.larkspur) for r in roles_of(o.kind)]
    before = {who: busy.by(*who).open("/").statements for who in people}
    with busy.standing.owner.transaction(OPERATOR) as session:
        dealings = world.between(world.aldermoor, world.millstone)
        own = world.between(world.aldermoor, world.larkspur)
        for number in range(7):
            _one_more(session, dealings.issued.invoice, dealings.issued.queried, number)
            agreement = make_agreement(
                session, place=own.place, council=world.aldermoor, ends_on=date(2026, 5, 30)
            )
            mentor = make_mentor(session, provider=world.larkspur, cleared=False)
            make_assignment(session, agreement=agreement, mentor=mentor)
    assert {who: busy.by(*who).open("/").statements for who in people} == before
    waiting = needs(busy.by(world.aldermoor, Role.APPROVER))
    assert [tag for *_, tag in waiting] == ["Overdue"] * 5 + ["Reply came back"]
    assert "To decide 8" in busy.by(world.aldermoor, Role.APPROVER).open("/").words
    uncleared = needs(busy.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR))
    assert [day for _, day, _ in uncleared][:5] == ["none is held"] * 5
    words = busy.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR).open("/").words
    assert "8 mentors need a DBS check by 1 July 2026." in words


def _one_more(session: Any, invoice: Invoice, line: InvoiceLine, number: int) -> None:
    """The invoice again, in an earlier month, due earlier, with one line to decide."""
    kept, month = session.get_one(Invoice, invoice.id), invoice.month
    for _ in range(number + 1):
        month = month.previous
    name, own, part = f"MORE-{number}", new_id(), new_id()
    changes = {
        "month": month,
        "reference": name,
        "provider_number": name,
        "provider_number_key": number_key(name),
        "act_by": invoice.act_by - timedelta(days=number + 1),
        "net": line.net,
        "approved": Money(0),
        "paid": Money(0),
    }
    session.add(_copy(kept, id=own, **changes))
    session.flush()
    section = session.get_one(InvoiceSection, line.section_id)
    session.add(_copy(section, id=part, invoice_id=own))
    session.flush()
    state = {"state": LineState.SUBMITTED}
    session.add(_copy(line, id=new_id(), invoice_id=own, section_id=part, **state))
    session.flush()


def _copy(row: Any, **changes: Any) -> Any:
    names = [attribute.key for attribute in inspect(row).mapper.column_attrs]
    return type(row)(**{name: getattr(row, name) for name in names} | changes)
