"""The same races over HTTP, with two processes of the server that the portal is run with: one
effect per decision (promise 16), and no lost update (promise 17)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from lxml import html

from portal.audit.models import AuditEvent
from portal.delivery.models import DeliverySession
from portal.identity.models import Person
from portal.invoicing.actions.events import Event
from portal.invoicing.models import Decision, Invoice
from portal.kernel.database import Database
from portal.kernel.session import FormReceipt
from portal.kernel.tenancy import Scope, Task
from tests.delivery.conftest import session_form
from tests.faults.at_once import at_once
from tests.faults.test_same_form import how_many
from tests.invoicing.april import April, make_april
from tests.makers import make_session, sign_in
from tests.makers.factors import SECRET_KEY
from tests.support.databases import ENGINES, Address, Databases
from tests.support.server import Served, serve_database
from tests.support.size import size
from tests.visiting import stranger

pytestmark = pytest.mark.slow

OPERATOR = Scope.system(Task.OPERATOR)
TIMES = size(8, 50)
ROUNDS = size(4, 200)
Form = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str | None
    text: str


@dataclass(frozen=True)
class Browser:
    """A signed-in browser: it speaks HTTP, from an address of its own."""

    portal: Served
    cookie: str
    address: str = "10.9.0.1"

    def ask(self, method: str, path: str, form: Form | None = None) -> Answer:
        """One request over a connection of its own."""
        headers = {"Cookie": f"portal={self.cookie}", "X-Forwarded-For": self.address}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        where = urlsplit(self.portal.url)
        with closing(HTTPConnection(where.hostname or "", where.port, timeout=60)) as connection:
            body = urlencode(form, doseq=True) if form is not None else None
            connection.request(method, path, body, headers)
            answered = connection.getresponse()
            return Answer(answered.status, answered.headers["Location"], answered.read().decode())

    def hidden(self, page: str, action: str) -> dict[str, str]:
        """What the form that is sent to an address carries by itself."""
        tree = html.fromstring(self.ask("GET", page).text)
        (form,) = tree.xpath("//form[contains(@action, $a)][@method='post']", a=action)
        found = form.xpath(".//input[@type='hidden']")
        return {one.get("name"): one.get("value", "") for one in found}

    def one_answer(self, path: str, form: Form) -> str:
        """Where one form leads that many tabs send in the same moment, and then all again."""
        tabs = [replace(self, address=f"10.8.0.{number + 1}") for number in range(TIMES)]
        answers = [
            one for _ in range(2) for one in at_once(lambda tab: tab.ask("POST", path, form), tabs)
        ]
        ((status, location),) = {(one.status, one.location) for one in answers}
        assert status == 303 and location
        return location


@pytest.fixture(scope="module", params=ENGINES)
def address(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Address]:
    """One database on each engine for all of these."""
    with databases.fresh(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def portal(address: Address, databases: Databases) -> Iterator[Served]:
    """The portal over the test's database."""
    with serve_database(databases.folder, address, SECRET_KEY) as running:
        yield running


@pytest.fixture
def come_in(app: Flask, portal: Served) -> Callable[[Person], Browser]:
    """Gives the browser of somebody who is signed in."""

    def signed_in(person: Person) -> Browser:
        visitor = stranger(app)
        sign_in(visitor.client, person)
        kept = visitor.client.get_cookie("portal")
        assert kept is not None
        return Browser(portal, kept.value)

    return signed_in


def _refuses_other_content(answer: Answer) -> None:
    assert answer.status == 422
    assert "already sent with other content" in answer.text


@pytest.fixture(scope="module")
def april(address: Address) -> Iterator[April]:
    """A provider's April with a council, in that database."""
    owner = Database(address.owner)
    with owner.transaction(OPERATOR) as session:
        made = make_april(session)
    yield made
    owner.close()


def test_an_invoice_is_submitted_once_and_approved_once(
    come_in: Callable[[Person], Browser], april: April, owner_database: Database
) -> None:
    finance, approver = come_in(april.finance), come_in(april.approver)
    address = f"{april.address}/submit"
    form = {**finance.hidden(april.address, address), "number": "INV-0012"}
    invoice = finance.one_answer(address, form)
    _refuses_other_content(finance.ask("POST", address, {**form, "number": "INV-0013"}))
    page = approver.ask("GET", invoice).text
    lines = html.fromstring(page).xpath("//input[@name='line'][@type='checkbox']/@value")
    assert len(lines) == 1
    approval: dict[str, Any] = {**approver.hidden(invoice, "/approve"), "line": lines}
    approver.one_answer(f"{invoice}/approve", approval)
    _refuses_other_content(approver.ask("POST", f"{invoice}/approve", {**approval, "line": []}))
    assert how_many(owner_database, Invoice) == how_many(owner_database, Decision) == 1
    assert how_many(owner_database, FormReceipt) == 2
    for event in (Event.SUBMITTED, Event.LINE_APPROVED):
        assert how_many(owner_database, AuditEvent, AuditEvent.event == event) == 1


def test_of_two_editors_one_is_saved_and_the_other_told(
    come_in: Callable[[Person], Browser], april: April, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        day = date(2026, 5, 4)
        edited = make_session(session, agreement=april.agreement, mentor=april.mentor, day=day).id
    page = f"/delivery/sessions/{edited}/edit"
    editors = [come_in(april.finance), come_in(april.administrator)]
    tokens = [one.hidden(page, page)["csrf_token"] for one in editors]

    def send(who: int) -> Answer:
        filled = session_form(april.mentor, day_day=4, day_month=5, summary=words[who])
        sent = {**filled, "version": str(number), "csrf_token": tokens[who]}
        return editors[who].ask("POST", page, sent)

    for number in range(1, ROUNDS + 1):
        words = (f"Finance {number}.", f"Administrator {number}.")
        answers = at_once(send, (0, 1))
        statuses = [one.status for one in answers]
        assert sorted(statuses) == [303, 409], [one.text[-2000:] for one in answers]
        won = statuses.index(303)
        assert words[1 - won] in answers[1 - won].text, "what was typed is kept"
        with owner_database.session(OPERATOR) as session:
            kept = session.get_one(DeliverySession, edited)
            assert (kept.summary, kept.version) == (words[won], number + 1)
