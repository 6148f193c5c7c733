"""A commissioner builds a round's questions, and two people raise prices, in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.identity.models import Organisation
from portal.identity.rules import Role
from tests.journeys.people import heading, overflow
from tests.makers import sign_in
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

    def let_in(self, context: BrowserContext, council: Organisation, role: Role) -> Page:
        """A page on which the person of that role is signed in."""
        client = self.visits.app.test_client()
        sign_in(client, self.visits.world.person(council, role))
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


def test_a_question_is_written_where_only_what_its_kind_needs_is_asked(
    portal: Portal, context: BrowserContext, axe: CheckPage
) -> None:
    world = portal.visits.world
    page = portal.let_in(context, world.copperholt, Role.COMMISSIONER)
    page.goto(f"/rounds/{world.advertised.draft.id}/questions")
    heading(page, "Questions")
    axe(page)
    page.get_by_role("button", name="Write a question").click()
    expect(page.get_by_label("Option 1", exact=True)).to_be_hidden()
    page.get_by_label("One of several options").check()
    page.get_by_label("Question", exact=True).fill("Where do you work?")
    page.get_by_role("button", name="Ask it").click()
    expect(page.get_by_role("link", name="Give between 2 and 30 options")).to_be_visible()
    axe(page)
    page.get_by_label("Option 1", exact=True).fill("In a town")
    page.get_by_label("Option 2", exact=True).fill("In the country")
    page.get_by_role("button", name="Ask it").click()
    page.get_by_role("link", name="Where do you work?").click()
    expect(page.get_by_label("In the country")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Change the question").click()
    expect(page.get_by_label("Code of option 2")).to_have_value("in-the-country")
    page.set_viewport_size(PHONE)
    axe(page)
    assert overflow(page) == 0


def test_a_set_is_taken_on_a_phone_without_javascript(
    portal: Portal, open_context: NewContext, axe: CheckPage
) -> None:
    world = portal.visits.world
    context = open_context(java_script_enabled=False, viewport=PHONE)
    page = portal.let_in(context, world.copperholt, Role.COMMISSIONER)
    page.goto(f"/rounds/{world.advertised.draft.id}/questions/sets")
    assert overflow(page) == 0
    page.get_by_role("link", name="Mentoring").click()
    page.get_by_label("Who is asked").select_option("1")
    page.get_by_role("button", name="Ask these questions").click()
    expect(page.get_by_text("12 questions added, 0 changed, 0 as before.")).to_be_visible()
    assert overflow(page) == 0
    page.get_by_role("button", name="Move mentoring-same-mentor up").click()
    expect(page.get_by_role("row").filter(has_text="mentoring-")).to_have_count(12)


def test_an_uplift_is_looked_through_and_agreed_to(
    portal: Portal, context: BrowserContext, axe: CheckPage
) -> None:
    world = portal.visits.world
    page = portal.let_in(context, world.aldermoor, Role.BUDGET_HOLDER)
    page.goto("/")
    page.get_by_role("link", name="Agree to an uplift of 1.5 %").click()
    heading(page, "Uplift from 1 September 2026")
    axe(page)
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0
    page.get_by_role("button", name="Agree to 1.5 %").click()
    expect(page.get_by_text("Prices rise by 1.5 % from 1 September 2026.")).to_be_visible()
    axe(page)
