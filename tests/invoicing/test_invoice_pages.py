"""The pages of an invoice and of a line, as each role sees them and sends their forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, func, select, update
from werkzeug.test import TestResponse

from portal.agreements.models import Clearance
from portal.invoicing.models import Decision
from portal.invoicing.rules import LineState, RefusalReason
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import Filed, file_invoice, post
from tests.invoicing.test_deciding import approve, query
from tests.makers import csrf_token, sign_in


@pytest.fixture
def filed(owner_database: Database, database: Database) -> Filed:
    """Four sections of £231.00, and a placement of 30 nights."""
    return file_invoice(owner_database, database, nights=True)


@pytest.fixture
def approver(client: FlaskClient, filed: Filed) -> FlaskClient:
    """The council's approver, signed in."""
    sign_in(client, filed.approver)
    return client


def page(filed: Filed) -> str:
    return f"/invoices/{filed.invoice_id}"


def line_page(filed: Filed, position: int) -> str:
    return f"{page(filed)}/lines/{filed.line(position).id}"


def words(text: str) -> str:
    """What the page says, as one line."""
    return " ".join(html.fromstring(text).text_content().split())


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = app.extensions["portal.database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_an_approver_finds_sums_clock_checks_and_ticks(approver: FlaskClient, filed: Filed) -> None:
    shown = approver.get(page(filed)).get_data(as_text=True)
    said = words(shown)
    assert f"Invoice {filed.invoice().reference} for April 2026" in said
    assert "5 lines to decide" in said
    assert "£4,438.29" in said
    assert "Payment due 3 June 2026, due in 28 days" in said
    assert "30 days from receipt on 4 May 2026" in said
    assert "Fay Finance, 4 May 2026 at 10am" in said
    ticks = html.fromstring(shown).xpath('//input[@name="line"]')
    assert len(ticks) == 5
    assert all("checked" in tick.attrib for tick in ticks)


def test_a_provider_sees_the_same_without_anything_to_decide(
    client: FlaskClient, filed: Filed
) -> None:
    sign_in(client, filed.finance)
    shown = client.get(page(filed)).get_data(as_text=True)
    assert 'name="line"' not in shown
    assert "5 lines wait for Aldermoor Council to decide" in words(shown)


def test_a_blocked_line_says_why_and_cannot_be_ticked(
    owner_database: Database, database: Database, app: Flask, client: FlaskClient
) -> None:
    filed = file_invoice(owner_database, database, sections=1)
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        session.execute(update(Clearance).values(valid_until=date(2026, 4, 1)))
    sign_in(client, filed.approver)
    shown = client.get(page(filed)).get_data(as_text=True)
    assert 'name="line"' not in shown
    assert "had no enhanced DBS check in date on 2 April 2026 and 3 April 2026" in words(shown)
    answer = _approve(client, filed, 1, seen=line_page(filed, 1))
    assert answer.status_code == 409
    assert "A check blocks line 1" in words(answer.get_data(as_text=True))
    other = app.test_client()
    sign_in(other, filed.finance)
    seen = words(other.get(page(filed)).get_data(as_text=True))
    assert "had no enhanced DBS check in date on 2 April 2026 and 3 April 2026" in seen


def test_approving_ticked_lines_and_what_comes_next(approver: FlaskClient, filed: Filed) -> None:
    answer = _approve(approver, filed, 1, 2)
    assert (answer.status_code, answer.location) == (303, page(filed))
    said = words(approver.get(page(filed)).get_data(as_text=True))
    assert "2 lines approved, £462.00. 3 lines left to decide." in said
    assert "£462.00 is approved and waits to be paid." in said
    assert "Lines 1 and 2 approved, £462.00" in said
    assert filed.invoice().approved == Money.pounds("462.00")


def test_the_same_click_twice_is_done_once(approver: FlaskClient, filed: Filed) -> None:
    shown = approver.get(page(filed)).get_data(as_text=True)
    nonce = re.search(r'name="_nonce" value="([^"]+)"', shown)
    assert nonce is not None
    data = {"csrf_token": csrf_token(shown), "_nonce": nonce[1], "line": _ticks(filed, 1)}
    first = approver.post(f"{page(filed)}/approve", data=data)
    again = approver.post(f"{page(filed)}/approve", data=data)
    assert [first.status_code, again.status_code] == [303, 303]
    assert first.location == again.location
    assert _decisions(filed) == 1


def test_nothing_ticked_is_said_in_a_summary(approver: FlaskClient, filed: Filed) -> None:
    answer = post(approver, page(filed), f"{page(filed)}/approve", {})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose at least one line to approve." in words(shown)
    assert "<title>Error: " in shown


def test_stale_ticks_are_kept_with_what_stands_now(approver: FlaskClient, filed: Filed) -> None:
    ticks = _ticks(filed, 1, 2)
    query(filed, 2)
    answer = post(approver, page(filed), f"{page(filed)}/approve", {"line": ticks})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody else changed this line while your page was open." in words(shown)
    ticked = html.fromstring(shown).xpath('//input[@name="line"][@checked]/@id')
    assert ticked == ["tick-1", "tick-2"]
    assert _decisions(filed) == 1


def test_the_cap_is_told_in_its_own_sentence(
    owner_database: Database, database: Database, client: FlaskClient
) -> None:
    filed = file_invoice(owner_database, database, cap="40000.00", approved="39600.00")
    sign_in(client, filed.approver)
    assert "£524.00 over its cap of £40,000.00" in words(
        client.get(page(filed)).get_data(as_text=True)
    )
    answer = _approve(client, filed, 1, 2)
    assert answer.status_code == 409
    assert "£62.00 over its cap of £40,000.00. Up to £400.00 can be approved" in words(
        answer.get_data(as_text=True)
    )
    assert _approve(client, filed, 1).status_code == 303
    assert filed.invoice().approved == Money.pounds("231.00")


def test_ones_own_line_is_403_and_nothing_changes(
    owner_database: Database, database: Database, client: FlaskClient
) -> None:
    filed = file_invoice(owner_database, database, also_approves=True)
    sign_in(client, filed.approver)
    shown = client.get(page(filed)).get_data(as_text=True)
    assert "You entered or submitted this, so somebody else must approve it" in words(shown)
    assert 'id="tick-1"' not in shown
    answer = _approve(client, filed, 1, 2)
    assert answer.status_code == 403
    assert "somebody else must approve it" in words(answer.get_data(as_text=True))
    assert {line.state for line in filed.lines()} == {LineState.SUBMITTED}
    assert _decisions(filed) == 0


def test_a_provider_posting_a_decision_is_403(client: FlaskClient, filed: Filed) -> None:
    sign_in(client, filed.finance)
    token = csrf_token(client.get(page(filed)).get_data(as_text=True))
    line = filed.line(1)
    for address, data in (
        (f"{page(filed)}/approve", {"line": f"{line.id}:1"}),
        (f"{line_page(filed, 1)}/query", {"version": "1", "question": "Who?"}),
        (f"{line_page(filed, 1)}/refuse", {"version": "1", "reason": "duplicate"}),
        (f"{page(filed)}/payment", {"version": "1"}),
    ):
        answer = client.post(address, data={"csrf_token": token, **data})
        assert answer.status_code == 403, address
    assert _decisions(filed) == 0


@pytest.mark.parametrize("who", ["outsider", "stranger"])
def test_another_party_finds_nothing(client: FlaskClient, filed: Filed, who: str) -> None:
    sign_in(client, getattr(filed, who))
    for address in (page(filed), line_page(filed, 1)):
        assert client.get(address).status_code == 404
    token = csrf_token(client.get("/invoices").get_data(as_text=True))
    steps = (
        (f"{page(filed)}/approve", {"line": _ticks(filed, 1)}),
        (f"{line_page(filed, 1)}/query", {"version": "1", "question": "Who?"}),
        (f"{line_page(filed, 1)}/refuse", {"version": "1", "reason": "duplicate"}),
        (
            f"{page(filed)}/payment",
            {
                "version": "1",
                "paid_on-day": "6",
                "paid_on-month": "5",
                "paid_on-year": "2026",
                "remittance": "X",
            },
        ),
    )
    replies = (
        (f"{line_page(filed, 1)}/answer", {"version": "1", "answer": "Sam"}),
        (f"{line_page(filed, 1)}/amend", {"version": "1", "amendment": "Less"}),
    )
    for address, data in steps if who == "stranger" else replies:
        answer = client.post(address, data={"csrf_token": token, **data})
        assert answer.status_code == 404, address
    assert _decisions(filed) == 0


def test_a_line_shows_its_sessions_its_price_and_its_sum(
    approver: FlaskClient, filed: Filed
) -> None:
    shown = approver.get(line_page(filed, 1)).get_data(as_text=True)
    said = words(shown)
    assert "5.5 hours × £42.00 = £231.00" in said
    assert "From 5 January 2026, agreed for this agreement" in said
    assert "1 April 2026, 9am" in said
    assert "Morgan Mentor" in said
    assert "We read together &lt;b&gt;quietly&lt;/b&gt;." in shown
    assert 'data-hx-history="false"' in shown
    nights = words(approver.get(line_page(filed, 5)).get_data(as_text=True))
    assert "30 nights × £820.00 a week ÷ 7 = £3,514.29" in nights
    assert "1 to 30 April 2026" in nights


def test_what_was_written_about_a_child_is_for_those_who_read_delivery(
    client: FlaskClient, filed: Filed, app: Flask
) -> None:
    sign_in(client, filed.budget_holder)
    with statements(app) as sent:
        shown = client.get(line_page(filed, 1)).get_data(as_text=True)
    assert "We read together" not in shown
    assert not any("summary" in statement for statement in sent)


def test_a_query_needs_its_question_and_keeps_the_page(approver: FlaskClient, filed: Filed) -> None:
    at = line_page(filed, 1)
    answer = post(approver, at, f"{at}/query", {"version": "1", "question": "  "})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert '<a href="#question">Enter the question that the provider should answer</a>' in shown
    answer = post(approver, at, f"{at}/query", {"version": "1", "question": "Who was there?"})
    assert answer.status_code == 303
    said = words(approver.get(page(filed)).get_data(as_text=True))
    assert "Line 1 queried. Larkspur Mentoring can answer or amend it" in said
    assert "Larkspur Mentoring has to reply on line 1." in said


def test_a_refusal_needs_its_reason_and_another_reason_its_words(
    approver: FlaskClient, filed: Filed
) -> None:
    at = line_page(filed, 1)
    answer = post(approver, at, f"{at}/refuse", {"version": "1", "explanation": "It was <wrong>"})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert '<a href="#reason">Choose why the line is refused</a>' in shown
    assert "It was &lt;wrong&gt;" in shown
    other = {"version": "1", "reason": RefusalReason.OTHER.value, "explanation": ""}
    answer = post(approver, at, f"{at}/refuse", other)
    assert answer.status_code == 422
    assert "Enter why the line is refused" in words(answer.get_data(as_text=True))
    unknown = {"version": "1", "reason": "made-up"}
    assert post(approver, at, f"{at}/refuse", unknown).status_code == 422
    answer = post(approver, at, f"{at}/refuse", {**other, "explanation": "Not ours"})
    assert answer.status_code == 303
    assert filed.line(1).state is LineState.REFUSED
    said = words(approver.get(page(filed)).get_data(as_text=True))
    assert "Another reason: Not ours" in said
    assert "Refused £231.00" in said


@pytest.mark.parametrize("meanwhile", ["query", "approve"])
def test_a_stale_question_is_kept_beside_what_stands_now(
    approver: FlaskClient, filed: Filed, meanwhile: str
) -> None:
    at = line_page(filed, 1)
    refuse = meanwhile == "query"
    (query if refuse else approve)(filed, 1)
    typed = {"version": "1", "question": "My long question", "explanation": "My long question"}
    step = "refuse" if refuse else "query"
    answer = post(approver, page(filed), f"{at}/{step}", {**typed, "reason": "duplicate"})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "My long question" in shown
    said = words(shown)
    assert "Somebody else changed this line while your page was open." in said
    assert f"Now: This line {'queried' if refuse else 'approved'}, £231.00, by Alex" in said
    assert 'value="2"' in shown or not refuse
    assert _decisions(filed) == 1


@pytest.mark.parametrize(
    "line", ["nonsense", "nonsense:1", "019b0000-0000-7000-8000-000000000000:x"]
)
def test_what_no_page_sends_is_refused(approver: FlaskClient, filed: Filed, line: str) -> None:
    answer = post(approver, page(filed), f"{page(filed)}/approve", {"line": line})
    assert answer.status_code == 400
    at = line_page(filed, 1)
    answer = post(approver, at, f"{at}/query", {"version": "x", "question": "Who?"})
    assert answer.status_code == 400
    assert _decisions(filed) == 0


def test_the_number_of_queries_is_the_same_for_any_number_of_lines(
    owner_database: Database, database: Database, app: Flask
) -> None:
    counted = []
    for sections in (1, 60):
        filed = file_invoice(
            owner_database, database, sections=sections, minutes=60, called=f" {sections}"
        )
        client = app.test_client()
        sign_in(client, filed.approver)
        client.get(page(filed))
        with statements(app) as sent:
            assert client.get(page(filed)).status_code == 200
        counted.append(len(sent))
    assert counted[0] == counted[1]
    assert counted[0] <= 24


def _ticks(filed: Filed, *positions: int) -> list[str]:
    return [f"{line.id}:{line.version}" for line in filed.lines() if line.position in positions]


def _approve(client: FlaskClient, filed: Filed, *positions: int, seen: str = "") -> TestResponse:
    ticks = _ticks(filed, *positions)
    return post(client, seen or page(filed), f"{page(filed)}/approve", {"line": ticks})


def _decisions(filed: Filed) -> int:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        return session.scalar(select(func.count(Decision.id))) or 0
