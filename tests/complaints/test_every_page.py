"""What holds for every public page in every way of reading it, and for every refusal."""

from __future__ import annotations

import html5lib
import pytest
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


def test_the_tour_forgets_no_public_page(visits: Visits) -> None:
    rules = [
        rule
        for rule in visits.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.rule.split("/")[1] in PUBLIC_SECTIONS
    ]
    assert {str(mark_of(visits.app, rule.endpoint).kind) for rule in rules} == {Kind.PUBLIC}
    addresses: MapAdapter = visits.app.url_map.bind("")
    seen = {
        addresses.match(address.partition("?")[0])[0] for address in tour(somebody_at(visits.app))
    }
    assert {rule.endpoint for rule in rules} - seen == NOT_PAGES
