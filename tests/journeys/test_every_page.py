"""Every page that a person can reach from their navigation is a whole and usable page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import Page, expect
from werkzeug.routing import MapAdapter

from portal.config import Config
from tests.journeys.people import FINANCE, MENTOR, PEOPLE, come_in, heading, overflow
from tests.support.applications import application
from tests.support.databases import Databases
from tests.support.pages import DESKTOP, PHONE, CheckPage, NewContext

pytestmark = pytest.mark.usefixtures("served")

LEAST_KINDS = 5
PUBLIC = re.compile(r"/(young-people|privacy|cookies|accessibility|cy|ar|large-print)\b")
"""Whoever is signed in sees these as anybody does: tests/complaints/guidance tries them all."""


@dataclass(frozen=True)
class Kinds:
    """Which addresses are pages of one kind."""

    rules: MapAdapter

    def of(self, address: str) -> str:
        """The rule that an address follows, and which fields it filters by."""
        parts = urlsplit(address)
        fields = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
        rule, _ = self.rules.match(parts.path, method="GET", return_rule=True)
        return rule.rule + ("?" + "&".join(fields) if fields else "")


@pytest.fixture(scope="module")
def kinds(databases: Databases) -> Iterator[Kinds]:
    """The kinds that the portal's own rules tell."""
    with databases.fresh("sqlite") as place:
        config = Config(database_url=place.application, secret_key="for tests only")
        with application(config) as app:
            yield Kinds(app.url_map.bind(""))


@dataclass
class Looked:
    """What the browser has looked at of each page, whatever it listed and whoever saw it."""

    parts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def is_new(self, kind: str, tree: HtmlElement) -> bool:
        """Whether a page's content has an element, by its name and classes, that the same page
        never had before."""
        rule = kind.partition("?")[0]
        (content,) = tree.xpath("//main")
        has = {f"{element.tag}.{element.get('class')}" for element in content.iter()}
        new = not has <= self.parts[rule]
        self.parts[rule] |= has
        return new


@pytest.fixture(scope="module")
def looked() -> Looked:
    """Shared by everybody's pages: what is alike is looked at once."""
    return Looked()


def reachable(page: Page, kinds: Kinds) -> Iterator[tuple[str, str, HtmlElement]]:
    """One page of every kind that links lead to, from the page that is open: its address, its
    kind and what was sent."""
    waiting, seen = [page.url], {kinds.of(page.url)}
    while waiting:
        address = waiting.pop(0)
        answer = page.request.get(address)
        assert answer.status == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        tree = html.fromstring(answer.body())
        yield address, kinds.of(address), tree
        for link in tree.xpath("//a/@href"):
            to = urljoin(address, link).split("#")[0]
            own = urlsplit(to).netloc == urlsplit(address).netloc
            if own and not PUBLIC.match(urlsplit(to).path) and kinds.of(to) not in seen:
                seen.add(kinds.of(to))
                waiting.append(to)


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
def test_every_page_of(
    role: str, kinds: Kinds, looked: Looked, open_context: NewContext, axe: CheckPage
) -> None:
    page = come_in(open_context(), PEOPLE[role])
    opened = set()
    for address, kind, tree in reachable(page, kinds):
        opened.add(kind)
        assert len(tree.xpath("//h1")) == 1, address
        assert tree.xpath("//title[contains(., 'Placewell')]"), address
        if looked.is_new(kind, tree):
            page.goto(address)
            assert_whole(page, axe)
    assert len(opened) >= LEAST_KINDS, sorted(opened)
    sections = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert sections.count() > 0
    for link in sections.all():
        assert kinds.of(urljoin(page.url, link.get_attribute("href") or "")) in opened


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
