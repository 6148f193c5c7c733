"""The same form sent many times at once has one effect and one answer; with other content under
the same number it is refused (promise 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import ColumnElement, func, select
from werkzeug.test import TestResponse

from portal.audit.models import AuditEvent
from portal.complaints.models import Complaint
from portal.invoicing.actions.events import Event
from portal.invoicing.models import Decision, Invoice
from portal.invoicing.rules import LineState
from portal.kernel.database import Database
from portal.kernel.session import FormReceipt
from portal.kernel.tenancy import Base, Scope, Task
from tests.complaints.somebody import WORDS, somebody_at
from tests.faults.at_once import at_once, same_browser
from tests.invoicing.april import make_april
from tests.invoicing.filed import file_invoice
from tests.makers import make_council, sign_in
from tests.support.size import size

OPERATOR = Scope.system(Task.OPERATOR)
TIMES = size(8, 50)
Form = Mapping[str, str | Sequence[str]]


def hidden(client: FlaskClient, page: str, action: str) -> dict[str, str]:
    """What the form that is sent to an address carries by itself."""
    tree = html.fromstring(client.get(page).text)
    (form,) = tree.xpath("//form[contains(@action, $a) ][@method='post']", a=action)
    found = form.xpath(".//input[@type='hidden']")
    return {one.get("name"): one.get("value", "") for one in found}


def answers(client: FlaskClient, address: str, form: Form) -> set[tuple[int, str | None]]:
    """The different answers to the same form, sent by many tabs at once."""

    def send(tab: FlaskClient) -> TestResponse:
        return tab.post(address, data=form)

    return {(one.status_code, one.location) for one in at_once(send, same_browser(client, TIMES))}


def how_many(owner: Database, model: type[Base], *conditions: ColumnElement[bool]) -> int:
    """How many rows there are."""
    with owner.session(OPERATOR) as session:
        counted = select(func.count()).select_from(model).where(*conditions)
        return session.scalar(counted) or 0


def test_a_months_invoice_is_submitted_once(
    app: Flask, client: FlaskClient, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        april = make_april(session)
    sign_in(client, april.finance)
    address = f"{april.address}/submit"
    form = {**hidden(client, april.address, address), "number": "INV-0012"}
    first = answers(client, address, form)
    ((status, location),) = first
    assert status == 303 and location and "/invoices/" in location
    assert answers(client, address, form) == first
    changed = client.post(address, data={**form, "number": "INV-0013"})
    assert changed.status_code == 422 and "already sent with other content" in changed.text
    assert how_many(owner_database, Invoice) == 1
    assert how_many(owner_database, AuditEvent, AuditEvent.event == Event.SUBMITTED) == 1
    assert how_many(owner_database, FormReceipt) == 1


def test_lines_are_approved_once(
    client: FlaskClient, database: Database, owner_database: Database
) -> None:
    filed = file_invoice(owner_database, database, minutes=60)
    sign_in(client, filed.approver)
    page = f"/invoices/{filed.invoice_id}"
    ticked = [f"{line_id}:{version}" for line_id, version in filed.versions(1, 2).items()]
    form = {**hidden(client, page, "/approve"), "line": ticked}
    first = answers(client, f"{page}/approve", form)
    assert {status for status, _ in first} == {303} and len(first) == 1
    assert answers(client, f"{page}/approve", form) == first
    changed = client.post(f"{page}/approve", data={**form, "line": ticked[:1]})
    assert changed.status_code == 422 and "already sent with other content" in changed.text
    assert how_many(owner_database, Decision) == 2
    assert how_many(owner_database, AuditEvent, AuditEvent.event == Event.LINE_APPROVED) == 2
    states = [line.state for line in filed.lines()]
    assert states == [LineState.APPROVED] * 2 + [LineState.SUBMITTED] * 2


def test_a_complaint_arrives_once(app: Flask, owner_database: Database) -> None:
    """Nobody is signed in, so what is written is the number: it can be sent once, as it is."""
    with owner_database.transaction(OPERATOR) as session:
        make_council(session, name="Aldermoor Council")
    somebody = somebody_at(app)
    somebody.say_all()
    form = {"csrf_token": somebody.token, "_nonce": "0" * 32}
    address = f"{somebody.front}/tell-us/send"
    first = answers(somebody.client, address, form)
    assert first == {(303, f"{somebody.front}/tell-us/sent")}
    code = somebody.code()
    assert answers(somebody.client, address, form) == first
    assert somebody.code() == code
    somebody.say("happened", happened="Something else")
    with owner_database.session(OPERATOR) as session:
        (kept,) = session.scalars(select(Complaint)).all()
        assert (kept.what_happened, kept.reference) == (WORDS, code[0])
        received = select(func.count(AuditEvent.id)).where(AuditEvent.subject_id == kept.id)
        assert session.scalar(received) == 1
