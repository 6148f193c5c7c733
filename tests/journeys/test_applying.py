"""A provider applies in the browser: kept as it is typed, priced with what each price means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.identity.rules import Role
from tests.frameworks.applications.arranged import Applicant, arranged, begin, colleague
from tests.journeys.people import heading, overflow
from tests.makers import sign_in
from tests.support.databases import Databases
from tests.support.pages import PHONE, CheckPage, NewContext
from tests.support.server import Served, serve_database
from tests.support.visits import Visits, visiting

pytestmark = [pytest.mark.usefixtures("served"), pytest.mark.slow]


@dataclass(frozen=True)
class Portal:
    """The world with a round that is open, served to browsers."""

    visits: Visits
    served: Served

    def applicant(self) -> Applicant:
        """An application of Larkspur's with nothing in it yet."""
        return begin(self.visits, arranged(self.visits))

    def let_in(self, context: BrowserContext) -> Page:
        """A page on which the bids person of Larkspur is signed in."""
        world = self.visits.world
        client = self.visits.app.test_client()
        sign_in(client, world.person(world.larkspur, Role.BIDS))
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


def test_what_is_typed_is_kept_and_a_colleagues_words_are_shown(
    portal: Portal, context: BrowserContext, axe: CheckPage
) -> None:
    one = portal.applicant()
    one.choose("1a", "2a")
    page = portal.let_in(context)
    page.goto(one.home)
    axe(page)
    page.get_by_role("link", name="Questions for everybody").click()
    page.get_by_role("link", name="Who are you?").click()
    heading(page, "Question 1 of 3")
    page.get_by_label("Who are you?").fill("Six mentors")
    expect(page.get_by_text("Saved at 10am")).to_be_visible()
    expect(page.get_by_text("You have 3 words remaining").first).to_be_visible()
    page.reload()
    expect(page.get_by_label("Who are you?")).to_have_value("Six mentors")
    axe(page)

    colleague(portal.visits, one).answer("about", "Seven mentors")
    page.get_by_role("button", name="Save and continue").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Seven mentors")
    expect(page.get_by_label("Who are you?")).to_have_value("Six mentors")
    axe(page)
    page.get_by_role("button", name="Save and continue").click()
    heading(page, "Question 2 of 3")

    page.goto(f"{one.home}/prices/2a")
    page.get_by_label("Price a week, age 0-10").fill("900")
    expect(main).to_contain_text("32.00 of 40")
    page.get_by_label("Price a week, age 11-17").fill("8.5.0")
    expect(main).to_contain_text("Enter the amount in figures, like 42.00")
    axe(page)
    page.set_viewport_size(PHONE)
    for path in ("", "/categories", "/questions/all", "/evidence", "/prices/2a", "/check"):
        page.goto(one.home + path)
        assert overflow(page) == 0, path
    axe(page)


def test_without_javascript_a_provider_gets_from_the_round_to_its_receipt(
    portal: Portal, open_context: NewContext
) -> None:
    made = arranged(portal.visits)
    page = portal.let_in(open_context(java_script_enabled=False))
    page.goto(f"/applications/rounds/{made.round.id}")
    if page.get_by_label("With empty pages").count():
        page.get_by_label("With empty pages").check()
    page.get_by_role("button", name="Start your application").click()
    page.get_by_role("link", name="Categories you apply for").click()
    page.get_by_label("1a Mentoring").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Prices for 1a Mentoring").click()
    page.get_by_label("Price an hour").fill("45")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_contain_text(
        "£45.00 itself is too much"
    )
    page.get_by_label("Price an hour").fill("28")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Questions for everybody").click()
    page.get_by_role("link", name="Who are you?").click()
    page.get_by_label("Who are you?").fill("Six mentors")
    page.get_by_role("button", name="Save and continue").click()
    for answer in ("Yes", "No"):
        page.get_by_label(answer, exact=True).check()
        page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Back to your application").click()
    page.get_by_role("link", name="Check your answers and submit").click()
    page.get_by_role("button", name="Continue to the declaration").click()
    page.get_by_label("Your position").fill("Director")
    page.get_by_label("I may declare this").check()
    page.get_by_role("button", name="Submit your application").click()
    expect(page.get_by_text("Your application is submitted.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Director")
