"""The pages from opened bids to signed places, in the browser, wide and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from portal import create_app
from portal.config import Config
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database
from tests.frameworks.evaluation.scene import AFTER, SENT, Scene, make_scene
from tests.journeys.people import overflow
from tests.support.databases import Databases
from tests.support.pages import DESKTOP, PHONE, CheckPage, NewContext
from tests.support.server import Served, serve_database

pytestmark = [pytest.mark.usefixtures("served"), pytest.mark.slow]
SECRET = "for tests only"
RUNS = Role.COMMISSIONER


@dataclass(frozen=True)
class Portal:
    """The scene, served to browsers."""

    scene: Scene
    served: Served

    def let_in(self, context: NewContext, organisation: Organisation, who: Role | Person) -> Page:
        """A page on which somebody is signed in."""
        cookie = self.scene.by(organisation, who).client.get_cookie(
            self.scene.app.config["SESSION_COOKIE_NAME"]
        )
        assert cookie is not None
        opened = context()
        opened.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.served.url}])
        return opened.new_page()


@pytest.fixture(scope="module")
def portal(databases: Databases) -> Iterator[Portal]:
    """A round whose bids were opened, served."""
    with databases.fresh("sqlite") as address:
        config = Config(
            database_url=address.application,
            operator_url=address.owner,
            secret_key=SECRET,
            demonstration=True,
            secure_cookies=False,
            cheap_passwords=True,
            files=str(databases.folder / "files"),
        )
        app, owner = create_app(config), Database(address.owner)
        with serve_database(databases.folder, address, SECRET) as running:
            yield Portal(make_scene(app, owner), running)
        app.extensions["portal.database"].close()
        owner.close()


@pytest.fixture(scope="module")
def served(portal: Portal) -> Served:
    """The same, for the addresses of the pages."""
    return portal.served


def test_the_pages_from_opened_bids_to_signed_places(
    portal: Portal, open_context: NewContext, axe: CheckPage
) -> None:
    scene, lead = portal.scene, portal.scene.lead
    round_ = f"/rounds/{scene.round.id}"
    outcome = f"/outcomes/{scene.round.id}"
    millstone = scene.providers["Millstone"]
    runs = portal.let_in(open_context, lead, RUNS)
    moderates = portal.let_in(open_context, lead, scene.moderator)
    bidder = portal.let_in(open_context, millstone, Role.PROVIDER_ADMINISTRATOR)

    def look(page: Page, *paths: str) -> None:
        for path in paths:
            page.goto(path)
            axe(page)
            page.set_viewport_size(PHONE)
            assert overflow(page) == 0, path
            page.set_viewport_size(DESKTOP)

    scene.moderate()
    application = scene.application("Millstone")
    category = f"{round_}/decisions/{scene.category.id}"
    look(runs, f"{round_}/evaluation/people", f"{round_}/compliance/{application}",
         f"{round_}/moderation", category)  # fmt: skip
    look(moderates, f"{round_}/moderation/{application}")
    runs.goto(category)
    runs.get_by_role("button", name="Save the decisions").click()
    axe(runs)
    runs.get_by_role("button", name="Fix the decisions").click()
    scene.clock(SENT)
    look(runs, f"{round_}/decisions", f"{round_}/letters/{millstone.id}", f"{round_}/letters")
    runs.get_by_role("button", name="Send every letter").click()
    expect(runs.get_by_role("main")).to_contain_text("The letters are sent")
    scene.clock(AFTER)
    look(bidder, outcome)
    _sign(bidder, "Sign the agreement")
    agreement = f"{round_}/agreements/{millstone.id}"
    look(runs, agreement)
    _sign(runs, "Countersign")
    look(runs, f"{round_}/agreements", f"{round_}/evaluation")


def _sign(page: Page, button: str) -> None:
    page.get_by_label("Your office").fill("Director")
    page.get_by_label("I may sign for my organisation").check()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("button", name=button)).to_have_count(0)
