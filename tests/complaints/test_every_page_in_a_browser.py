"""Every public page in a browser: small, large and by keyboard, with nothing for axe to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import APIResponse, BrowserContext, FilePayload, Page, ViewportSize

from tests.complaints.public import COUNCIL, FRONTS, tour
from tests.complaints.somebody import Somebody
from tests.journeys.test_keyboard import SEEN
from tests.support.pages import DESKTOP, CheckPage, NewContext
from tests.support.server import Served
from tests.support.size import size

pytestmark = pytest.mark.slow
ZOOMED = ViewportSize(width=320, height=256)
"""What a window of 1,280 by 1,024 pixels shows at a zoom of 400 % (WCAG 1.4.10)."""
NARROW = ViewportSize(width=320, height=640)
ZOOMED_FRONTS = size(("", "/ar/large-print"), FRONTS)
DESK_FRONTS = size(("",), FRONTS)
"""A tour takes half a minute: every day the plainest and the furthest from it, else all."""
STOPS = """() => {
  const names = new Set();
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((it) => it.type !== "hidden" && !it.disabled && it.checkVisibility())
    .filter((it) => it.type !== "radio" || (!names.has(it.name) && names.add(it.name))).length;
}"""
"""How often Tab stops on a page: a group of radio buttons is one stop."""


@dataclass(frozen=True)
class Answer:
    """An answer to a browser's own request, as the test client gives one."""

    given: APIResponse

    @property
    def text(self) -> str:
        return self.given.text()

    @property
    def status_code(self) -> int:
        return self.given.status

    @property
    def location(self) -> str:
        return self.given.headers["location"]


@dataclass(frozen=True)
class InBrowser:
    """Requests that share the cookies of a browser's pages."""

    context: BrowserContext

    def get(self, path: str) -> Answer:
        """Ask for a page, and follow nothing."""
        return Answer(self.context.request.get(path, max_redirects=0))

    def post(self, path: str, *, data: Mapping[str, Any], content_type: str) -> Answer:
        """Send a form; a file is (its bytes, its name)."""
        assert content_type == "multipart/form-data"
        fields: dict[str, str | float | bool | bytes | FilePayload] = {
            name: value
            if isinstance(value, str)
            else FilePayload(name=value[1], mimeType="text/plain", buffer=value[0].read())
            for name, value in data.items()
        }
        sent = self.context.request.post(path, multipart=fields, max_redirects=0)
        return Answer(sent)


def somebody_in(context: BrowserContext, front: str) -> Somebody:
    """Somebody whose answers and whose pages are in one browser."""
    return Somebody(cast(FlaskClient, InBrowser(context)), f"{front}{COUNCIL}")


def too_wide(page: Page) -> int:
    """How many pixels of the page are beside the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("front", ZOOMED_FRONTS)
def test_nothing_is_too_wide_at_a_zoom_of_400_and_nothing_for_axe(
    served: Served, open_context: NewContext, axe: CheckPage, front: str
) -> None:
    context = open_context(viewport=ZOOMED)
    page = context.new_page()
    strange: list[str] = []
    page.on("request", lambda one: strange.append(one.url) if served.url not in one.url else None)
    for address in tour(somebody_in(context, front)):
        page.goto(address)
        assert too_wide(page) <= 0, address
        axe(page)
    assert strange == []


@pytest.mark.parametrize("front", DESK_FRONTS)
def test_nothing_for_axe_on_a_desk(
    served: Served, open_context: NewContext, axe: CheckPage, front: str
) -> None:
    context = open_context(viewport=DESKTOP)
    page = context.new_page()
    for address in tour(somebody_in(context, front)):
        page.goto(address)
        assert too_wide(page) <= 0, address
        axe(page)


def test_every_control_is_reached_and_seen_by_keyboard(
    served: Served, open_context: NewContext
) -> None:
    context = open_context(viewport=NARROW)
    page = context.new_page()
    for address in tour(somebody_in(context, "")):
        page.goto(address)
        stops = page.evaluate(STOPS)
        for _ in range(stops):
            page.keyboard.press("Tab")
            assert page.evaluate(SEEN) == "", address
            page.evaluate("(window.reached ??= new Set()).add(document.activeElement)")
        assert page.evaluate("reached.size") == stops > 0, address
