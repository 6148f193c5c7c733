"""Leaving the public pages fast, with and without JavaScript, and by keyboard."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.complaints.public import COUNCIL
from tests.support.server import Served

WEATHER = "https://www.bbc.co.uk/weather"


def to_the_weather(context: BrowserContext) -> list[Request]:
    """Stand in for the weather page, and keep the requests for it."""
    asked: list[Request] = []

    def answer(route: object, request: Request) -> None:
        asked.append(request)
        route.fulfill(body="<title>Weather</title>", content_type="text/html")  # type: ignore[attr-defined]

    context.route(f"{WEATHER}**", answer)
    return asked


def test_shift_three_times_leaves_and_tells_nobody(served: Served, page: Page) -> None:
    asked = to_the_weather(page.context)
    page.goto(f"{COUNCIL}/what-happens-next")
    page.keyboard.press("Shift")
    expect(page.get_by_text("Shift, press 2 more times to exit.")).to_be_attached()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_url(f"{WEATHER}**")
    assert "referer" not in asked[0].headers
    assert page.context.cookies() == []


def test_without_javascript_the_red_button_is_a_link(served: Served, page_without_js: Page) -> None:
    page = page_without_js
    asked = to_the_weather(page.context)
    page.goto("/young-people")
    page.get_by_label("Name of the council").fill("larkminster")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Larkminster City Council").click()
    page.get_by_role("link", name="Read this first").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How to leave these pages fast")
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url(f"{WEATHER}**")
    assert "referer" not in asked[0].headers


def test_the_keyboard_reaches_the_way_out_second(served: Served, page: Page) -> None:
    page.goto(COUNCIL)
    for name in ("Skip to main content", "Exit this page"):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_have_text(name)
        # It shows itself when it has the focus.
        expect(focused).not_to_have_css("height", "1px")
