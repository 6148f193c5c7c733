"""The whole life of a 50-line invoice over HTTP, against the same rows through Core."""

from __future__ import annotations

from pathlib import Path

from portal.invoicing.rules import LineState
from portal.kernel.database import Database
from portal.kernel.migrate import upgrade
from tests.benchmarks.browsing import Browser, fields, ticks
from tests.benchmarks.floor import (
    OPERATOR,
    Rows,
    added,
    best,
    copy_of,
    insert_through_core,
    opened,
    report,
    seconds,
)
from tests.benchmarks.month import MonthEnd, make_month_end
from tests.support.server import serve

LINES = 50
RUNS = 9


def test_the_life_of_a_50_line_invoice_costs_at_most_six_times_its_rows(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    file = data / "portal.sqlite3"
    (data / "secret-key").write_text("only for this measurement, gone afterwards")
    upgrade(f"sqlite:///{file}")
    with opened(file) as database, database.transaction(OPERATOR) as session:
        months = [make_month_end(session, lines=LINES) for _ in range(RUNS)]
    with serve(tmp_path, data) as served:
        times = [_live(served.url, month) for month in months]
        with opened(Path(served.database.removeprefix("sqlite:///"))) as after:
            rows = _of_last(after, months[-1], file)
    floor = best([_floor(file, number, rows) for number in range(RUNS)])
    report(f"The life of a {LINES}-line invoice over HTTP", best(times), floor, limit=6)


def _live(url: str, month: MonthEnd) -> float:
    """Open the draft, submit it, open it as the approver, approve every line."""
    finance, approver = Browser(url).sign_in(month.finance), Browser(url).sign_in(month.approver)
    draft = (
        f"/invoices/drafts/{month.stream.council_id}/{month.stream.framework_id}/{month.month.code}"
    )

    def life() -> None:
        page = finance.get(draft)
        invoice = finance.post(f"{draft}/submit", [*fields(page, "seen"), ("number", "2026-04")])
        page = approver.get(invoice)
        chosen = ticks(page)
        assert len(chosen) == LINES
        approver.post(f"{invoice}/approve", [*fields(page), *chosen])

    try:
        return seconds(life)
    finally:
        finance.close()
        approver.close()


def _of_last(after: Database, month: MonthEnd, file: Path) -> list[Rows]:
    """What the last life wrote: the rows of its submission, then those of its approval."""
    with copy_of(file, "before") as before:
        rows = added(before, after)
    own = {
        name: [row for row in found if row.get("provider_id") == month.stream.provider_id]
        for name, found in rows.items()
    }
    receipts = {
        party: [row for row in rows["form_receipt"] if row["organisation_id"] == party]
        for party in (month.stream.provider_id, month.stream.council_id)
    }
    submitted = [row for row in own["audit_event"] if "submitted" in row["event"]]
    approved = [row for row in own["audit_event"] if "approved" in row["event"]]
    assert len(submitted) == 1
    assert len(approved) == len(own["decision"]) == LINES
    first = {name: own[name] for name in ("invoice", "invoice_section", "charged_unit")}
    lines = [{**row, "state": LineState.SUBMITTED} for row in own["invoice_line"]]
    return [
        {
            **first,
            "invoice_line": lines,
            "audit_event": submitted,
            "form_receipt": receipts[month.stream.provider_id],
        },
        {
            "decision": own["decision"],
            "audit_event": approved,
            "form_receipt": receipts[month.stream.council_id],
        },
    ]


def _floor(file: Path, number: int, commits: list[Rows]) -> float:
    with copy_of(file, f"floor-{number}") as database:
        return insert_through_core(database, commits)
