"""Assembling and submitting a 400-line invoice, against the same rows through Core."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from portal.kernel.migrate import upgrade
from portal.kernel.process import calm_collector
from tests.benchmarks.floor import (
    OPERATOR,
    Rows,
    Writes,
    all_rows,
    best,
    copy_of,
    opened,
    report,
    seconds,
    write_through_core,
    written,
)
from tests.benchmarks.month import make_month_end, seen, submitted

LINES = 400
RUNS = 7


def test_submitting_400_lines_costs_at_most_three_times_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    upgrade(f"sqlite:///{file}")
    with opened(file) as database, database.transaction(OPERATOR) as session:
        months = [make_month_end(session, lines=LINES) for _ in range(RUNS)]
    with copy_of(file, "submitted") as database, copy_of(file, "before") as before:
        shown = [seen(database, month) for month in months]
        submitted(database, months[0], shown[0])
        rows = written(all_rows(before), all_rows(database)).added
        calm_collector()
        measured = best(
            [
                seconds(partial(submitted, database, month, letters))
                for month, letters in zip(months[1:], shown[1:], strict=True)
            ]
        )
    floor = best([_floor(file, number, rows) for number in range(RUNS)])
    report(f"Assembling and submitting {LINES} lines", measured, floor, limit=3)


def _floor(file: Path, number: int, rows: Rows) -> float:
    with copy_of(file, f"floor-{number}") as database:
        return write_through_core(database, [Writes(rows)])
