"""The public pages in a browser: leaving fast, light, small and large, with nothing for axe."""

from __future__ import annotations

import re
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.complaints.public import COLD, COUNCIL, PAGES
from tests.support.pages import CheckPage, NewContext
from tests.support.server import Served

FIRST_VISIT = 40_000  # bytes, compressed
NARROW = {"width": 320, "height": 640}
WEATHER = "https://www.bbc.co.uk/weather"


def fetched(served: Served, address: str) -> tuple[str, int]:
    """The text at an address, and its length as it travels to a browser that takes gzip."""
    connection = HTTPConnection(urlsplit(served.url).netloc, timeout=10)
    try:
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
        packed = connection.getresponse().read()
        connection.request("GET", address)
        return connection.getresponse().read().decode(), len(packed)
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("front", ["", "/ar"])
def test_a_first_visit_is_light(served: Served, front: str) -> None:
    page, size = fetched(served, front + COUNCIL)
    waiting = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        text, length = fetched(served, address)
        size += length
        if address.endswith(".js"):
            for wanted in re.findall(r'(?:from|import)\s*["\'](\.[^"\']+)["\']', text):
                module = urljoin(address, wanted)
                if module not in seen:
                    seen.add(module)
                    waiting.append(module)
    assert 20_000 < size < FIRST_VISIT


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
        page.wait_for_function("document.activeElement.getBoundingClientRect().height > 24")


@pytest.mark.slow
@pytest.mark.parametrize("front", ["", "/cy", "/ar", "/large-print", "/ar/large-print"])
def test_nothing_for_axe_and_nothing_too_wide(
    served: Served, open_context: NewContext, axe: CheckPage, front: str
) -> None:
    """320 pixels wide is also what 1,280 pixels become at a zoom of 400 %."""
    page = open_context(viewport=NARROW).new_page()
    strange: list[str] = []
    page.on("request", lambda one: strange.append(one.url) if served.url not in one.url else None)
    for path in (*PAGES, COLD, f"{COLD}/who-can-help", f"{COUNCIL}/nowhere"):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(front + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{front}{path} is {wide} pixels too wide"
        axe(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        axe(page)
    assert strange == []
    assert page.context.cookies() == []
