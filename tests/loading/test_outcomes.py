"""Invoices that come in undecided or unpaid: their states, clocks and budgets, on either engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.budgets.models import Budget
from portal.invoicing.models import Decision, Invoice, InvoiceLine, Payment
from portal.invoicing.rules import InvoiceState, LineState
from portal.kernel.database import Database
from portal.kernel.entries.problems import Refused
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from tests.loading.loaded import AT, load, rows_in, worked_example

OPERATOR = Scope.system(Task.OPERATOR)
APPROVER = "approver@larkminster.example"
SUMMER = """  - agreement: IA-0009
    mentor: Orla Pennyfold
    at: 2026-08-06 16:00
    hours: 1
    recorded_by: orla@lanternway.example

settled:
"""


def written(folder: Path, *entries: str) -> Path:
    """The worked example with a session in August, too, and these entries in ``settled``."""
    before, _, _ = worked_example().partition("\nsettled:")
    rows = "".join(
        f"  - {{framework: LM-MENTOR-2024, council: Larkminster City Council, {entry}}}\n"
        for entry in entries
    )
    path = folder / "example.yaml"
    path.write_text(f"{before}{SUMMER}{rows}")
    return path


def invoices(database: Database) -> dict[str, tuple[InvoiceState, Money, Money]]:
    """The state, the approved and the paid sum of every invoice, by its month."""
    with database.session(OPERATOR) as session:
        return {
            one.month.code: (one.state, one.approved, one.paid)
            for one in session.scalars(select(Invoice).order_by(Invoice.month))
        }


def test_each_month_comes_as_far_as_its_entry_says(
    owner_database: Database, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        "through: 2026-09, outcome: submitted, providers: [Lanternway Mentoring]",
        f"through: 2026-08, outcome: paid, approved_by: {APPROVER}",
        f"through: 2026-08, outcome: approved, approved_by: {APPROVER}, "
        "providers: [Lanternway Mentoring]",
        f"through: 2026-04, approved_by: {APPROVER}",
    )
    loaded = load(owner_database, [path])
    april, august = Money.pounds(84), Money.pounds(42)
    assert loaded.added[Invoice] == 3
    assert invoices(owner_database) == {
        "2026-04": (InvoiceState.PAID, april, april),
        "2026-08": (InvoiceState.APPROVED, august, Money(0)),
        "2026-09": (InvoiceState.TO_DECIDE, Money(0), Money(0)),
    }
    with owner_database.session(OPERATOR) as session:
        assert Money.total(session.scalars(select(Budget.approved))) == april + august
    again = load(owner_database, [path])
    assert again.added.total() == 0 and again.there == loaded.added


def test_a_submitted_invoice_waits_as_if_it_were_made_in_the_portal(
    owner_database: Database, tmp_path: Path
) -> None:
    load(owner_database, [written(tmp_path, "through: 2026-09, outcome: submitted")])
    with owner_database.session(OPERATOR) as session:
        *_, august, september = session.scalars(select(Invoice).order_by(Invoice.month))
        assert august.received_on == date(2026, 9, 1)
        assert september.month == Month(2026, 9) and september.net == Money.pounds(63)
        assert september.received_on == date(2026, 10, 1) and september.verified_on is None
        assert september.act_by == date(2026, 10, 31) and september.version == 1
        assert september.submitted_at < AT
        assert set(session.scalars(select(InvoiceLine.state))) == {LineState.SUBMITTED}
        assert set(session.scalars(select(InvoiceLine.version))) == {1}
        assert set(session.scalars(select(Budget.approved))) == {Money(0)}
    assert rows_in(owner_database, Invoice, Decision, Payment) == [3, 0, 0]


def test_an_approved_invoice_runs_from_its_verification(
    owner_database: Database, tmp_path: Path
) -> None:
    entry = f"through: 2026-08, outcome: approved, approved_by: {APPROVER}"
    load(owner_database, [written(tmp_path, entry)])
    with owner_database.session(OPERATOR) as session:
        august = session.scalars(select(Invoice).where(Invoice.month == Month(2026, 8))).one()
        assert august.verified_on is not None and august.version == 2
        assert (august.act_by - august.verified_on).days == 30
        assert set(session.scalars(select(InvoiceLine.state))) == {LineState.APPROVED}
        assert session.scalar(select(func.count(Decision.id))) == 2
    assert rows_in(owner_database, Payment) == [0]


def test_other_providers_keep_their_drafts(owner_database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, "through: 2026-09, outcome: submitted, providers: [Other Mentors]")
    path.write_text(
        path.read_text().replace(
            "organisations:\n",
            "organisations:\n  - {kind: provider, name: Other Mentors, "
            "address: {street: 1 Mill Lane, city: Larkminster, postcode: ZZ1 1AB}}\n",
        )
    )
    load(owner_database, [path])
    assert rows_in(owner_database, Invoice) == [0]


def test_it_was_not_submitted_later_than_it_is_loaded(
    owner_database: Database, tmp_path: Path
) -> None:
    path = written(tmp_path, "through: 2026-09, outcome: submitted")
    early = datetime(2026, 10, 1, 5, tzinfo=UTC)
    load(owner_database, [path], at=early)
    with owner_database.session(OPERATOR) as session:
        assert session.scalar(select(func.max(Invoice.submitted_at))) == early


def test_a_weekend_after_the_month_is_waited_for(owner_database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, "through: 2026-07, outcome: submitted")
    text = path.read_text().replace("2026-09-10 16:00", "2026-07-09 16:00")
    path.write_text(text.replace("2026-08-06 16:00", "2026-07-16 16:00"))
    saturday = datetime(2026, 8, 1, 12, tzinfo=UTC)
    with pytest.raises(Refused) as caught:
        load(owner_database, [path], at=saturday)
    (said,) = caught.value.sentences
    assert "settled[0]: July 2026 cannot have been submitted by now (line " in said
