"""An administrator invites somebody, who follows the letter and arrives at home."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from portal.kernel.database import Database
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Scope, Task
from tests.journeys.people import PEOPLE, come_in, heading, overflow
from tests.support.pages import PHONE, CheckPage, NewContext
from tests.support.server import Served

PASSWORD = "heron-quartz-meadow"


def _link(served: Served, email: str) -> str:
    """The link of the letter that waits for an address in the outbox."""
    database = Database(served.database)
    with database.session(Scope.system(Task.POST)) as session:
        body = session.scalars(select(Letter.body).where(Letter.address == email)).one() or ""
    database.close()
    return "/invitations/" + body.split("/invitations/")[1].split()[0]


def _invite(page: Page, name: str, email: str) -> None:
    page.get_by_role("link", name="People", exact=True).click()
    heading(page, "People")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Invoice approver").check()
    page.get_by_label("Budget holder").check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("These cannot go together")
    page.get_by_label("Budget holder").uncheck()
    page.get_by_role("button", name="Send invitation").click()
    heading(page, "Invitations")
    expect(page.get_by_role("row", name=name)).to_contain_text("Waiting for an answer")


def _accept(page: Page, link: str, email: str) -> None:
    page.goto(link)
    heading(page, "Join Larkminster City Council")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Make my account").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("at least 12 characters")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _set_up_code(page: Page) -> None:
    shown = page.get_by_text("your code now is").locator("strong").inner_text()
    page.get_by_label("Code").fill(shown)
    page.get_by_role("button", name="Continue").click()
    heading(page, "Keep your recovery codes")
    page.get_by_role("button", name="I have kept them").click()


@pytest.mark.parametrize("with_javascript", [True, False], ids=["with js", "without js"])
def test_somebody_is_invited_and_arrives_at_home(
    served: Served,
    context: BrowserContext,
    open_context: NewContext,
    axe: CheckPage,
    with_javascript: bool,
) -> None:
    name, email = (
        f"Nora {with_javascript} Elm",
        f"nora.{with_javascript}@larkminster.example".lower(),
    )
    inviting = open_context(java_script_enabled=with_javascript)
    _invite(come_in(inviting, PEOPLE["council administrator"]), name, email)
    theirs = open_context(java_script_enabled=with_javascript, viewport=PHONE).new_page()
    _accept(theirs, _link(served, email), email)
    _set_up_code(theirs)
    heading(theirs, "What needs you")
    expect(theirs.get_by_text(f"{name}, invoice approver")).to_be_visible()
    assert overflow(theirs) == 0
    if with_javascript:
        axe(theirs)
        theirs.goto("/your-details")
        axe(theirs)
        page = come_in(context, PEOPLE["council administrator"])
        for path in ("/people", "/people/invitations", "/people/review", "/people/settings"):
            page.goto(path)
            axe(page)
