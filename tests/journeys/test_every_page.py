"""Every page that a person can reach from their navigation is a whole and usable page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import FINANCE, MENTOR, PEOPLE, come_in, heading, overflow
from tests.support.pages import DESKTOP, PHONE, CheckPage, NewContext

pytestmark = pytest.mark.usefixtures("served")

LEAST_KINDS = 5
PUBLIC = re.compile(r"/(young-people|privacy|cookies|accessibility|cy|ar|large-print)\b")
"""Whoever is signed in sees these as anybody does: tests/complaints/guidance tries them all."""
NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d|\d+")


def kind(address: str) -> str:
    """What kind of page an address is: its path without names, and which fields it filters by."""
    parts = urlsplit(address)
    fields = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return NAMES.sub("*", parts.path) + ("?" + "&".join(fields) if fields else "")


def reachable(page: Page) -> Iterator[str]:
    """Open one page of every kind that links lead to, from the page that is open."""
    waiting, seen = [page.url], {kind(page.url)}
    while waiting:
        page.goto(waiting.pop(0))
        yield page.url
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        for link in links:
            address = urljoin(page.url, link).split("#")[0]
            own = urlsplit(address).netloc == urlsplit(page.url).netloc
            public = PUBLIC.match(urlsplit(address).path)
            file = address.endswith((".csv", ".yaml"))
            if own and not public and not file and kind(address) not in seen:
                seen.add(kind(address))
                waiting.append(address)


def assert_whole(page: Page, axe: CheckPage) -> None:
    """One h1 that the title repeats, the demonstration's banner, no axe violation, no overflow."""
    headings = page.locator("h1")
    assert headings.count() == 1, page.url
    words = re.sub(r"\s+", " ", headings.inner_text()).strip()
    assert page.title().removeprefix("Error: ") == f"{words} – Placewell", page.url
    expect(page.get_by_text("The clock is set to 2 October 2026")).to_be_visible()
    axe(page)
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0, f"{page.url} is wider than a phone"
    page.set_viewport_size(DESKTOP)


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_of(role: str, open_context: NewContext, axe: CheckPage) -> None:
    page = come_in(open_context(), PEOPLE[role])
    kinds = set()
    for address in reachable(page):
        kinds.add(kind(address))
        assert_whole(page, axe)
    assert len(kinds) >= LEAST_KINDS, sorted(kinds)
    sections = page.get_by_role("navigation", name="Main").get_by_role("link")
    for link in sections.all():
        assert kind(urljoin(page.url, link.get_attribute("href") or "")) in kinds


def test_pages_of_refusal(open_context: NewContext, axe: CheckPage) -> None:
    page = come_in(open_context(), MENTOR)
    for address, status, words in (
        ("/nowhere", 404, "Page not found"),
        ("/invoices", 403, "You cannot do this"),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status
        heading(page, words)
        expect(page.locator("[data-refusal]")).not_to_be_empty()
        assert_whole(page, axe)


def test_a_page_with_a_wrong_form(open_context: NewContext, axe: CheckPage) -> None:
    page = come_in(open_context(), FINANCE)
    page.get_by_role("link", name=re.compile("^Submit September 2026")).click()
    page.get_by_label("Your own invoice number").fill("")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.get_by_role("button", name="Submit to Larkminster City Council").click()
    assert sent.value.status == 422
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_whole(page, axe)


def test_pages_before_signing_in(open_context: NewContext, axe: CheckPage) -> None:
    page = open_context().new_page()
    for address in ("/sign-in", "/opportunities", "/register", "/accessibility", "/nowhere"):
        page.goto(address)
        assert_whole(page, axe)
