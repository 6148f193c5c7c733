"""Assembling and submitting a 400-line invoice, against the same rows through Core."""

from __future__ import annotations

import gc
from pathlib import Path

from portal.audit.actions import Actor
from portal.invoicing.actions.submitting import submit
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import gather_draft
from portal.kernel.database import Database
from portal.kernel.migrate import upgrade
from portal.kernel.tenancy import Scope
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
from tests.benchmarks.month import SUBMITTED_AT, MonthEnd, make_month_end

LINES = 400
RUNS = 7


def test_submitting_400_lines_costs_at_most_three_times_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    upgrade(f"sqlite:///{file}")
    with opened(file) as database, database.transaction(OPERATOR) as session:
        months = [make_month_end(session, lines=LINES) for _ in range(RUNS)]
    with copy_of(file, "submitted") as database, copy_of(file, "before") as before:
        seen = [_seen(database, month) for month in months]
        _submit(database, months[0], seen[0])
        rows = added(before, database)
        gc.freeze()
        measured = best(
            [
                seconds(lambda m=month, s=letters: _submit(database, m, s))
                for month, letters in zip(months[1:], seen[1:], strict=True)
            ]
        )
    floor = best([_floor(file, number, rows) for number in range(RUNS)])
    report(f"Assembling and submitting {LINES} lines", measured, floor, limit=3)


def _seen(database: Database, month: MonthEnd) -> str:
    """What the page showed before the click."""
    with database.session(Scope(organisation_id=month.stream.provider_id)) as session:
        gathered = gather_draft(session, month.stream, month.month, today=SUBMITTED_AT.date())
    return fingerprint(gathered.draft)


def _submit(database: Database, month: MonthEnd, seen: str) -> None:
    """As the click does it: assembled afresh, checked, inserted, locked, recorded, committed."""
    scope = Scope(organisation_id=month.stream.provider_id, person_id=month.finance.id)
    actor = Actor(month.finance.id, month.finance.name, month.stream.provider_id)
    with database.transaction(scope) as session:
        submit(
            session,
            actor,
            month.stream,
            month.month,
            number="2026-04",
            seen=seen,
            at=SUBMITTED_AT,
        )


def _floor(file: Path, number: int, rows: Rows) -> float:
    with copy_of(file, f"floor-{number}") as database:
        return insert_through_core(database, [rows])
