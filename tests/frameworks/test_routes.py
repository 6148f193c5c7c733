"""Frameworks, places and providers, as councils and as providers see them."""

from __future__ import annotations

from datetime import date

from portal.frameworks.models import PlacePrice
from portal.frameworks.rules import PlaceState, PriceSource
from portal.identity.rules import Role
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_framework, make_place, make_provider
from tests.support.visits import Visits


def test_the_list_holds_ones_own_frameworks(visits: Visits) -> None:
    world = visits.world
    page = visits.by(world.brackenvale, Role.COMMISSIONER).open("/frameworks")
    assert (page.status, page.heading) == (200, "Frameworks")
    assert len(page.rows) == 1 and "Shared mentoring and placements" in page.rows[0]
    assert "Aldermoor Council and Brackenvale Council" in page.rows[0]
    assert "In force" in page.rows[0]


def test_the_list_costs_the_same_for_one_and_thirty(visits: Visits) -> None:
    world = visits.world
    visitor = visits.by(world.copperholt, Role.COMMISSIONER)
    before = visitor.open("/frameworks")
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(30):
            make_framework(
                session, lead=world.copperholt, title=f"Ended {number}",
                starts_on=date(2020, 1, 1), ends_on=date(2024, 1, 1),
            )  # fmt: skip
    after = visitor.open("/frameworks")
    assert (len(before.rows), len(after.rows)) == (2, 32)
    assert after.statements == before.statements
    assert len(visitor.open("/frameworks?term=in-force", htmx=True).rows) == 1
    assert len(visitor.open("/frameworks?term=ended").rows) == 30
    assert len(visitor.open("/frameworks?term=to-come").rows) == 1
    provider = visits.by(world.larkspur, Role.BIDS)
    assert "No framework is like that" in provider.open("/frameworks?term=ended").words


def test_a_council_sees_its_terms_and_how_many_places(visits: Visits) -> None:
    world = visits.world
    page = visits.by(world.aldermoor, Role.APPROVER).open(f"/frameworks/{world.shared.id}")
    assert page.heading == "Shared mentoring and placements"
    assert "Aldermoor Council (lead) and Brackenvale Council" in page.words
    assert "Public Contracts Regulations 2015, light touch" in page.words
    assert "30 days from the day an invoice is verified" in page.words
    assert page.rows == [
        "1a Mentoring Unit price Hours 2",
        "1b Mentoring Weekly price, charged by the night Nights 2",
    ]


def test_a_provider_sees_its_own_places_and_never_how_many_rivals(visits: Visits) -> None:
    world = visits.world
    page = visits.by(world.larkspur, Role.BIDS).open(f"/frameworks/{world.shared.id}")
    assert page.rows[0] == "1a Mentoring Unit price Hours Place from 1 September 2025 Active"
    assert "Millstone" not in page.markup
    category = world.between(world.aldermoor, world.larkspur).category
    rivals = f"/frameworks/{world.shared.id}/categories/{category.id}"
    assert visits.by(world.larkspur, Role.BIDS).open(rivals).status == 403
    theirs = world.between(world.aldermoor, world.millstone).place
    assert visits.by(world.larkspur, Role.BIDS).open(f"/places/{theirs.id}").status == 404


def test_what_is_foreign_is_not_found(visits: Visits) -> None:
    world = visits.world
    stranger = visits.by(world.copperholt, Role.COMMISSIONER)
    dealings = world.between(world.aldermoor, world.larkspur)
    for path in (
        f"/frameworks/{world.shared.id}",
        f"/frameworks/{world.shared.id}/categories/{dealings.category.id}",
        f"/frameworks/{world.apart.id}/categories/{dealings.category.id}",
        f"/places/{dealings.place.id}",
        f"/providers/{world.larkspur.id}",
        f"/providers/{world.aldermoor.id}",
    ):
        assert stranger.open(path).status == 404, path


def test_a_categorys_places_with_the_price_of_today(visits: Visits) -> None:
    world = visits.world
    dealings = world.between(world.brackenvale, world.millstone)
    path = f"/frameworks/{world.shared.id}/categories/{dealings.category.id}"
    officer = visits.by(world.brackenvale, Role.COMMISSIONER)
    before = officer.open(path)
    assert before.rows == [
        "Larkspur Mentoring Active £42.00 an hour 1 September 2025",
        "Millstone Care Active £42.00 an hour 1 September 2025",
    ]
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(60):
            make_place(
                session, category=dealings.category,
                provider=make_provider(session, name=f"Reserve {number:02}"),
                state=PlaceState.RESERVE,
            )  # fmt: skip
    after = officer.open(path)
    assert len(after.rows) == 50
    assert after.statements == before.statements
    assert len(officer.open(after.link("Next →")).rows) == 12
    assert len(officer.open(f"{path}?state=active", htmx=True).rows) == 2
    assert len(officer.open(f"{path}?name=reserve+1", htmx=True).rows) == 10


def test_a_place_shows_its_prices_by_their_days(visits: Visits) -> None:
    world = visits.world
    place = world.between(world.aldermoor, world.larkspur).place
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        session.add(
            PlacePrice(
                place_id=place.id, framework_id=place.framework_id,
                lead_council_id=place.lead_council_id, provider_id=place.provider_id,
                price=Money.pounds("43.30"), starts_on=date(2026, 4, 1),
                source=PriceSource.UPLIFT, note="3.1 %",
            )
        )  # fmt: skip
    page = visits.by(world.aldermoor, Role.APPROVER).open(f"/places/{place.id}")
    assert page.heading == "Larkspur Mentoring, 1a Mentoring"
    assert page.rows[:2] == [
        "From 1 April 2026 Today £43.30 an hour Uplift, 3.1 %",
        "From 1 September 2025 to 31 March 2026 £42.00 an hour Bid",
    ]
    assert page.rows[2:] == ["ALD-LAR-H Active From 5 January 2026"], "only Aldermoor's own"
    own = visits.by(world.larkspur, Role.FINANCE).open(f"/places/{place.id}")
    assert [row.split()[0] for row in own.rows[2:]] == ["ALD-LAR-H", "BRA-LAR-H"]
    bids = visits.by(world.larkspur, Role.BIDS).open(f"/places/{place.id}")
    assert bids.status == 200 and "ALD-LAR-H" not in bids.markup


def test_a_provider_as_its_council_sees_it(visits: Visits) -> None:
    world = visits.world
    path = f"/providers/{world.larkspur.id}"
    page = visits.by(world.aldermoor, Role.REFERRER).open(path)
    assert page.heading == "Larkspur Mentoring"
    assert "Public liability insurance" in page.words and "1a Mentoring" in page.words
    withheld = visits.by(world.aldermoor, Role.BUDGET_HOLDER).open(path)
    assert withheld.status == 200 and "liability" not in withheld.words
    listed = visits.by(world.aldermoor, Role.COMPLAINTS_MANAGER).open("/providers")
    assert listed.heading == "Providers"
    assert listed.rows[0] == "Larkspur Mentoring Exampleton 2"
