"""The pages of payment runs and bank accounts cost the same for few and many."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, make_transient

from portal.identity.models import Organisation
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.runs.models import PaymentRun, RunEntry
from portal.invoicing.runs.rules import EntryState
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import Filed, file_invoice
from tests.invoicing.test_deciding import approve
from tests.makers import make_provider, sign_in
from tests.makers.paying import make_bank_change, make_run
from tests.support.visits import counting

OPERATOR = Scope.system(Task.OPERATOR)


def test_each_page_costs_the_same_for_few_and_many(
    app: Flask, owner_database: Database, database: Database, client: FlaskClient
) -> None:
    filed = file_invoice(owner_database, database, sections=2)
    approve(filed, 1)
    with owner_database.transaction(OPERATOR) as session:
        line = session.scalars(select(InvoiceLine).order_by(InvoiceLine.position)).first()
        assert line is not None
        invoice = session.get_one(Invoice, filed.invoice_id)
        run = make_run(
            session, invoice=invoice, line=line, proposed_by=filed.second,
            approved_by=filed.approver,
        ).run  # fmt: skip
    sign_in(client, filed.budget_holder)
    pages = (f"/payment-runs/{run.id}", "/payment-runs", "/bank-accounts", "/")
    before = [cost(app, client, page) for page in pages]
    sign_in(client, filed.second)
    choosing = cost(app, client, "/payment-runs/new")
    with owner_database.transaction(OPERATOR) as session:
        for number in range(9):
            more(session, filed, run, number)
    assert cost(app, client, "/payment-runs/new") == choosing
    sign_in(client, filed.budget_holder)
    assert [cost(app, client, page) for page in pages] == before


def cost(app: Flask, client: FlaskClient, page: str) -> int:
    """How many statements a page takes, asked for the second time."""
    client.get(page)
    with counting(app) as statements:
        assert client.get(page).status_code == 200
    return len(statements)


def more(session: Session, filed: Filed, run: PaymentRun, number: int) -> None:
    """An invoice of another month in the run, one in no run, and a provider's changed account."""
    provider = make_provider(session, name=f"Provider {number}")
    side = session.get_one(Organisation, filed.provider.id)
    make_bank_change(session, provider=provider, by=filed.finance, second=filed.mentor)
    for month in (number + 1, number + 13):
        invoice = session.get_one(Invoice, filed.invoice_id)
        session.expunge(invoice)
        make_transient(invoice)
        invoice.id, invoice.month = new_id(), Month(2024 + month // 13, month % 12 + 1)
        invoice.reference = f"2401-{month:05}"
        invoice.provider_number = invoice.provider_number_key = f"N-{month}"
        session.add(invoice)
        session.flush()
        if month > 12:
            continue
        session.add(
            RunEntry(
                run_id=run.id,
                council_id=run.council_id,
                provider_id=side.id,
                invoice_id=invoice.id,
                state=EntryState.WAITING,
                amount=run.total,
                account_name="Whoever is paid",
                account_number="00000001",
                sort_code="000000",
            )
        )
        session.flush()
