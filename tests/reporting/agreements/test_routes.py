"""Individual Agreements as each side reads them."""

from __future__ import annotations

from datetime import date

import pytest

from portal.agreements.rules import Authorised
from portal.frameworks.rules import Unit
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from portal.reporting.agreements.queries import Delivered
from tests.makers import make_agreement, make_agreement_price
from tests.support.visits import Visits

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 12)


@pytest.mark.parametrize(
    ("units", "authorised", "so_far", "over"),
    [
        (Delivered(Unit.HOUR, [Authorised(APRIL, 120, 1200)], 1200, 330),
         "2 hours a week, 20 hours in total", "5.5 hours, 14.5 hours left", False),
        (Delivered(Unit.HOUR, [Authorised(APRIL, None, 60)], 60, 90), "1 hour in total",
         "1.5 hours, 30 minutes more than authorised", True),
        (Delivered(Unit.NIGHT, [Authorised(APRIL, 7, None)], None, 61), "7 nights a week",
         "61 nights", False),
        (Delivered(Unit.SESSION, [Authorised(APRIL, None, None)], None, 0), "No limit set",
         "0 sessions", False),
        (Delivered(Unit.HOUR, [Authorised(APRIL, 120, None), Authorised(MAY, 180, 600)], 600, 60),
         "2 hours a week until 11 May 2026; 3 hours a week, 10 hours in total from 12 May 2026",
         "1 hour, 9 hours left", False),
    ],
)  # fmt: skip
def test_what_is_delivered_of_what_is_authorised(
    units: Delivered, authorised: str, so_far: str, over: bool
) -> None:
    assert (units.authorised, units.so_far, units.over) == (authorised, so_far, over)


def test_the_list_is_narrowed_searched_and_paged(visits: Visits) -> None:
    world = visits.world
    officer = visits.by(world.brackenvale, Role.REFERRER)
    before = officer.open("/agreements")
    assert (before.status, before.heading) == (200, "Agreements")
    assert [row.split()[0] for row in before.rows] == [
        "BRA-LAR-H", "BRA-LAR-W", "BRA-MIL-H", "BRA-MIL-W",
    ]  # fmt: skip
    dealings = world.between(world.brackenvale, world.larkspur)
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(60):
            make_agreement(
                session, place=dealings.place, council=world.brackenvale,
                reference=f"BRK-{number:03}",
            )  # fmt: skip
    after = officer.open("/agreements")
    assert len(after.rows) == 50
    assert after.statements == before.statements
    assert len(officer.open(after.link("Next →")).rows) == 14

    found = officer.open("/agreements?reference=brk-01", htmx=True)
    assert [row.split()[0] for row in found.rows] == [f"BRK-01{n}" for n in range(10)]
    assert "<html" not in found.markup
    provider = officer.open(f"/agreements?party={world.millstone.id}")
    assert [row.split()[0] for row in provider.rows] == ["BRA-MIL-H", "BRA-MIL-W"]
    assert "No agreement is like that" in officer.open("/agreements?state=ended").words
    assert len(officer.open(f"/agreements?framework={world.apart.id}").rows) == 50, "not a choice"


def test_one_agreement_with_prices_units_and_mentors(visits: Visits) -> None:
    world = visits.world
    dealings = world.between(world.aldermoor, world.larkspur)
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        make_agreement_price(
            session, agreement=dealings.hourly, price="43.30", starts_on=date(2026, 4, 1),
            note="uplift 3.1 %",
        )  # fmt: skip
    page = visits.by(world.aldermoor, Role.APPROVER).open(f"/agreements/{dealings.hourly.id}")
    assert page.heading == "ALD-LAR-H"
    assert 'data-hx-history="false"' in page.markup
    for words in (
        "Council Aldermoor Council",
        "Provider Larkspur Mentoring",
        "Charged by Unit price",
        "Authorised 2 hours a week",
        "Delivered so far 6 hours",
    ):
        assert words in page.words
    assert page.rows == [
        "From 1 April 2026 Today £43.30 an hour Agreed for this agreement, uplift 3.1 %",
        "From 5 January 2026 to 31 March 2026 £42.00 an hour Agreed for this agreement",
        "Mentor ALD-LAR From 5 January 2026 Now",
        "May 2026 2 hours 0 hours 0 0",
        "April 2026 Not planned 5 hours 0 0",
        "March 2026 Not planned 1 hour 0 0",
    ]
    assert page.link("Invoices with this agreement").startswith("/invoices?agreement=")
    assert "What was delivered" not in page.words, "an approver does not record delivery"
    weekly = visits.by(world.larkspur, Role.FINANCE).open(f"/agreements/{dealings.weekly.id}")
    assert "Weekly price, charged by the night" in weekly.words
    assert "Delivered so far 61 nights" in weekly.words
    assert "What was delivered" in weekly.words
    for link in ("What was delivered", "Invoices with this agreement"):
        address = weekly.link(link)
        assert visits.by(world.larkspur, Role.FINANCE).open(address).status == 200


def test_a_page_costs_the_same_with_thirty_prices(visits: Visits) -> None:
    world = visits.world
    dealings = world.between(world.copperholt, world.nettlewood)
    auditor = visits.by(world.copperholt, Role.AUDITOR)
    before = auditor.open(f"/agreements/{dealings.hourly.id}")
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for day in range(1, 31):
            make_agreement_price(
                session, agreement=dealings.hourly, price="44", starts_on=date(2026, 6, day)
            )
    after = auditor.open(f"/agreements/{dealings.hourly.id}")
    assert len(after.rows) == len(before.rows) + 30
    assert after.statements == before.statements


def test_a_mentor_sees_only_the_agreements_assigned(visits: Visits) -> None:
    world = visits.world
    mentor = visits.by(world.larkspur, Role.DELIVERY)
    assert [row.split()[0] for row in mentor.open("/agreements").rows] == ["ALD-LAR-H", "ALD-LAR-W"]
    theirs = world.between(world.brackenvale, world.larkspur).hourly
    assert mentor.open(f"/agreements/{theirs.id}").status == 404
    own = mentor.open(f"/agreements/{world.between(world.aldermoor, world.larkspur).hourly.id}")
    assert own.status == 200
    assert "Invoices with this agreement" not in own.words


def test_somebody_elses_agreement_is_not_found(visits: Visits) -> None:
    world = visits.world
    path = f"/agreements/{world.between(world.aldermoor, world.larkspur).hourly.id}"
    assert visits.by(world.brackenvale, Role.AUDITOR).open(path).status == 404
    assert visits.by(world.millstone, Role.FINANCE).open(path).status == 404
    assert visits.by(world.aldermoor, Role.EVALUATOR).open(path).status == 403
