"""The pictures' pages: for the framework's councils, and of a round nothing before opening."""

from __future__ import annotations

from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_place, make_provider
from tests.support.visits import Visits


def test_a_framework_in_pictures(visits: Visits) -> None:
    world = visits.world
    path = f"/frameworks/{world.shared.id}/pictures"
    page = visits.by(world.brackenvale, Role.AUDITOR).open(path)
    assert page.heading == "Shared mentoring and placements in pictures"
    assert "1a Mentoring" in page.words and "2 prices for an hour; half are £42.00" in page.words
    assert "Above band 1 2 100 %" in page.words
    assert visits.by(world.copperholt, Role.AUDITOR).open(path).status == 404
    assert visits.by(world.larkspur, Role.BIDS).open(path).status == 403, "it compares providers"


def test_it_costs_the_same_for_two_places_and_twenty(visits: Visits) -> None:
    world = visits.world
    path = f"/frameworks/{world.shared.id}/pictures"
    visitor = visits.by(world.aldermoor, Role.COMMISSIONER)
    before = visitor.open(path)
    category = world.between(world.aldermoor, world.larkspur).category
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        for number in range(18):
            make_place(session, category=category, provider=make_provider(session),
                       price=f"{35 + number}.00")  # fmt: skip
    after = visitor.open(path)
    assert "20 prices for an hour" in after.words
    assert after.statements == before.statements


def test_a_round_shows_nothing_before_it_is_opened_and_its_bids_after(visits: Visits) -> None:
    world = visits.world
    commissioner = visits.by(world.copperholt, Role.COMMISSIONER)
    sealed = commissioner.open(f"/rounds/{world.advertised.draft.id}/pictures")
    assert "Nobody knows yet who applied, or whether anybody did." in sealed.words
    opened = commissioner.open(f"/rounds/{world.evaluated.round.id}/pictures")
    assert opened.status == 200
    assert "Applications by state" in opened.words and "Received 2" in opened.words
    stranger = visits.by(world.aldermoor, Role.COMMISSIONER)
    assert stranger.open(f"/rounds/{world.evaluated.round.id}/pictures").status == 404
