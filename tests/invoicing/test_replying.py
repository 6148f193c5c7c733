"""Replies to queries: answered or amended down, on the page and through the action."""

from __future__ import annotations

from contextlib import ExitStack, closing
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.invoicing.actions import replying
from portal.invoicing.models import ChargedUnit, Reply
from portal.invoicing.queries import get_line
from portal.invoicing.rules import InvoiceState, LineState, LineStep
from portal.kernel.database import Database
from portal.kernel.errors import Stale
from portal.kernel.money import Money
from portal.kernel.transitions import IllegalStep
from tests.invoicing.filed import AT, Filed, file_invoice, post
from tests.invoicing.test_deciding import amend, approve, assert_follows_from_lines, query
from tests.invoicing.test_invoice_pages import line_page, page, words
from tests.makers import sign_in
from tests.support.databases import Databases


@pytest.fixture
def filed(owner_database: Database, database: Database) -> Filed:
    """Two sections of £231.00 and a placement; lines 1 and 3 are queried."""
    made = file_invoice(owner_database, database, sections=2, nights=True)
    query(made, 1)
    query(made, 3)
    return made


@pytest.fixture
def finance(client: FlaskClient, filed: Filed) -> FlaskClient:
    """The provider's finance person, signed in."""
    sign_in(client, filed.finance)
    return client


def charged(filed: Filed, position: int) -> list[ChargedUnit]:
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        return list(
            session.scalars(
                select(ChargedUnit)
                .where(ChargedUnit.line_id == filed.line(position).id)
                .order_by(ChargedUnit.first_day)
            )
        )


def figures(filed: Filed, position: int, *typed: str) -> dict[str, str | list[str]]:
    """The form that amends a line, with these figures and its version."""
    sent: dict[str, str | list[str]] = {
        f"charge_{unit.id.hex}": text
        for unit, text in zip(charged(filed, position), typed, strict=True)
    }
    return {**sent, "version": str(filed.line(position).version), "amendment": "It was shorter."}


def amend_by(filed: Filed, parts: dict[UUID, int], *, version: int = 2) -> None:
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        replying.amend(
            session,
            filed.actor(filed.finance),
            filed.invoice_id,
            filed.line(1).id,
            version=version,
            parts=parts,
            words="Less",
            at=AT,
        )


def test_a_line_that_charges_nothing_says_why(finance: FlaskClient, filed: Filed) -> None:
    amend_by(filed, {unit.id: 0 for unit in charged(filed, 1)})
    assert filed.line(1).net == Money(0)
    shown = words(finance.get(page(filed)).get_data(as_text=True))
    assert "Charges nothing any more: Less" in shown


def test_the_provider_is_led_to_the_question(finance: FlaskClient, filed: Filed) -> None:
    shown = finance.get(page(filed)).get_data(as_text=True)
    assert "Aldermoor Council has a question about line 1." in words(shown)
    assert f'href="{line_page(filed, 1)}">Answer or amend line 1</a>' in shown
    line = finance.get(line_page(filed, 1)).get_data(as_text=True)
    assert "Alex Approver asks: Who was there?" in words(line)
    assert 'value="1:30"' in line


def test_an_answer_leaves_the_line_as_it_is(finance: FlaskClient, filed: Filed) -> None:
    at = line_page(filed, 1)
    empty = post(finance, at, f"{at}/answer", {"version": "2", "answer": " "})
    assert empty.status_code == 422
    assert '<a href="#answer">Enter your answer</a>' in empty.get_data(as_text=True)
    sent = post(finance, at, f"{at}/answer", {"version": "2", "answer": "Sam & Jo were."})
    assert (sent.status_code, sent.location) == (303, page(filed))
    said = words(finance.get(page(filed)).get_data(as_text=True))
    assert "Line 1 answered. Next, Aldermoor Council decides it." in said
    assert "Sam & Jo were." in said
    line = filed.line(1)
    assert (line.state, line.net) == (LineState.ANSWERED, Money.pounds("231.00"))


def test_a_line_is_amended_down_by_its_sessions(finance: FlaskClient, filed: Filed) -> None:
    at = line_page(filed, 1)
    sent = post(finance, at, f"{at}/amend", figures(filed, 1, "2", "1h 30m", "0"))
    assert sent.status_code == 303
    line = filed.line(1)
    assert (line.state, line.parts, line.net) == (LineState.ANSWERED, 210, Money.pounds("147.00"))
    assert line.description == "2 sessions, 1 to 2 April 2026"
    assert str(filed.finance.id) in line.hands
    said = words(finance.get(page(filed)).get_data(as_text=True))
    assert "Line 1 amended from 5.5 hours, £231.00, to 3.5 hours, £147.00" in said
    assert_follows_from_lines(filed)
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        reply = session.scalars(select(Reply).order_by(Reply.id)).one()
    assert (reply.step, reply.parts_before, reply.parts_after) == (LineStep.AMEND, 330, 210)


def test_nights_are_amended_from_their_end(finance: FlaskClient, filed: Filed) -> None:
    at = line_page(filed, 3)
    sent = post(finance, at, f"{at}/amend", figures(filed, 3, "28"))
    assert sent.status_code == 303
    line = filed.line(3)
    assert (line.parts, line.net) == (28, Money.pounds("3280.00"))
    assert line.description == "28 nights, 1 to 28 April 2026"
    approve(filed, 3)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("2", "2", "2"), "Enter at most 1.5 hours, which is charged now."),
        (("2", "2", "-1"), "Hours for 3 April 2026 at 9am must not be less than 0"),
        (("25", "2", "1"), "Hours for 1 April 2026 at 9am must be 24 hours or less"),
        (("2", "2", "a lot"), "Enter hours for 3 April 2026 at 9am like 2, 1.5, 1:30 or 1h 30m"),
        (("2", "2", ""), "Enter a figure, 0 if nothing is charged"),
        (("2", "2", "1:30"), "Change at least one figure, or answer the query"),
    ],
)
def test_a_wrong_figure_is_told_at_its_place_and_kept(
    finance: FlaskClient, filed: Filed, typed: tuple[str, ...], sentence: str
) -> None:
    at = line_page(filed, 1)
    answer = post(finance, at, f"{at}/amend", figures(filed, 1, *typed))
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in words(shown)
    assert "It was shorter." in shown
    assert all(f'value="{text}"' in shown for text in typed if text)
    assert filed.line(1).state is LineState.QUERIED
    assert [unit.parts for unit in charged(filed, 1)] == [120, 120, 90]


def test_an_amendment_says_why(finance: FlaskClient, filed: Filed) -> None:
    at = line_page(filed, 1)
    sent = {**figures(filed, 1, "1", "2", "1"), "amendment": ""}
    answer = post(finance, at, f"{at}/amend", sent)
    assert answer.status_code == 422
    assert '<a href="#amendment">Enter why the line changes</a>' in answer.get_data(as_text=True)


def test_a_reply_to_what_was_decided_meanwhile_loses_nothing(
    finance: FlaskClient, filed: Filed
) -> None:
    at = line_page(filed, 1)
    sent = figures(filed, 1, "1", "2", "1")
    approve(filed, 1)
    for step, data in (("amend", sent), ("answer", {"version": "2", "answer": "It was shorter."})):
        answer = post(finance, line_page(filed, 3), f"{at}/{step}", data)
        shown = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "It was shorter." in shown
        assert "Now: This line approved, £231.00, by Alex Approver" in words(shown)
    assert filed.line(1).net == Money.pounds("231.00")


def test_the_council_cannot_reply(client: FlaskClient, filed: Filed) -> None:
    sign_in(client, filed.approver)
    at = line_page(filed, 1)
    for step in ("answer", "amend"):
        answer = post(client, at, f"{at}/{step}", {"version": "2", "answer": "Sam"})
        assert answer.status_code == 403


def test_only_less_can_be_charged(filed: Filed) -> None:
    first, *others = charged(filed, 1)
    with pytest.raises(replying.AmendedUp):
        amend_by(filed, {first.id: first.parts - 60, others[0].id: others[0].parts + 1})
    with pytest.raises(replying.AmendedUp):
        amend_by(filed, {first.id: -1})
    with pytest.raises(replying.NothingAmended):
        amend_by(filed, {})
    with pytest.raises(Stale):
        amend_by(filed, {first.id: 0}, version=1)
    assert [unit.parts for unit in charged(filed, 1)] == [120, 120, 90]


def test_a_line_nobody_asked_about_is_not_amended(filed: Filed) -> None:
    with pytest.raises(IllegalStep):
        amend(filed, 2, less=30)
    assert filed.line(2).net == Money.pounds("231.00")


def test_a_line_decided_after_it_was_read_and_before_it_was_locked_is_stale(
    databases: Databases,
) -> None:
    """Only PostgreSQL lets two writers read at once; SQLite's second waits at its first word."""
    with databases.fresh("postgresql") as address, ExitStack() as open_ones:
        owner, database = (
            open_ones.enter_context(closing(Database(url)))
            for url in (address.owner, address.application)
        )
        filed = file_invoice(owner, database, sections=2)
        query(filed, 1)
        with database.session(filed.scope(filed.finance), writes=True) as session:
            line = get_line(session, filed.invoice_id, filed.line(1).id)
            seen = line.version
            approve(filed, 1)
            with pytest.raises(Stale):
                replying.answer(
                    session,
                    filed.actor(filed.finance),
                    filed.invoice_id,
                    line.id,
                    version=seen,
                    words="As recorded",
                    at=AT,
                )
        assert filed.line(1).state is LineState.APPROVED


def test_a_line_amended_to_nothing_leaves_nothing_to_pay(
    owner_database: Database, database: Database
) -> None:
    filed = file_invoice(owner_database, database, sections=1)
    query(filed, 1)
    amend_by(filed, {unit.id: 0 for unit in charged(filed, 1)})
    assert filed.line(1).net == Money(0)
    approve(filed, 1)
    assert filed.line(1).state is LineState.APPROVED
    assert filed.invoice().state is InvoiceState.PAID
