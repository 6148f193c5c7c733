"""Recording payments: of what is approved, once, with its remittance, seen by both sides."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.frameworks.rules import Regime
from portal.invoicing.actions import paying
from portal.invoicing.models import Payment
from portal.invoicing.rules import InvoiceState, LineState
from portal.kernel.clock import local_date
from portal.kernel.database import Database
from portal.kernel.errors import Stale
from portal.kernel.money import Money
from tests.invoicing.filed import AT, Filed, file_invoice, post
from tests.invoicing.test_deciding import amend, approve, query
from tests.invoicing.test_invoice_pages import page, words
from tests.makers import sign_in

Form = dict[str, str | list[str]]


@pytest.fixture
def filed(owner_database: Database, database: Database) -> Filed:
    """Four sections of £231.00, of which the fourth is queried and the others approved."""
    made = file_invoice(owner_database, database)
    query(made, 4)
    approve(made, 1, 2, 3)
    return made


@pytest.fixture
def approver(client: FlaskClient, filed: Filed) -> FlaskClient:
    """The council's approver, signed in."""
    sign_in(client, filed.approver)
    return client


def form(filed: Filed, *, day: str = "6", remittance: str = "BACS-1") -> Form:
    return {
        "version": str(filed.invoice().version),
        "paid_on-day": day,
        "paid_on-month": "5",
        "paid_on-year": "2026",
        "remittance": remittance,
    }


def payment_page(filed: Filed) -> str:
    return f"{page(filed)}/payment"


def send(client: FlaskClient, filed: Filed, data: Form) -> tuple[int, str]:
    answer = post(client, payment_page(filed), payment_page(filed), data)
    return answer.status_code, words(answer.get_data(as_text=True))


def payments(filed: Filed) -> int:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        return session.scalar(select(func.count(Payment.id))) or 0


def test_the_form_shows_what_would_be_paid(approver: FlaskClient, filed: Filed) -> None:
    shown = approver.get(payment_page(filed)).get_data(as_text=True)
    said = words(shown)
    assert "Record a payment of £693.00" in said
    assert "3 approved lines, £693.00" in said
    assert "IA-003" not in said
    assert 'id="paid_on-day" name="paid_on-day" type="text" inputmode="numeric" value="6"' in shown


def test_three_lines_are_paid_and_then_the_fourth(approver: FlaskClient, filed: Filed) -> None:
    assert send(approver, filed, form(filed))[0] == 303
    said = words(approver.get(page(filed)).get_data(as_text=True))
    assert "Payment of £693.00 recorded. Larkspur Mentoring sees it" in said
    assert "1 line not decided yet." in said
    amend(filed, 4, less=30)
    approve(filed, 4)
    assert send(approver, filed, form(filed, remittance="BACS-2"))[0] == 303
    invoice = filed.invoice()
    assert (invoice.state, invoice.paid) == (InvoiceState.PAID, Money.pounds("903.00"))
    assert {line.state for line in filed.lines()} == {LineState.PAID}
    assert len({line.payment_id for line in filed.lines()}) == 2


def test_the_provider_finds_the_remittance(approver: FlaskClient, filed: Filed, app: Flask) -> None:
    send(approver, filed, form(filed))
    client = app.test_client()
    sign_in(client, filed.finance)
    said = words(client.get(page(filed)).get_data(as_text=True))
    assert "£693.00 on 6 May 2026, remittance BACS-1" in said
    assert client.get(payment_page(filed)).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"remittance": ""}, "Enter the remittance reference"),
        ({"remittance": "x" * 41}, "Remittance reference must be 40 characters or less"),
        ({"paid_on-day": "7"}, "Enter the day of payment: it cannot be in the future"),
        ({"paid_on-day": "3"}, "Enter a day on or after 4 May 2026, when the invoice came in"),
        ({"paid_on-day": "31", "paid_on-month": "2"}, "31 February 2026 does not exist"),
        ({"paid_on-day": ""}, "Date paid must include a day"),
    ],
)
def test_a_wrong_payment_is_told_at_its_place(
    approver: FlaskClient, filed: Filed, changes: Form, sentence: str
) -> None:
    status, said = send(approver, filed, {**form(filed), **changes})
    assert status == 422
    assert sentence in said
    assert payments(filed) == 0


def test_a_remittance_is_recorded_once(approver: FlaskClient, filed: Filed) -> None:
    send(approver, filed, form(filed))
    approve(filed, 4)
    status, said = send(approver, filed, form(filed))
    assert status == 422
    assert "BACS-1 is the payment of £693.00 on 6 May 2026." in said
    assert payments(filed) == 1


def test_a_payment_page_gone_stale_pays_nothing(approver: FlaskClient, filed: Filed) -> None:
    data = form(filed)
    approve(filed, 4)
    status, said = send(approver, filed, data)
    assert status == 409
    assert "Somebody else changed this while your page was open." in said
    assert "Record a payment of £924.00" in said
    assert payments(filed) == 0


def test_nothing_is_paid_twice(filed: Filed, approver: FlaskClient) -> None:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        paying.pay(
            session, filed.actor(filed.approver), filed.invoice_id,
            version=filed.invoice().version, paid_on=local_date(AT), remittance="A", at=AT,
        )  # fmt: skip
    for version, refusal in ((filed.invoice().version, paying.NothingToPay), (1, Stale)):
        with (
            pytest.raises(refusal),
            filed.database.transaction(filed.scope(filed.approver)) as session,
        ):
            paying.pay(
                session, filed.actor(filed.approver), filed.invoice_id,
                version=version, paid_on=local_date(AT), remittance="B", at=AT,
            )  # fmt: skip
    said = words(approver.get(payment_page(filed)).get_data(as_text=True))
    assert "Nothing approved on this invoice waits to be paid." in said


def test_under_the_old_regulations_the_clock_starts_when_all_is_decided(
    owner_database: Database, database: Database, client: FlaskClient
) -> None:
    filed = file_invoice(owner_database, database, sections=1, regime=Regime.PCR_2015)
    sign_in(client, filed.approver)
    before = words(client.get(page(filed)).get_data(as_text=True))
    assert "Payment due 30 days after verification" in before
    assert "Counted from the day that every line has been decided" in before
    approve(filed, 1)
    after = words(client.get(page(filed)).get_data(as_text=True))
    assert "Payment due 5 June 2026, due in 30 days" in after
    assert "30 days from 6 May 2026, when every line had been decided" in after
