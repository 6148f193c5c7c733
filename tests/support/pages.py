"""Browser pages for the journeys: with JavaScript, without it, at phone width, and axe.

Every context watches its console: a page that breaks its own Content-Security-Policy or throws
fails the test that opened it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize, WebError

from tests.support import browser
from tests.support.axe import Checker
from tests.support.databases import Databases
from tests.support.server import Served, demonstration, serve

PHONE = ViewportSize(width=375, height=740)
DESKTOP = ViewportSize(width=1280, height=900)
SECONDS = 10

NewContext = Callable[..., BrowserContext]
CheckPage = Callable[[Page], None]


@pytest.fixture(scope="module")
def served(databases: Databases) -> Iterator[Served]:
    """The portal with its demonstration data, served to one file of tests."""
    with serve(databases.folder, demonstration(databases.folder)) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the browser that ``make test`` found, closed to every other network."""
    return {
        **browser_type_launch_args,
        "executable_path": browser.find(),
        "args": list(browser.ARGUMENTS),
    }


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], request: pytest.FixtureRequest
) -> dict[str, Any]:
    """British English, London time, addresses relative to the portal."""
    arguments = {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }
    if "served" in request.fixturenames:
        served: Served = request.getfixturevalue("served")
        arguments["base_url"] = served.url
    return arguments


@pytest.fixture
def open_context(new_context: NewContext) -> Iterator[NewContext]:
    """Open a browser context whose console is watched; takes Playwright's context options."""
    complaints: list[str] = []

    def open_one(**options: Any) -> BrowserContext:
        context = new_context(**{"viewport": DESKTOP, **options})
        context.set_default_timeout(SECONDS * 1000)
        context.on("console", lambda message: _note(message, complaints))
        context.on("weberror", lambda error: _note_error(error, complaints))
        return context

    yield open_one
    assert not complaints, "the browser's console complained:\n" + "\n".join(complaints)


@pytest.fixture
def context(open_context: NewContext) -> BrowserContext:
    """The context of the ``page`` fixture: a desktop with JavaScript."""
    return open_context()


@pytest.fixture
def page_without_js(open_context: NewContext) -> Page:
    """A desktop page on which no JavaScript runs."""
    return open_context(java_script_enabled=False).new_page()


@pytest.fixture
def phone(open_context: NewContext) -> Page:
    """A page at a phone's width, with JavaScript."""
    return open_context(viewport=PHONE, has_touch=True).new_page()


@pytest.fixture(scope="session")
def axe() -> CheckPage:
    """Check a page that has JavaScript: ``axe(page)`` fails on any violation axe finds."""
    return Checker()


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # A form refused by 422 or a page that is not there are answers that journeys ask for.
    expected = (
        "Failed to load resource: the server responded with a status of 4",
        "Response Status Error Code 4",  # htmx says the same once more
    )
    if message.type == "error" and not message.text.startswith(expected):
        complaints.append(f"{message.location.get('url')}: {message.text}")


def _note_error(error: WebError, complaints: list[str]) -> None:
    complaints.append(str(error.error))
