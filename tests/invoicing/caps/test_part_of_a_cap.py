"""A cap of £40,000.00 with £38,900.00 approved, and an invoice of £1,428.00, through the pages."""

from __future__ import annotations

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from portal.budgets.models import Budget
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.filed import Filed, file_invoice, post
from tests.makers import sign_in


def test_lines_up_to_what_is_left_go_and_the_rest_waits_for_a_budget_holder(
    owner_database: Database, database: Database, client: FlaskClient
) -> None:
    filed = file_invoice(
        owner_database, database, sections=4, minutes=510, cap="40000.00", approved="38900.00"
    )  # four lines of 8.5 hours: £357.00 each
    page = f"/invoices/{filed.invoice_id}"
    sign_in(client, filed.approver)
    shown = said(client, page)
    assert "£328.00 over its cap of £40,000.00. Up to £1,100.00 can be approved" in shown

    assert "£328.00 over its cap" in approve(client, filed, 1, 2, 3, 4)
    assert budget(owner_database).approved == Money.pounds("38900.00"), "nothing was approved"
    assert "3 lines approved, £1,071.00. 1 line left to decide." in approve(client, filed, 1, 2, 3)
    assert "£328.00 over its cap" in approve(client, filed, 4)
    held = budget(owner_database)
    assert held.approved == Money.pounds("39971.00")
    raising = f"/budgets/{held.id}/raise"
    assert client.get(raising).status_code == 403, "an ordinary approver raises no cap"

    sign_in(client, filed.budget_holder)
    version = {"version": str(held.version)}
    assert post(client, raising, raising, {**version, "cap": "41000"}).status_code == 422
    reason = {"reason": "More young people than forecast"}
    assert post(client, raising, raising, {**version, **reason, "cap": "41000"}).status_code == 303

    sign_in(client, filed.approver)
    assert "1 line approved, £357.00" in approve(client, filed, 4)
    assert budget(owner_database).approved == Money.pounds("40328.00")


def approve(client: FlaskClient, filed: Filed, *positions: int) -> str:
    """What the page says after these lines were ticked and sent."""
    page = f"/invoices/{filed.invoice_id}"
    ticked = [f"{line.id}:{line.version}" for line in filed.lines() if line.position in positions]
    answer = post(client, page, f"{page}/approve", {"line": ticked})
    if answer.status_code == 303:
        return said(client, str(answer.location))
    assert answer.status_code == 409
    return words(answer.get_data(as_text=True))


def said(client: FlaskClient, page: str) -> str:
    return words(client.get(page).get_data(as_text=True))


def words(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def budget(owner: Database) -> Budget:
    with owner.session(Scope.system(Task.OPERATOR)) as session:
        return session.scalars(select(Budget)).one()
