"""The people of the demonstration whom the journeys follow, and how each of them comes in."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

PASSWORD = "maple-lantern-otter"  # the demonstration's own, printed when it is made

FINANCE = "finance@lanternway.example"
MENTOR = "imogen@lanternway.example"
APPROVER = "approver@larkminster.example"
PLACEMENTS = "finance@quarwick.example"
NOTHING_YET = "finance@kitefield.example"

PEOPLE = {
    "finance": FINANCE,
    "provider administrator": "admin@lanternway.example",
    "mentor": MENTOR,
    "approver": APPROVER,
    "budget holder": "budget@larkminster.example",
    "commissioner": "commissioner@larkminster.example",
    "Virtual School officer": "virtual-school@larkminster.example",
    "auditor": "auditor@larkminster.example",
    "council administrator": "admin@larkminster.example",
}


def give_password(page: Page, email: str) -> None:
    """Answer the sign-in page that is open."""
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def give_code(page: Page) -> None:
    """Answer the second step with the code that the demonstration shows, once it shows one."""
    shown = page.get_by_text("your code now is").locator("strong")
    while shown.count() == 0:  # the codes of this minute have been used
        page.wait_for_timeout(1_000)
        page.reload()
    page.get_by_label("Code").fill(shown.inner_text())
    page.get_by_role("button", name="Continue").click()


def fill_in_who(page: Page, email: str) -> None:
    """Answer the sign-in page that is open, and the second step, and arrive where it leads."""
    give_password(page, email)
    give_code(page)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


_signed_in: dict[tuple[str, str], str] = {}


def come_in(context: BrowserContext, email: str) -> Page:
    """A page of this browser on which this person is signed in and sees their home.

    By the pages once for each portal; a code counts once, so further browsers get the cookie.
    """
    page = context.new_page()
    page.goto("/sign-in")
    served = page.url.split("/sign-in")[0]
    if (served, email) not in _signed_in:
        fill_in_who(page, email)
        kept = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
        _signed_in[served, email] = kept["portal"]
    else:
        cookie = _signed_in[served, email]
        context.add_cookies([{"name": "portal", "value": cookie, "url": served}])
        page.goto("/")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    """Expect the page whose one h1 says this."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def date_fields(page: Page, label: str) -> tuple[Locator, Locator, Locator]:
    """The day, the month and the year of the date that has this label."""
    group = page.get_by_role("group", name=label)
    day, month, year = (group.get_by_label(part) for part in ("Day", "Month", "Year"))
    return day, month, year


def enter_date(page: Page, label: str, day: int, month: int, year: int) -> None:
    """Type a date into its three fields."""
    for box, number in zip(date_fields(page, label), (day, month, year), strict=True):
        box.fill(str(number))


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(0, wider)
