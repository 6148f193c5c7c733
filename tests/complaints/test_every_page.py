"""What holds for every public page in every way of reading it, and for every refusal."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import html5lib
import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.routing import MapAdapter

from portal.kernel.access import Kind, mark_of
from portal.pages import PUBLIC_SECTIONS
from tests.complaints.public import FRONTS, refusals, tour
from tests.complaints.somebody import ALDERMOOR, somebody_at
from tests.support.visits import Visits

# What a page says does not depend on the database behind it.
pytestmark = pytest.mark.parametrize("visits", ["sqlite"], indirect=True, scope="module")
EVERYDAY = pytest.mark.parametrize(
    "front", [pytest.param(front, marks=[pytest.mark.slow] if front else []) for front in FRONTS]
)
NAMED_BY = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-errormessage")
FIRST_VISIT = 40_000  # bytes, compressed (issue 6)
STYLE_AND_SCRIPT = 25_000  # bytes that every page needs: less, and something was not counted
FILES_OF_A_PAGE = 6
NOT_PAGES = {"making.leave", "following.file"}


def assert_valid(markup: str, where: str) -> None:
    """The strict parser finds nothing, every id is one, and every reference leads to one."""
    parser = html5lib.HTMLParser()
    parser.parse(markup)
    assert parser.errors == [], where
    tree = html.fromstring(markup)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), where
    for attribute in NAMED_BY:
        named = {one for value in tree.xpath(f"//@{attribute}") for one in value.split()}
        assert named <= set(ids), (where, attribute)
    inside = {address[1:] for address in tree.xpath("//a/@href") if address.startswith("#")}
    assert inside <= set(ids), where


def assert_whole(markup: str, where: str) -> None:
    """One heading that the title repeats, a label for each control, a button for each form."""
    tree = html.fromstring(markup)
    (heading,) = tree.xpath("//h1")
    words = " ".join(heading.text_content().split())
    assert " ".join(tree.xpath("string(//title)").split()).find(words) >= 0, where
    for control in tree.xpath("//main//*[self::input[not(@type='hidden')] or self::textarea]"):
        assert tree.xpath("//label[@for=$id]", id=control.get("id")), where
    assert tree.xpath("//main//form[not(.//button or .//input[@type='submit'])]") == [], where
    assert tree.xpath("//*[@style or @onclick]") == [], where


@EVERYDAY
def test_every_page_is_valid_and_whole(visits: Visits, front: str) -> None:
    somebody = somebody_at(visits.app, front=f"{front}{ALDERMOOR}")
    for address in tour(somebody):
        page = somebody.client.get(address)
        assert page.status_code == (404 if address.endswith("/nowhere") else 200), address
        assert_valid(page.text, address)
        assert_whole(page.text, address)


@EVERYDAY
def test_every_refusal_is_valid_and_whole(visits: Visits, front: str) -> None:
    for done, status, markup in refusals(somebody_at(visits.app, front=f"{front}{ALDERMOOR}")):
        assert 400 <= status < 500, done
        assert_valid(markup, done)
        assert_whole(markup, done)


def weight(client: FlaskClient, address: str, known: dict[str, int]) -> int:
    """Bytes that a browser which knows nothing yet fetches for a page, compressed as they travel.

    The page, its style sheets, its picture, its scripts and the modules that they ask for.
    """
    page = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"}).data
    waiting = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    seen: set[str] = set()
    while waiting:
        file = waiting.pop()
        seen.add(file)
        if file not in known:
            known[file] = len(client.get(file, headers={"Accept-Encoding": "gzip"}).data)
        if file.endswith(".js"):
            wanted = re.findall(r'(?:from|import)\s*["\'](\.[^"\']+)["\']', client.get(file).text)
            waiting |= {urljoin(file, module) for module in wanted} - seen
    assert len(seen) >= FILES_OF_A_PAGE, address
    return len(packed) + sum(known[file] for file in seen)


@EVERYDAY
def test_a_first_visit_to_any_page_is_light(visits: Visits, front: str) -> None:
    somebody = somebody_at(visits.app, front=f"{front}{ALDERMOOR}")
    known: dict[str, int] = {}
    weights = {address: weight(somebody.client, address, known) for address in tour(somebody)}
    assert min(weights.values()) > STYLE_AND_SCRIPT
    heaviest = max(weights, key=lambda address: weights[address])
    assert weights[heaviest] < FIRST_VISIT, heaviest


def test_the_tour_forgets_no_public_page(visits: Visits) -> None:
    rules = [
        rule
        for rule in visits.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.rule.split("/")[1] in PUBLIC_SECTIONS
    ]
    marks = [mark_of(visits.app, rule.endpoint) for rule in rules]
    assert all(mark is not None and mark.kind is Kind.PUBLIC for mark in marks)
    addresses: MapAdapter = visits.app.url_map.bind("")
    seen = {
        addresses.match(address.partition("?")[0])[0] for address in tour(somebody_at(visits.app))
    }
    assert {rule.endpoint for rule in rules} - seen == NOT_PAGES
