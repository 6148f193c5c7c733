"""The public pages as anybody reads them, without an account."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import textstat
from lxml import html

from portal.complaints.guidance import readability
from portal.complaints.guidance.rules import ContactKind
from portal.identity.rules import Role
from portal.kernel.reading.languages import LANGUAGES
from portal.kernel.tenancy import Scope, Task
from tests.complaints.public import CHILDREN, PAGES, in_world
from tests.makers import make_contact, make_procedure
from tests.support.visits import Read, Visits

FOURTH_GRADE = 5  # of the United States, where children are nine and ten years old
OPERATOR = Scope.system(Task.OPERATOR)
ALDERMOOR = "/young-people/aldermoor-council"
COPPERHOLT = "/young-people/copperholt-council"


def read(visits: Visits, path: str) -> Read:
    """A page as a browser without any cookie gets it."""
    return Read(visits.app.test_client().get(path), 0)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_in_every_language_and_tells_nobody(visits: Visits, path: str) -> None:
    headings = set()
    for language in LANGUAGES:
        for large in ("", "/large-print"):
            code = "" if language.code == "en" else f"/{language.code}"
            page = read(visits, f"{code}{large}{in_world(path)}")
            assert page.status == 200
            tree = html.fromstring(page.markup)
            assert (tree.get("lang"), tree.get("dir")) == (language.code, language.direction)
            assert ("public-large" in tree.get("class")) == bool(large)
            headings.add(page.heading)
            headers = page.response.headers
            assert "Set-Cookie" not in headers
            assert headers["Cache-Control"] == "no-store"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert tree.xpath("//body/@data-hx-history") == ["false"]
            fetched = tree.xpath("//link[@rel!='alternate']/@href | //*/@src")
            assert fetched and all(one.startswith("/static/") for one in fetched)
            leave = "//a[contains(@class,'govuk-exit-this-page__button')]"
            assert [a.get("rel") for a in tree.xpath(leave)] == ["nofollow noreferrer"]
            inside = tree.xpath("//main//a[starts-with(@href,'/')]/@href")
            assert all(one.startswith(f"{code}{large}/") for one in inside), "a link keeps the way"
    assert len(headings) == len(LANGUAGES)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_plain_text_of_braille_lines(visits: Visits, path: str) -> None:
    plain, _, query = in_world(path).partition("?")
    page = read(visits, f"{plain}.txt?{query}")
    assert (page.status, page.response.mimetype) == (200, "text/plain")
    longest = max(page.markup.splitlines(), key=len)
    assert len(longest) <= 40 or " " not in longest.strip("- "), longest
    assert "<" not in page.markup and "Exit this page\n" not in page.markup
    asked = visits.app.test_client().options(f"{plain}.txt")
    assert (asked.status_code, asked.data) == (200, b""), (
        "what may be asked has no page to write out"
    )


def test_a_council_is_chosen_by_name_without_javascript(visits: Visits) -> None:
    page = read(visits, "/young-people?name=MOOR")
    assert page.link("Aldermoor Council") == ALDERMOOR
    assert "Copperholt" not in page.words
    assert "We found no council with that name" in read(visits, "/young-people?name=zz").words


def test_the_days_of_the_answer_are_worked_out(visits: Visits) -> None:
    """The world's clock shows Thursday 30 April 2026; 4 and 25 May are bank holidays."""
    page = read(visits, f"{ALDERMOOR}/what-happens-next")
    assert "if you tell us on 30 April 2026" in page.words
    assert "We answer you by 15 May 2026" in page.words
    assert "until 1 June 2026" in page.words and "until 8 June 2026" in page.words
    assert "erbyn 15 Mai 2026" in read(visits, f"/cy{ALDERMOOR}/what-happens-next").words


def test_a_council_that_published_nothing_still_shows_who_helps(visits: Visits) -> None:
    page = read(visits, f"{COPPERHOLT}/who-can-help")
    for words in ("Childline", "0800 1111", "0808 800 5792", "0300 061 0614", "0300 123 1231"):
        assert words in page.words
    assert "1 Invented Street" in page.words, "the council's own address, for a letter"
    assert "https://www.bbc.co.uk/weather" in page.markup


def test_a_councils_own_contacts_and_way_out_are_its_own(visits: Visits) -> None:
    own, other = (read(visits, f"{path}/who-can-help") for path in (ALDERMOOR, COPPERHOLT))
    assert "Speak Up Advocacy" in own.words and "01632 960111" in own.words
    assert "https://weather.example/" in own.markup and "bbc.co.uk" not in own.markup
    assert "Speak Up Advocacy" not in other.words


def test_a_change_to_come_and_a_contact_taken_off_are_not_shown(visits: Visits) -> None:
    later = datetime(2026, 4, 2, 9, tzinfo=UTC)
    with visits.standing.owner.transaction(OPERATOR) as session:
        council = visits.world.brackenvale
        make_contact(session, council=council, code="ofsted", kind=ContactKind.OFSTED,
                     name="Ofsted here", starts_on=date(2026, 5, 1))  # fmt: skip
        make_contact(session, council=council, code="nyas", shown=False, recorded_at=later)
    page = read(visits, "/young-people/brackenvale-council/who-can-help")
    assert "Ofsted here" not in page.words and "0300 123 1231" in page.words
    assert "National Youth Advocacy Service" not in page.words


def test_a_provider_is_named_with_its_own_words_and_who_checks_it(visits: Visits) -> None:
    page = read(visits, f"{ALDERMOOR}/larkspur-mentoring")
    assert page.heading == "If something is wrong with Larkspur Mentoring"
    assert "Tell any of us." in page.words and "Our manager reads it." in page.words
    assert "Ombudsman" in page.words and "Ofsted" not in page.words
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_procedure(session, organisation=visits.world.larkspur, registered=True,
                       recorded_at=datetime(2026, 4, 3, 9, tzinfo=UTC))  # fmt: skip
    assert "Ofsted" in read(visits, f"{ALDERMOOR}/larkspur-mentoring").words


def test_words_of_a_provider_are_marked_as_english_and_never_markup(visits: Visits) -> None:
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_procedure(
            session,
            organisation=visits.world.nettlewood,
            how_to_tell="100% free <script>alert(1)</script> %(name)s",
        )
    page = read(visits, f"/ar{COPPERHOLT}/nettlewood-homes")
    (said,) = html.fromstring(page.markup).xpath("//span[contains(.,'100% free')]")
    assert (said.get("lang"), said.get("dir")) == ("en", "ltr")
    assert said.text_content() == "100% free <script>alert(1)</script> %(name)s"


def test_only_providers_of_the_council_have_a_page_there(visits: Visits) -> None:
    listed = read(visits, f"{COPPERHOLT}/who-works-with-you")
    assert "Nettlewood" in listed.words and "Larkspur" not in listed.words
    lost = read(visits, f"{COPPERHOLT}/larkspur-mentoring")
    assert (lost.status, lost.heading) == (404, "We cannot find that page")
    assert "Exit this page" in lost.words and "0800 1111" in lost.words


@pytest.mark.parametrize(
    "path", ["/fr/young-people", "/large-print/cy/young-people", "/cy/sign-in"]
)
def test_other_ways_of_reading_lead_nowhere(visits: Visits, path: str) -> None:
    assert read(visits, path).status == 404


def test_somebody_who_is_signed_in_reads_what_everybody_reads(visits: Visits) -> None:
    page = visits.by(visits.world.nettlewood, Role.FINANCE).open(f"{ALDERMOOR}/who-works-with-you")
    assert "Larkspur Mentoring" in page.words
    assert "Sign out" not in page.words


def test_the_list_of_services_costs_the_same_for_one_and_for_many(visits: Visits) -> None:
    client = visits.by(visits.world.nettlewood, Role.FINANCE)
    few = client.open(f"{COPPERHOLT}/who-works-with-you")
    many = client.open(f"{ALDERMOOR}/who-works-with-you")
    assert few.statements == many.statements
    assert not re.search(r"\b500\b", many.words)


@pytest.mark.parametrize("path", CHILDREN)
def test_every_page_for_children_is_read_at_nine(visits: Visits, path: str) -> None:
    """By two measures (rules.md A17): the Flesch-Kincaid grade plus five years, from syllables,
    and textstat's Automated Readability Index, from the letters of each word.

    The statements for adults, whose words the law gives, are not measured.
    """
    plain, _, query = in_world(path).partition("?")
    text = read(visits, f"{plain}.txt?{query}").markup
    sentences = " ".join(
        f"{part.strip().rstrip('.')}." for part in re.split(r"\n\n+|\n- ", text) if part.strip()
    ).replace("\n", " ")
    reading = readability.read(sentences)
    assert reading is not None and reading.age <= readability.AIM, (reading, path)
    assert textstat.automated_readability_index(sentences) <= FOURTH_GRADE, path
