"""The record as auditors and administrators read it."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_look
from portal.audit.events import Event as AuditHappens
from portal.audit.models import AuditChain
from portal.audit.queries import number_of
from portal.budgets.actions import Event as BudgetEvent
from portal.identity.actions import Event
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.invoicing.actions.events import Event as InvoiceEvent
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope, Task
from portal.reporting.record.actions import TooLongForAWorkbook, exported
from tests.support.visits import Visits

MIDNIGHT = datetime(2025, 7, 1, 23, tzinfo=UTC)  # in London, the beginning of 2 July


def raised(visits: Visits, organisation: Organisation, at: datetime, times: int = 1) -> None:
    """Let a budget holder's raises be recorded, a minute apart."""
    person = visits.world.person(organisation, Role.BUDGET_HOLDER)
    budget = visits.world.between(visits.world.aldermoor, visits.world.larkspur).budget
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(times):
            record(
                session,
                Actor(person.id, person.name, organisation.id),
                BudgetEvent.CAP_RAISED,
                Subject("budget", budget.id, "contract year", organisation.id),
                at=at + timedelta(minutes=number),
                before_pence=100,
                after_pence=200 + number,
            )


def test_the_newest_comes_first_in_words_with_its_thing(visits: Visits) -> None:
    world = visits.world
    raised(visits, world.aldermoor, datetime(2027, 1, 1, tzinfo=UTC))
    auditor = visits.by(world.aldermoor, Role.AUDITOR)
    page = auditor.open("/audit")
    assert (page.status, page.heading) == (200, "Record")
    assert page.rows[0].startswith(
        "1 January 2027 at midnight Budget Holder of Aldermoor Raised the cap contract year"
    )
    assert "Before £1.00" in page.rows[0] and "After £2.00" in page.rows[0]
    assert auditor.open(page.link("contract year")).status == 200
    administrator = visits.by(world.aldermoor, Role.COUNCIL_ADMINISTRATOR).open("/audit")
    assert "contract year" in administrator.words
    assert "/budgets/" not in administrator.markup, "no link to a page that would refuse them"


def test_it_is_narrowed_by_person_group_thing_and_days(visits: Visits) -> None:
    world = visits.world
    raised(visits, world.aldermoor, MIDNIGHT - timedelta(minutes=1))
    raised(visits, world.aldermoor, MIDNIGHT)
    auditor = visits.by(world.aldermoor, Role.AUDITOR)
    day = "first-day=2&first-month=7&first-year=2025&last-day=2&last-month=July&last-year=2025"
    found = auditor.open(f"/audit?{day}", htmx=True)
    assert [row.split(" Budget")[0] for row in found.rows] == ["2 July 2025 at midnight"]
    assert "<html" not in found.markup
    holder = world.person(world.aldermoor, Role.BUDGET_HOLDER)
    by_person = auditor.open(f"/audit?person={holder.id}&group=budgets")
    assert by_person.rows and all("Raised the cap" in row for row in by_person.rows)
    assert (
        "Nothing recorded is like that"
        in auditor.open(f"/audit?person={holder.id}&group=identity").words
    )
    agreement = world.between(world.aldermoor, world.larkspur).hourly
    about = auditor.open(f"/audit?thing={agreement.id}")
    assert about.rows and all("ALD-LAR-H" in row for row in about.rows)
    assert auditor.open("/audit?thing=nonsense").status == 200


def test_it_is_narrowed_by_side_event_kind_and_words(visits: Visits) -> None:
    world = visits.world
    raised(visits, world.aldermoor, MIDNIGHT)
    auditor = visits.by(world.aldermoor, Role.AUDITOR)
    ours = auditor.open("/audit?side=ours&event=budgets:cap:raised&about=budget&words=contract")
    assert ours.rows and all("Raised the cap contract year" in row for row in ours.rows)
    for narrower in ("side=others&event=budgets:cap:raised", "words=ear", "about=stay"):
        page = auditor.open(f"/audit?{narrower}")
        assert "Raised the cap" not in " ".join(page.rows), narrower
    others = auditor.open("/audit?side=others&group=identity")
    assert others.rows and all("of Larkspur" in r or "of Millstone" in r for r in others.rows), (
        "what its providers did to its things"
    )


def test_looks_at_an_identity_are_found_with_their_reasons(visits: Visits) -> None:
    world = visits.world
    person = world.person(world.brackenvale, Role.REFERRER)
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        record_look(
            session,
            Actor(person.id, person.name, world.brackenvale.id),
            Subject("young person", new_id(), "YP-INVENTED", council_id=world.brackenvale.id),
            reason="To arrange the first meeting",
            at=MIDNIGHT,
        )
    auditor = visits.by(world.brackenvale, Role.AUDITOR)
    (row,) = auditor.open(auditor.open("/audit").link("Looks at an identity")).rows
    assert "Looked at an identity YP-INVENTED" in row
    assert "Reason To arrange the first meeting" in row


def test_it_says_how_far_it_is_linked_and_stated(visits: Visits) -> None:
    world = visits.world
    raised(visits, world.aldermoor, MIDNIGHT)
    auditor = visits.by(world.aldermoor, Role.AUDITOR)
    with visits.standing.owner.session(Scope.system(Task.OPERATOR)) as session:
        position = session.get_one(AuditChain, world.aldermoor.id).position
    head = f"Linked: record {position:,} of Aldermoor Council"
    assert f"{head}, no statement yet." in auditor.open("/audit").words
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        record(
            session,
            Actor(None, "Placewell", None),
            AuditHappens.STATED,
            Subject("record", world.aldermoor.id, "the record", world.aldermoor.id),
            at=datetime(2026, 10, 1, 3, 30, tzinfo=UTC),
            position=position,
        )
    assert f"{head}, last statement 1 October 2026." in auditor.open("/audit").words


class TestExporting:
    """The list as a file, itself recorded; no cell is a formula."""

    def test_every_event_of_the_list(self, visits: Visits) -> None:
        world = visits.world
        raised(visits, world.brackenvale, MIDNIGHT, times=60)
        auditor = visits.by(world.brackenvale, Role.AUDITOR)
        answer = auditor.send("/audit/export", {"kind": "csv", "group": "budgets"}).response
        rows = list(csv.DictReader(StringIO(answer.get_data().decode("utf-8-sig"))))
        assert len(rows) >= 60
        newest = rows[0]
        assert (newest["When"], newest["What"]) == ("2025-07-02 00:59:00", "Raised the cap")
        assert newest["Details"] == "Before: £1.00; After: £2.59"
        assert re.fullmatch(r"\d+-[0-9a-f]{6}", newest["Record number"])
        assert ".csv" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        (taken,) = auditor.open("/audit?event=record:list:exported").rows
        assert f"Took the record out as a file {len(rows)} events" in taken

    def test_a_cell_that_looks_like_a_formula_is_text(self, visits: Visits) -> None:
        world = visits.world
        with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
            record(
                session,
                Actor(None, "=1+1", world.brackenvale.id),
                Event.SIGNED_IN,
                Subject("organisation", new_id(), "@SUM(A1)"),
                at=MIDNIGHT,
            )
        auditor = visits.by(world.brackenvale, Role.AUDITOR)
        days = {"last-day": "2", "last-month": "7", "last-year": "2025"}
        form = {"kind": "xlsx", "group": "identity", **days}
        content = auditor.send("/audit/export", form).response.get_data()
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        (headings, row) = book.get_sheet_by_name("Record").to_python()
        assert headings[0] == "When"
        assert (row[1], row[5]) == ("'=1+1", "'@SUM(A1)")

    def test_what_cannot_be_read_is_not_taken_for_everything(self, visits: Visits) -> None:
        auditor = visits.by(visits.world.brackenvale, Role.AUDITOR)
        for form in (
            {"kind": "pdf"},
            {"kind": "csv", "first-day": "31", "first-month": "2", "first-year": "2026"},
        ):
            assert auditor.send("/audit/export", form).status == 404

    def test_a_workbook_holds_no_more_than_a_sheet(self) -> None:
        with pytest.raises(TooLongForAWorkbook, match="1,000,001 events"):
            exported(
                Session(), Actor(None, "", None), new_id(), "xlsx", events=1_000_001, at=MIDNIGHT
            )


def test_a_provider_sees_the_record_number_of_what_it_submitted(visits: Visits) -> None:
    world = visits.world
    invoice = world.between(world.aldermoor, world.larkspur).issued.invoice
    finance = world.person(world.larkspur, Role.FINANCE)
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        record(
            session,
            Actor(finance.id, finance.name, world.larkspur.id),
            InvoiceEvent.SUBMITTED,
            Subject(
                "invoice", invoice.id, invoice.reference, world.aldermoor.id, world.larkspur.id
            ),
            at=MIDNIGHT,
        )
    with visits.standing.owner.session(Scope.system(Task.OPERATOR)) as session:
        number = number_of(session, InvoiceEvent.SUBMITTED, invoice.id)
    assert number
    page = visits.by(world.larkspur, Role.FINANCE).open(f"/invoices/{invoice.id}")
    assert f"Record number {number} in your organisation" in page.words
    council = visits.by(world.aldermoor, Role.APPROVER).open(f"/invoices/{invoice.id}")
    assert "Record number" not in council.words


def test_days_that_cannot_be_are_told_at_their_place(visits: Visits) -> None:
    auditor = visits.by(visits.world.aldermoor, Role.AUDITOR)
    page = auditor.open("/audit?first-day=31&first-month=2&first-year=2026")
    assert page.status == 422
    assert "31 February 2026 does not exist" in page.words
    turned = "first-day=2&first-month=7&first-year=2026&last-day=1&last-month=7&last-year=2026"
    assert "To must be the same day as From or later" in auditor.open(f"/audit?{turned}").words


def test_pages_follow_each_other_at_a_constant_cost(visits: Visits) -> None:
    world = visits.world
    auditor = visits.by(world.copperholt, Role.AUDITOR)
    before = auditor.open("/audit")
    raised(visits, world.copperholt, MIDNIGHT, times=60)
    after = auditor.open("/audit")
    assert len(after.rows) == 50 > len(before.rows)
    assert after.statements == before.statements
    older = auditor.open(after.link("Older →"))
    assert older.rows and set(older.rows).isdisjoint(after.rows)
    assert auditor.open(older.link("← Newer")).rows == after.rows


def test_nobody_reads_what_is_none_of_theirs(visits: Visits) -> None:
    world = visits.world
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        record(
            session,
            Actor(None, "Somebody at Millstone", world.millstone.id),
            Event.ORGANISATION_CHOSEN,
            Subject("organisation", new_id(), "Millstone Care", provider_id=world.millstone.id),
            at=MIDNIGHT,
        )
    own = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR).open("/audit")
    assert "Somebody at Millstone" in own.words and "Began to work as" in own.words
    for organisation in (world.larkspur, world.aldermoor):
        role = Role.PROVIDER_ADMINISTRATOR if organisation is world.larkspur else Role.AUDITOR
        assert "Somebody at Millstone" not in visits.by(organisation, role).open("/audit").words
    assert visits.by(world.aldermoor, Role.APPROVER).open("/audit").status == 403
