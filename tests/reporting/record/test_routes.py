"""The record as auditors and administrators read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal.audit.actions import Actor, Subject, record
from portal.budgets.actions import Event as BudgetEvent
from portal.identity.actions import Event
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope, Task
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
