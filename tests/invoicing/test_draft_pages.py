"""The provider's draft of a month, asked as a browser asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from portal.identity.models import Person
from portal.identity.rules import Role
from portal.invoicing.models import Invoice
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.april import APRIL, STARTS, April, make_april
from tests.makers import (
    make_agreement,
    make_assignment,
    make_council,
    make_framework,
    make_mentor,
    make_person,
    make_provider,
    make_session,
    sign_in,
)
from tests.support.visits import Read, Visitor

OPERATOR = Scope.system(Task.OPERATOR)
Browse = Callable[[Person], Visitor]


@pytest.fixture
def april(owner_database: Database) -> April:
    """April as delivered."""
    with owner_database.transaction(OPERATOR) as session:
        return make_april(session)


@pytest.fixture
def browse(app: Flask) -> Browse:
    """A new browser in which somebody is signed in."""

    def signed_in(person: Person) -> Visitor:
        client = app.test_client()
        sign_in(client, person)
        return Visitor(app, client)

    return signed_in


@pytest.fixture
def finance(april: April, browse: Browse) -> Visitor:
    """The provider's finance person."""
    return browse(april.finance)


def form_of(page: Read, number: str = "INV-0012") -> dict[str, str]:
    """The submit form as the page holds it, with a number typed in."""
    (form,) = html.fromstring(page.markup).xpath("//form[@id='submit']")
    return {"number": number, "seen": form.xpath(".//input[@name='seen']/@value")[0]}


def typed(page: Read) -> str:
    """What stands in the field for the number."""
    (value,) = html.fromstring(page.markup).xpath("//input[@name='number']/@value")
    return str(value)


def submit(visitor: Visitor, april: April, data: Mapping[str, str], *, nonce: str = "") -> Read:
    """Send the form."""
    return visitor.send(f"{april.address}/submit", data, nonce=nonce)


def saved(owner_database: Database) -> list[str]:
    """The addresses of every invoice there is."""
    with owner_database.transaction(OPERATOR) as session:
        return [f"/invoices/{id_}" for id_ in session.scalars(select(Invoice.id))]


def test_the_draft_shows_what_is_charged_and_what_the_council_checks(
    april: April, finance: Visitor
) -> None:
    page = finance.open(april.address)
    assert page.heading == "Draft invoice for April 2026"
    assert "ALD-0001 Mentoring £231.00" in page.rows
    assert "3 sessions, 16 to 30 April 2026 5.5 hours £42.00 an hour £231.00 Passes" in page.rows
    assert "Nothing stands against this invoice" in page.words
    assert "No VAT: the supplier is not registered for VAT" in page.words
    assert "By submitting you declare" in page.words


def test_a_line_opens_to_its_sessions_price_and_people(april: April, finance: Visitor) -> None:
    page = finance.open(april.address)
    line = finance.open(page.link("3 sessions, 16 to 30 April 2026"))
    assert line.heading == "3 sessions, 16 to 30 April 2026"
    assert "5.5 hours × £42.00 = £231.00" in line.words
    assert "From 16 April 2026, agreed for this agreement" in line.words
    assert line.rows[1].startswith(
        "23 April 2026 at 10am 1.5 hours Sam Mentor Face to face Robin Invented"
    )
    assert finance.open(f"{april.address}/lines/2").status == 404


def test_submitting_says_what_happens_next_and_when_payment_is_due(
    april: April, finance: Visitor, owner_database: Database
) -> None:
    answer = submit(finance, april, form_of(finance.open(april.address)))
    assert answer.status == 303
    assert [answer.response.location] == saved(owner_database)
    shown = finance.open(answer.response.location)
    assert "is with Aldermoor Council, which now decides each line" in shown.words
    assert "due by 4 June 2026, 30 days from receipt today" in shown.words


def test_the_form_sent_twice_is_done_once(
    april: April, finance: Visitor, owner_database: Database
) -> None:
    form = form_of(finance.open(april.address))
    first = submit(finance, april, form, nonce="once")
    again = submit(finance, april, form, nonce="once")
    assert (again.status, again.response.location) == (303, first.response.location)
    assert saved(owner_database) == [first.response.location]


def test_a_second_april_invoice_leads_to_the_first(
    april: April, finance: Visitor, owner_database: Database
) -> None:
    form = form_of(finance.open(april.address))
    first = submit(finance, april, form, nonce="one").response.location
    other = submit(finance, april, {**form, "number": "INV-77"}, nonce="two")
    assert (other.status, other.response.location) == (303, first)
    assert "Nothing new was made" in finance.open(first).words
    draft = finance.open(april.address)
    assert (draft.status, draft.response.location) == (303, first)
    assert "Nothing new was made" in finance.open(first).words
    by_htmx = finance.open(april.address, htmx=True)
    assert (by_htmx.status, by_htmx.response.headers["HX-Redirect"]) == (204, first)
    assert saved(owner_database) == [first]


def test_two_people_who_submit_at_once_are_led_to_one_invoice(
    april: April, browse: Browse, owner_database: Database
) -> None:
    visitors = [browse(april.finance), browse(april.finance)]
    forms = [form_of(each.open(april.address), f"INV-{n}") for n, each in enumerate(visitors)]
    barrier = Barrier(2)
    answers: list[tuple[int, str | None]] = []

    def click(visitor: Visitor, form: dict[str, str]) -> None:
        barrier.wait()
        answer = visitor.client.post(f"{april.address}/submit", data=form)
        answers.append((answer.status_code, answer.location))

    for visitor, form in zip(visitors, forms, strict=True):
        page = visitor.open(april.address).markup
        form["csrf_token"] = html.fromstring(page).xpath("//input[@name='csrf_token']/@value")[0]
    threads = [Thread(target=click, args=pair) for pair in zip(visitors, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (only,) = saved(owner_database)
    assert answers == [(303, only), (303, only)]


@pytest.mark.parametrize("number", ["inv-0012", "INV 12", "INV-OO12"])
def test_a_number_in_disguise_is_refused_with_the_way_to_the_first(
    number: str, april: April, finance: Visitor, owner_database: Database
) -> None:
    first = submit(finance, april, form_of(finance.open(april.address))).response.location
    may = april.address.replace("2026-04", "2026-05")
    with owner_database.transaction(OPERATOR) as session:
        make_session(session, agreement=april.agreement, mentor=april.mentor, day=date(2026, 5, 7))
        set_clock(session, datetime(2026, 6, 2, 9, tzinfo=UTC))
    draft = finance.open(may)
    assert typed(draft) == "INV-0013"
    answer = finance.send(f"{may}/submit", form_of(draft, number))
    assert answer.status == 422
    assert "Your number INV-0012 is already on" in answer.words
    assert first in html.fromstring(answer.markup).xpath("//a/@href")
    assert typed(answer) == number
    assert saved(owner_database) == [first]


def test_a_number_that_is_none_gets_a_sentence_and_is_kept(
    april: April, finance: Visitor, owner_database: Database
) -> None:
    page = finance.open(april.address)
    for number, sentence in (
        ("", "Enter your own number for this invoice"),
        ("x" * 41, "must be 40 characters or less"),
        ("INV_12", "can have letters, figures, spaces, hyphens, full stops and slashes"),
        ("=1+1", "can have letters, figures, spaces, hyphens, full stops and slashes"),
        ("-/.", "must have a letter or a figure"),
    ):
        answer = submit(finance, april, form_of(page, number))
        assert answer.status == 422
        assert sentence in answer.words
        assert html.fromstring(answer.markup).xpath("//a[@href='#number']")
        if number:
            assert typed(answer) == number
    assert saved(owner_database) == []


def test_a_draft_that_changed_is_shown_as_it_is_now_with_the_typed_number(
    april: April, finance: Visitor, owner_database: Database
) -> None:
    form = form_of(finance.open(april.address), "OWN 5")
    with owner_database.transaction(OPERATOR) as session:
        make_session(session, agreement=april.agreement, mentor=april.mentor, day=date(2026, 4, 20))
    answer = submit(finance, april, form)
    assert answer.status == 422
    assert "the total is now £273.00" in answer.words
    assert typed(answer) == "OWN 5"
    assert saved(owner_database) == []
    assert submit(finance, april, form_of(answer, "OWN 5")).status == 303


def test_what_blocks_takes_the_button_away_and_says_where_to_put_it_right(
    april: April, finance: Visitor, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        uncleared = make_mentor(session, provider=april.provider, cleared=False)
        make_session(session, agreement=april.agreement, mentor=uncleared, day=date(2026, 4, 21))
    page = finance.open(april.address)
    assert "had no enhanced DBS check in date on 21 April 2026" in page.words
    assert not html.fromstring(page.markup).xpath("//form[@id='submit']")
    href = page.link("Look at ALD-0001 in April 2026 under Delivery")
    assert finance.open(href).status == 200
    answer = submit(finance, april, {"number": "INV-1", "seen": "anything"})
    assert answer.status == 422
    assert saved(owner_database) == []


def test_a_month_that_goes_on_says_from_when_it_can_be_submitted(
    april: April, finance: Visitor
) -> None:
    page = finance.open(april.address.replace("2026-04", "2026-05"))
    assert "It can be submitted from 1 June 2026" in page.words


def test_who_may_not_submit_reads_who_can(
    april: April, browse: Browse, owner_database: Database
) -> None:
    administrator = browse(april.administrator)
    page = administrator.open(april.address)
    assert "Somebody with the finance role at Larkspur Mentoring submits it" in page.words
    assert not html.fromstring(page.markup).xpath("//form[@id='submit']")
    answer = submit(administrator, april, {"number": "INV-1", "seen": ""})
    assert answer.status == 403
    assert saved(owner_database) == []


def test_what_is_no_month_of_an_invoice_is_not_there(april: April, finance: Visitor) -> None:
    for month in ("2026-13", "2026-00", "april", "2026-06", "9999-12", "0000-01"):
        assert finance.open(april.address.replace("2026-04", month)).status == 404, month


def test_a_draft_is_the_providers_alone(
    april: April, browse: Browse, finance: Visitor, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        rival = make_person(session, organisation=make_provider(session), roles=[Role.FINANCE])
        elsewhere = make_framework(session, lead=make_council(session))
        foreign = f"/invoices/drafts/{elsewhere.lead_council_id}/{elsewhere.id}/2026-04"
        mixed = f"/invoices/drafts/{elsewhere.lead_council_id}/{april.framework.id}/2026-04"
    for visitor, address in (
        (browse(april.approver), april.address),
        (browse(rival), april.address),
        (finance, foreign),
        (finance, mixed),
    ):
        assert visitor.open(address).status == 404
        assert visitor.open(address, htmx=True).status == 404
        assert visitor.open(f"{address}/lines/1").status == 404
        answer = visitor.send(f"{address}/submit", {"number": "INV-1", "seen": ""})
        assert answer.status in (403, 404)
    assert saved(owner_database) == []


def test_htmx_gets_the_block_that_changes(april: April, finance: Visitor) -> None:
    part = finance.open(april.address, htmx=True)
    assert "<html" not in part.markup
    assert "£231.00" in part.words
    assert 'id="submit"' in part.markup


def test_forty_agreements_take_as_many_queries_as_one(
    april: April, finance: Visitor, owner_database: Database
) -> None:
    few = finance.open(april.address)
    few_of_line = finance.open(f"{april.address}/lines/1")
    with owner_database.transaction(OPERATOR) as session:
        for _ in range(40):
            agreement = make_agreement(
                session, place=april.place, council=april.council, starts_on=STARTS
            )
            mentor = make_mentor(session, provider=april.provider)
            make_assignment(session, agreement=agreement, mentor=mentor)
            make_session(session, agreement=agreement, mentor=mentor, day=APRIL.last)
    many = finance.open(april.address)
    assert len(many.rows) == 2 * 41
    assert many.statements == few.statements
    assert finance.open(f"{april.address}/lines/1").statements == few_of_line.statements
