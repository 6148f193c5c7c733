"""A provider reads its own evidence; a council the providers' whose evidence lapses first."""

from __future__ import annotations

from datetime import date

from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_bank_details, make_evidence, make_place, make_provider
from tests.support.visits import Visits


def test_a_provider_sees_its_own_evidence_and_a_masked_account(visits: Visits) -> None:
    world = visits.world
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        make_bank_details(
            session, provider=world.larkspur, account_number="12345678",
            starts_on=date(2026, 1, 1),
        )  # fmt: skip
    page = visits.by(world.larkspur, Role.FINANCE).open("/evidence")
    assert (page.status, page.heading) == (200, "Your evidence")
    assert "Public liability insurance Needed to deliver In date until 31 May 2028" in page.words
    assert "Not registered for VAT" in page.words
    assert "•••••678" in page.words and "12345678" not in page.markup


def test_a_council_finds_whose_evidence_lapses_first(visits: Visits) -> None:
    world = visits.world
    category = world.between(world.copperholt, world.nettlewood).category
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for name, until in (("Lapsing", date(2026, 5, 20)), ("Lapsed", date(2026, 4, 1))):
            provider = make_provider(session, name=f"{name} Homes")
            make_place(session, category=category, provider=provider)
            make_evidence(session, provider=provider, valid_until=until)
        empty = make_provider(session, name="Empty Homes")
        make_place(session, category=category, provider=empty)
    officer = visits.by(world.copperholt, Role.COMMISSIONER)
    page = officer.open("/evidence")
    assert [row.split(" Exampleton")[0] for row in page.rows] == [
        "Empty Homes Not given",
        "Ottermere Homes Not given",  # its application was opened
        "Lapsed Homes Lapsed on 1 April 2026",
        "Lapsing Homes Lapses in 20 days",
        "Nettlewood Homes In date until 31 May 2028",
    ]
    found = officer.open("/evidence?name=laps", htmx=True)
    assert len(found.rows) == 2 and "<html" not in found.markup
    assert "No provider's name begins with “zz”" in officer.open("/evidence?name=zz").words
    assert officer.open(page.link("Lapsed Homes")).heading == "Lapsed Homes"


def test_the_list_costs_the_same_for_few_and_many(visits: Visits) -> None:
    world = visits.world
    officer = visits.by(world.brackenvale, Role.COMMISSIONER)
    before = officer.open("/evidence")
    category = world.between(world.brackenvale, world.larkspur).category
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for _ in range(60):
            provider = make_provider(session)
            make_place(session, category=category, provider=provider)
            make_evidence(session, provider=provider)
    after = officer.open("/evidence")
    assert (len(before.rows), len(after.rows)) == (2, 50)
    assert after.statements == before.statements
    second = officer.open(after.link("Next →"))
    assert len(second.rows) == 12
    assert set(second.rows).isdisjoint(after.rows)
    assert officer.open(second.link("← Previous")).rows == after.rows


def test_a_role_without_evidence_is_refused(visits: Visits) -> None:
    world = visits.world
    assert visits.by(world.aldermoor, Role.EVALUATOR).open("/evidence").status == 403
