"""What young people read while they tell us something is read at nine (rules.md A17)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import textstat
from lxml import html

from portal.complaints.guidance import readability
from portal.complaints.making.forms import FORMS
from tests.complaints.somebody import somebody_at
from tests.support.visits import Visits

# What a page says does not depend on the database behind it.
pytestmark = pytest.mark.parametrize("visits", ["sqlite"], indirect=True, scope="package")
FOURTH_GRADE = 5  # of the United States, where children are nine and ten years old
SAID = (
    "//main//*[self::h1 or self::h2 or self::p or self::li or self::label or self::legend"
    " or self::dt or self::summary or self::button or contains(@class,'govuk-hint')]"
    "[not(ancestor-or-self::*[contains(@class,'public-said') or contains(@class,'public-card')"
    " or contains(@class,'public-code')])]"
    "[not(descendant::p or descendant::li or descendant::label)]"
)


@pytest.fixture(scope="module")
def pages(visits: Visits) -> dict[str, str]:
    """Every page of making and following, by its address."""
    return dict(_pages(visits))


def _pages(visits: Visits) -> Iterator[tuple[str, str]]:
    writer = somebody_at(visits.app)
    writer.say("what", kind="worry")
    writer.post("/tell-us/safe", {"safe": "yes", "then": "later"})
    for step in FORMS:
        yield f"/tell-us/{step}", writer.get(f"/tell-us/{step}").text
    for path in ("/tell-us", "/tell-us/help", "/tell-us/saved", "/follow"):
        yield path, writer.get(path).text
    writer.say_all()
    yield "/tell-us/check", writer.get("/tell-us/check").text
    writer.send()
    code = writer.code()
    yield "/tell-us/sent", writer.get("/tell-us/sent").text
    writer.open(*code)
    for path in ("/follow/read", "/follow/name", "/follow/take-back"):
        yield path, writer.get(path).text
    writer.token = "lost"
    yield "what is said when the cookie is lost", writer.say("happened", happened="a").text


def test_every_page_is_read_at_nine(pages: dict[str, str]) -> None:
    assert len(pages) == len(FORMS) + 10
    hard = []
    for path, markup in pages.items():
        text = " ".join(_sentences(markup))
        reading = readability.read(text)
        index = textstat.automated_readability_index(text)
        if reading is None or reading.age > readability.AIM or index > FOURTH_GRADE:
            hard.append((path, reading, index))
    assert hard == []


def _sentences(markup: str) -> Iterator[str]:
    for element in html.fromstring(markup).xpath(SAID):
        words = re.sub(r"\s+", " ", element.text_content()).strip().rstrip(".:")
        if words:
            yield words if words.endswith("?") else f"{words}."
