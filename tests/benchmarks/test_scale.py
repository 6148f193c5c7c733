"""The approver's queue and an invoice page, with 10,000 and with 1,000,000 lines beside them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal import create_app
from portal.config import Config
from portal.frameworks.rules import Regime, Unit
from portal.invoicing.models import Invoice, InvoiceLine, InvoiceSection, Payment
from portal.invoicing.rules import InvoiceState, LineState
from portal.invoicing.vat import VatCategory
from portal.kernel.bulk import insert_rows
from portal.kernel.ids import new_ids
from portal.kernel.migrate import upgrade
from portal.kernel.money import Money
from portal.kernel.months import Month
from tests.benchmarks.floor import OPERATOR, opened
from tests.benchmarks.month import MonthEnd, make_month_end, submitted
from tests.makers import make_agreement, make_place, make_provider, sign_in

PROVIDERS = 100
LINES_EACH = 50
SMALL, LARGE = 10_000, 1_000_000
RUNS = 40
LIMIT = 1.3


@dataclass(frozen=True)
class Measured:
    """The best time of a page in seconds, and how many statements it took."""

    best: float
    statements: int


def test_pages_are_as_quick_with_a_million_lines(tmp_path: Path) -> None:
    small, large = (_measure(tmp_path, lines) for lines in (SMALL, LARGE))
    for page in small:
        ratio = large[page].best / small[page].best
        print(
            f"\n{page}: {small[page].best * 1000:.1f} ms with {SMALL:,} lines, "
            f"{large[page].best * 1000:.1f} ms with {LARGE:,}, ratio {ratio:.2f} "
            f"(at most {LIMIT}); {large[page].statements} statements"
        )
        assert large[page].statements == small[page].statements
        assert ratio <= LIMIT


def _measure(folder: Path, lines: int) -> dict[str, Measured]:
    file = folder / f"{lines}.db"
    upgrade(f"sqlite:///{file}")
    with opened(file) as database:
        with database.transaction(OPERATOR) as session:
            month = make_month_end(session, lines=LINES_EACH)
        invoice = submitted(database, month)
        with database.transaction(OPERATOR) as session:
            _add_history(session, month, lines // LINES_EACH)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA optimize=0x10002")
            connection.commit()
    app = create_app(
        Config(database_url=f"sqlite:///{file}", secret_key="only here", secure_cookies=False)
    )
    client = app.test_client()
    sign_in(client, month.approver)
    pages = {"The approver's queue": "/invoices", "An invoice": f"/invoices/{invoice}"}
    return {name: _page(client, path) for name, path in pages.items()}


def _page(client: FlaskClient, path: str) -> Measured:
    statements = 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(Engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(Engine, "before_cursor_execute", count)
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - started)
    return Measured(min(times), statements)


def _add_history(session: Session, month: MonthEnd, invoices: int) -> None:
    """Paid invoices of many providers and months, 50 lines each; sixty wait to be decided."""
    suppliers = _suppliers(session, month)
    for number in range(invoices):
        provider_id, agreements = suppliers[number % PROVIDERS]
        _add_invoice(
            session,
            month,
            provider_id,
            agreements,
            Month(2009, 1).plus(number // PROVIDERS),
            waits=number < 60,
        )


def _suppliers(session: Session, month: MonthEnd) -> list[tuple[UUID, list[tuple[UUID, str]]]]:
    """Providers on the same framework, each with its agreements."""
    suppliers = []
    for _ in range(PROVIDERS):
        provider = make_provider(session)
        place = make_place(session, category=month.category, provider=provider)
        agreements = [
            make_agreement(session, place=place, council=month.council) for _ in range(LINES_EACH)
        ]
        suppliers.append((provider.id, [(each.id, each.reference) for each in agreements]))
    return suppliers


def _add_invoice(
    session: Session,
    month: MonthEnd,
    provider_id: UUID,
    agreements: list[tuple[UUID, str]],
    of: Month,
    *,
    waits: bool,
) -> None:
    invoice_id, payment_id, *ids = new_ids(2 + 2 * LINES_EACH)
    parties = {"council_id": month.stream.council_id, "provider_id": provider_id}
    at = datetime(of.year, of.month, 1, 9, tzinfo=UTC) + timedelta(days=32)
    net = Money(4200) * LINES_EACH
    insert_rows(session, Invoice, [_invoice(month, invoice_id, parties, of, at, net, waits=waits)])
    if not waits:
        insert_rows(session, Payment, [_payment(month, payment_id, invoice_id, parties, at, net)])
    sections = [
        {
            "id": section_id,
            "invoice_id": invoice_id,
            **parties,
            "agreement_id": agreement_id,
            "agreement_reference": reference,
            "title": "Mentoring",
            "position": place,
        }
        for place, (section_id, (agreement_id, reference)) in enumerate(
            zip(ids[:LINES_EACH], agreements, strict=True), 1
        )
    ]
    insert_rows(session, InvoiceSection, sections)
    lines = [
        {
            "id": line_id,
            "invoice_id": invoice_id,
            "section_id": section["id"],
            "agreement_id": section["agreement_id"],
            **parties,
            "position": section["position"],
            "service_month": of,
            "contract_year": date(of.year, 1, 1),
            "first_day": of.first,
            "last_day": of.last,
            "description": "1 session",
            "unit": Unit.HOUR,
            "parts": 60,
            "price": Money(4200),
            "net": Money(4200),
            "vat_category": VatCategory.NOT_REGISTERED,
            "vat_rate": 0,
            "cost_code": None,
            "purchase_order": None,
            "state": LineState.SUBMITTED if waits else LineState.PAID,
            "hands": [],
            "payment_id": None if waits else payment_id,
            "version": 1,
        }
        for line_id, section in zip(ids[LINES_EACH:], sections, strict=True)
    ]
    insert_rows(session, InvoiceLine, lines)


def _invoice(
    month: MonthEnd,
    invoice_id: UUID,
    parties: dict[str, UUID],
    of: Month,
    at: datetime,
    net: Money,
    *,
    waits: bool,
) -> dict[str, Any]:
    number = f"{of.code}-{invoice_id.hex[-6:]}"
    paid = Money(0) if waits else net
    return {
        "id": invoice_id,
        **parties,
        "framework_id": month.stream.framework_id,
        "month": of,
        "reference": number,
        "provider_number": number,
        "provider_number_key": invoice_id.hex,
        "state": InvoiceState.TO_DECIDE if waits else InvoiceState.PAID,
        "regime": Regime.ACT_2023,
        "payment_days": 30,
        "submitted_at": at,
        "submitted_by": month.finance.id,
        "submitted_by_name": month.finance.name,
        "received_on": at.date(),
        "verified_on": None if waits else at.date(),
        "act_by": at.date() + timedelta(days=30),
        "vat_number": None,
        "exemption_reason": None,
        "net": net,
        "vat": Money(0),
        "approved": paid,
        "paid": paid,
        "search_text": number,
        "version": 1,
    }


def _payment(
    month: MonthEnd,
    payment_id: UUID,
    invoice_id: UUID,
    parties: dict[str, UUID],
    at: datetime,
    net: Money,
) -> dict[str, Any]:
    return {
        "id": payment_id,
        "invoice_id": invoice_id,
        **parties,
        "paid_on": at.date() + timedelta(days=20),
        "amount": net,
        "remittance": payment_id.hex,
        "recorded_by": month.approver.id,
        "recorded_by_name": month.approver.name,
        "recorded_at": at + timedelta(days=20),
    }
