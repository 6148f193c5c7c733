"""An approver's work without a mouse: everything is reached, seen and pressed by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import APPROVER, FINANCE, PASSWORD, come_in, heading
from tests.support.pages import NewContext

pytestmark = pytest.mark.usefixtures("served")

MOST_STOPS = 60

# What has the focus is inside the window, uncovered at its middle, and drawn differently. Of a
# text area the browser brings the place where one writes into the window, not all of it.
SEEN = """() => {
  const it = document.activeElement;
  if (it === document.body) return "nothing has the focus";
  const drawn = it.type === "checkbox" || it.type === "radio" ? it.labels[0] : it;
  const box = it.getClientRects()[0];
  const name = it.outerHTML.slice(0, 120);
  if (!box) return "not drawn: " + name;
  const bottom = it.type === "textarea" ? Math.min(box.bottom, innerHeight) : box.bottom;
  if (box.top < -1 || bottom > innerHeight + 1) return "out of the window: " + name;
  const at = document.elementFromPoint(box.left + box.width / 2, (box.top + bottom) / 2);
  const same = at && (it.contains(at) || at.contains(it) || drawn.contains(at));
  if (!same) return "covered: " + name + " by " + (at && at.outerHTML.slice(0, 80));
  const styles = [getComputedStyle(it), getComputedStyle(drawn, "::before")];
  const marked = styles.some((s) => s.boxShadow !== "none"
    || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0));
  return marked ? "" : "not marked: " + name;
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus; everything passed on the way must be seen."""
    target = wanted.element_handle()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN) == "", page.url
        if target.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"{wanted} was not reached in {MOST_STOPS} stops")


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def submit_september(open_context: NewContext) -> None:
    finance = come_in(open_context(), FINANCE)
    finance.get_by_role("link", name=re.compile("^Submit September 2026")).click()
    finance.get_by_label("Your own invoice number").fill("INV-0024")
    finance.get_by_role("button", name="Submit to Larkminster City Council").click()
    heading(finance, re.compile("^Invoice "))


def test_focus_going_back_is_not_hidden_behind_the_totals(open_context: NewContext) -> None:
    page = come_in(open_context(viewport={"width": 1280, "height": 500}), FINANCE)
    page.get_by_role("link", name=re.compile("^Submit September 2026")).click()
    page.get_by_role("button", name="Submit to Larkminster City Council").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(SEEN) == ""


def type_code(page: Page) -> None:
    """The second step's code, as the demonstration shows it, without a mouse."""
    shown = page.get_by_text("your code now is").locator("strong")
    tab_to(page, page.get_by_label("Code"))
    page.keyboard.type(shown.inner_text())
    page.keyboard.press("Enter")


def test_an_approver_needs_no_mouse(open_context: NewContext) -> None:
    submit_september(open_context)
    page = open_context().new_page()
    page.goto("/sign-in")
    tab_to(page, page.get_by_label("Email address"))
    page.keyboard.type(APPROVER)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    type_code(page)
    heading(page, "What needs you")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    press(page, page.get_by_role("main").locator("a[href='/invoices?state=to-decide']"))
    heading(page, "Invoices")
    press(page, page.locator("#results tbody a"))

    heading(page, re.compile("^Invoice "))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    everything = page.get_by_label("Tick all 8 clean lines")
    tab_to(page, everything)
    expect(everything).to_be_checked()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Approve the ticked lines")).to_be_visible()
    for position in (1, 8):
        tab_to(page, page.get_by_label(f"Approve line {position}", exact=True))
        page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Approve 2 lines, £530.99"))

    expect(page.locator("#line-1")).to_contain_text("Approved")
    expect(page.locator("#line-2")).to_contain_text("To decide")
    expect(page.locator("#line-8")).to_contain_text("Approved")
    expect(page.get_by_role("alert").filter(has_text="Done")).to_be_focused()
