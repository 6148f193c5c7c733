"""Two people open a round in the browser; a provider's receipt is read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from portal.kernel.tenancy import Scope, Task
from tests.journeys.people import heading, overflow
from tests.makers import sign_in
from tests.makers.rounds import PHRASE
from tests.support.databases import Databases
from tests.support.pages import PHONE, CheckPage, NewContext
from tests.support.server import Served, serve_database
from tests.support.visits import Visits, visiting

pytestmark = [pytest.mark.usefixtures("served"), pytest.mark.slow]


@dataclass(frozen=True)
class Portal:
    """The world, served to browsers."""

    visits: Visits
    served: Served

    def let_in(self, context: BrowserContext, organisation: Organisation, role: Role) -> Page:
        """A page on which somebody is signed in."""
        client = self.visits.app.test_client()
        sign_in(client, self.visits.world.person(organisation, role))
        cookie = client.get_cookie(self.visits.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.served.url}])
        return context.new_page()


@pytest.fixture(scope="module")
def portal(databases: Databases) -> Iterator[Portal]:
    """The world, served."""
    with (
        visiting(databases, "sqlite") as visits,
        serve_database(databases.folder, visits.standing.address, "for tests only") as running,
    ):
        yield Portal(visits, running)


@pytest.fixture(scope="module")
def served(portal: Portal) -> Served:
    """The same, for the addresses of the pages."""
    return portal.served


def test_the_pages_of_an_opening_and_of_a_receipt(
    portal: Portal, open_context: NewContext, axe: CheckPage
) -> None:
    world = portal.visits.world
    opener = portal.let_in(open_context(), world.copperholt, Role.COMMISSIONER)
    bidder = portal.let_in(open_context(), world.nettlewood, Role.BIDS)
    draft = f"/rounds/{world.advertised.draft.id}/opening"
    pages = {
        opener: (draft, f"{draft}/name", f"/rounds/{world.applied.round.id}/opening",
                 "/opening-key", "/opening-key/phrase", "/opening-key/replace"),
        bidder: (f"/receipts/{world.applied.submission.id}", "/receipts/check",
                 "/receipts/check?receipt=nothing"),
    }  # fmt: skip
    for page, paths in pages.items():
        for path in paths:
            page.goto(path)
            axe(page)
            page.set_viewport_size(PHONE)
            assert overflow(page) == 0, path
            page.set_viewport_size({"width": 1280, "height": 900})
    bidder.goto(f"/receipts/{world.applied.submission.id}")
    bidder.get_by_role("link", name="Check this receipt").click()
    heading(bidder, "Check a receipt")
    expect(bidder.get_by_role("main")).to_contain_text("Opened as it was sent")


def test_without_javascript_two_people_open_a_round(
    portal: Portal, open_context: NewContext
) -> None:
    world = portal.visits.world
    round_ = world.advertised.round
    with portal.visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        set_clock(session, round_.closes_at + timedelta(days=2))
    path = f"/rounds/{round_.id}/opening"
    for role, said in (
        (Role.COMMISSIONER, "Your share is kept"),
        (Role.COUNCIL_ADMINISTRATOR, "The bids are open: 1 application"),
    ):
        page = portal.let_in(open_context(java_script_enabled=False), world.copperholt, role)
        page.goto(path)
        page.get_by_label("Pass phrase of your key").fill("not this one")
        page.get_by_role("button", name="Give my share").click()
        expect(page.get_by_role("main")).to_contain_text("This is not the pass phrase of your key")
        page.get_by_label("Pass phrase of your key").fill(PHRASE)
        page.get_by_role("button", name="Give my share").click()
        expect(page.locator("body")).to_contain_text(said)
