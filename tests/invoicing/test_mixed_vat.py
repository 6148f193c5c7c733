"""Taxable extras beside exempt services on one invoice, from the delivery to the document."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.invoicing.issuing import issued
from portal.invoicing.queries import get_invoice
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import Filed, file_invoice, post
from tests.makers import (
    make_agreement,
    make_assignment,
    make_category,
    make_mentor,
    make_place,
    make_session,
    sign_in,
)
from tests.makers.lots import make_category_terms

NUMBER = "GB123456789"


def deliver_in_may(owner: Database, filed: Filed, *, taxed: bool, prices: list[str]) -> UUID:
    """An hour at each of these prices, in a category of its own; gives the framework's id."""
    with owner.transaction(Scope.system(Task.OPERATOR)) as session:
        framework = session.scalars(select(Framework)).one()
        council, provider = (
            session.get_one(Organisation, side.id) for side in (filed.council, filed.provider)
        )
        category = make_category(session, framework=framework, code=f"x{taxed}"[:10])
        make_category_terms(session, category=category, taxed=taxed)
        place = make_place(session, category=category, provider=provider)
        for price in prices:
            agreement = make_agreement(session, place=place, council=council, price=price)
            mentor = make_mentor(session, provider=provider)
            make_assignment(session, agreement=agreement, mentor=mentor)
            make_session(
                session, agreement=agreement, mentor=mentor, day=date(2026, 5, 12), minutes=60
            )
        set_clock(session, datetime(2026, 6, 2, 9, tzinfo=UTC))
        return framework.id


@pytest.mark.parametrize(
    ("evidence", "welfare", "extras", "says"),
    [
        (
            {"vat_number": NUMBER, "charity_number": "1234567"}, ["1428.00"], ["250.00"],
            ["VAT (exempt) £0.00", "VAT at 20 % £50.00", "Total £1,728.00"],
        ),
        (
            {"vat_number": NUMBER}, [], ["33.33", "33.33", "33.34"],
            ["VAT at 20 % £20.00", "Total £120.00"],
        ),
        ({}, ["1428.00"], ["250.00"], ["VAT (not registered) £0.00", "Total £1,678.00"]),
    ],
    ids=["exempt beside taxed", "taxed once on the sum", "who is not registered charges none"],
)  # fmt: skip
def test_each_line_is_taxed_by_the_evidence_and_by_what_it_is(
    owner_database: Database, database: Database, client: FlaskClient,
    evidence: dict[str, str], welfare: list[str], extras: list[str], says: list[str],
) -> None:  # fmt: skip
    filed = file_invoice(owner_database, database, sections=1, minutes=60, **evidence)  # type: ignore[arg-type]
    deliver_in_may(owner_database, filed, taxed=False, prices=welfare)
    framework_id = deliver_in_may(owner_database, filed, taxed=True, prices=extras)
    sign_in(client, filed.finance)
    address = f"/invoices/drafts/{filed.council.id}/{framework_id}/2026-05"
    draft = client.get(address).get_data(as_text=True)
    totals = " ".join(
        " ".join(item.itertext()) for item in html.fromstring(draft).xpath("//dl/div")
    )
    for said in says:
        assert said in " ".join(totals.split())
    seen = str(html.fromstring(draft).xpath("//input[@name='seen']/@value")[0])
    sent = post(client, address, f"{address}/submit", {"number": "LM-2", "seen": seen})
    with database.session(filed.scope(filed.finance)) as session:
        invoice_id = UUID(str(sent.location).rsplit("/", 1)[-1])
        document = issued(session, get_invoice(session, invoice_id))
    assert says[-1] == f"Total {document.total}"
    reasons = {each.category.value: each.exemption_reason for each in document.vat_sums}
    assert reasons.get("S") is None
    assert set(reasons) == ({"O"} if not evidence else {"E", "S"} if welfare else {"S"})
