"""One's notices: listed, narrowed, followed, read; and how often each kind is e-mailed."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from portal.identity.rules import Role
from portal.kernel.keyset import PAGE_SIZE
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from tests.dealings import AT
from tests.makers import make_notice
from tests.support.visits import Visitor, Visits, counting

OPERATOR = Scope.system(Task.OPERATOR)


def _notices(visits: Visits, *sentences: str, role: Role = Role.COMMISSIONER) -> Visitor:
    """Somebody of Aldermoor with these notices, the last one newest, and no others."""
    world = visits.world
    person = world.person(world.aldermoor, role)
    with visits.standing.owner.transaction(OPERATOR) as session:
        for old in session.scalars(select(Notice).where(Notice.person_id == person.id)):
            session.delete(old)
        for number, sentence in enumerate(sentences):
            make_notice(
                session, person=person, organisation=world.aldermoor, sentence=sentence,
                at=AT - timedelta(hours=9) + timedelta(minutes=number),
            )  # fmt: skip
    return visits.by(world.aldermoor, role)


def _action(markup: str, sentence: str, ending: str) -> str:
    """Where the form of a notice leads."""
    item = next(one for one in re.split("<li class", markup) if sentence in one)
    found = re.search(rf'action="([^"]*/{ending}[^"]*)"', item)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_the_newest_comes_first_and_the_number_stands_in_the_header(visits: Visits) -> None:
    browser = _notices(visits, "The older one", "The newer one")
    page = browser.open("/notices")
    assert (page.status, page.heading) == (200, "Notices")
    assert page.words.index("The newer one") < page.words.index("The older one")
    assert "Notices 2 not read" in page.words
    assert "Notices 2 not read" in browser.open("/").words


def test_following_one_reads_it_and_leads_there(visits: Visits) -> None:
    browser = _notices(visits, "Something")
    page = browser.open("/notices")
    followed = browser.send(_action(page.markup, "Something", "follow"), {}, nonce="f1")
    assert (followed.status, followed.response.location) == (303, "/")
    assert "not read" not in browser.open("/").words
    assert "Something" in browser.open("/notices").words
    empty = browser.open("/notices?show=unread", htmx=True)
    assert "You have read everything" in empty.words and "<html" not in empty.markup


def test_one_or_all_can_be_marked_as_read(visits: Visits) -> None:
    browser = _notices(visits, "First", "Second", "Third")
    page = browser.open("/notices?show=unread")
    marked = browser.send(_action(page.markup, "Second", "read"), {}, nonce="r1")
    assert (marked.status, marked.response.location) == (303, "/notices?show=unread")
    unread = browser.open("/notices?show=unread").words
    assert "First" in unread and "Third" in unread and "Second" not in unread
    assert browser.send("/notices/read", {}, nonce="r2").status == 303
    assert "All your notices are marked as read" in browser.open("/notices").words
    assert "not read" not in browser.open("/").words


def test_anothers_notice_is_not_found(visits: Visits) -> None:
    page = _notices(visits, "Mine").open("/notices")
    colleague = visits.by(visits.world.aldermoor, Role.REFERRER)
    for ending in ("follow", "read"):
        assert colleague.send(_action(page.markup, "Mine", ending), {}).status == 404
    assert "Mine" not in colleague.open("/notices").words


def test_nothing_to_read_is_said(visits: Visits) -> None:
    assert "You have no notices" in _notices(visits).open("/notices").words


def test_long_lists_come_a_page_at_a_time_with_as_many_statements(visits: Visits) -> None:
    few = _notices(visits, "One").open("/notices").statements
    browser = _notices(visits, *(f"Notice {n:03}" for n in range(PAGE_SIZE + 30)))
    page = browser.open("/notices")
    assert page.statements == few
    older = browser.open(page.link("Older →"))
    assert "Notice 029" in older.words and "Notice 030" not in older.words
    assert "Notices 80 not read" in older.words


def test_the_number_in_the_header_is_one_statement_and_a_fragment_asks_for_none(
    visits: Visits,
) -> None:
    browser = _notices(visits, *("x" for _ in range(120)))
    with counting(visits.app) as whole:
        page = browser.client.get("/evidence").get_data(as_text=True)
    assert '99+<span class="govuk-visually-hidden"> not read' in page
    with counting(visits.app) as fragment:
        browser.client.get("/evidence?name=x", headers={"HX-Request": "true"})
    assert sum("FROM notice" in statement for statement in whole) == 1
    assert len(fragment) > 0 and not any("FROM notice" in statement for statement in fragment)


def test_preferences_are_of_what_concerns_one_and_are_kept(visits: Visits) -> None:
    browser = visits.by(visits.world.larkspur, Role.FINANCE)
    page = browser.open("/notices/preferences")
    assert (page.status, page.heading) == (200, "What you are told by e-mail")
    assert "Invoices to submit" in page.words and "Invoices to decide" not in page.words
    always = "Your account's security, Changes of bank accounts and Safeguarding concerns."
    assert f"You are always told at once of: {always}" in page.words
    names = re.findall(r'<select[^>]* name="([\w-]+)"', page.markup)
    assert "security" not in names
    chosen = dict.fromkeys(names, "never")
    assert browser.send("/notices/preferences", chosen, nonce="p1").status == 303
    kept = browser.open("/notices/preferences").markup
    assert len(re.findall(r'value="never" selected', kept)) == len(names)


def test_a_frequency_that_there_is_not_is_refused(visits: Visits) -> None:
    browser = visits.by(visits.world.aldermoor, Role.APPROVER)
    page = browser.send("/notices/preferences", {"invoice-waiting": "hourly"}, nonce="p2")
    assert page.status == 422 and page.heading == "What you are told by e-mail"
