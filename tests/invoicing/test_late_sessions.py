"""A session recorded after its month was invoiced: on the next invoice, under its own month."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from portal.agreements.models import Agreement
from portal.invoicing.issuing import issued
from portal.invoicing.queries import get_invoice
from portal.kernel.clock import set_clock
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import file_invoice, post
from tests.makers import make_session, sign_in

IN_JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)


def test_it_is_headed_with_its_own_month_on_the_pages_and_in_the_files(
    owner_database: Database, database: Database, client: FlaskClient
) -> None:
    filed = file_invoice(owner_database, database, sections=1, minutes=120)
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        agreement = session.scalars(select(Agreement)).one()
        mentor = agreement.assignments[0].mentor
        for day, minutes in ((date(2026, 4, 29), 90), (date(2026, 5, 12), 60)):
            make_session(session, agreement=agreement, mentor=mentor, day=day, minutes=minutes)
        set_clock(session, IN_JUNE)
        framework_id = agreement.framework_id
    sign_in(client, filed.finance)
    address = f"/invoices/drafts/{filed.council.id}/{framework_id}/2026-05"
    draft = html.fromstring(client.get(address).get_data(as_text=True))
    assert rows(draft) == [
        "Service in April 2026", "1 session, 29 April 2026", "Service in May 2026",
        "1 session, 12 May 2026",
    ]  # fmt: skip
    seen = str(draft.xpath("//input[@name='seen']/@value")[0])
    sent = post(client, address, f"{address}/submit", {"number": "LM-2", "seen": seen})
    shown = html.fromstring(client.get(str(sent.location)).get_data(as_text=True))
    assert rows(shown)[0] == "Service in April 2026"
    assert "late, under April 2026, which was invoiced on" in rows(shown)[1]

    invoice_id = UUID(str(sent.location).rsplit("/", 1)[-1])
    with database.session(filed.scope(filed.finance)) as session:
        document = issued(session, get_invoice(session, invoice_id))
    lines = [line for section in document.sections for line in section.lines]
    assert [line.first_day.month for line in lines] == [4, 5]


def rows(page: Any) -> list[str]:
    """The first cell of each row below the section's own."""
    cells = page.xpath("//table//tbody/tr[not(contains(@class, 'portal-section'))]/th")
    return [" ".join(cell.text_content().split()) for cell in cells]
