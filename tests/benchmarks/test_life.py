"""The whole life of a 50-line invoice over HTTP, against the same rows through Core.

The floor adds every row that the life adds, and changes every row that it changes (sessions and
stays locked, lines and invoice decided, the budget counted), in the life's two transactions. The
ratio to the rows added alone is held to the same limit.
"""

from __future__ import annotations

from pathlib import Path

from portal.kernel.migrate import upgrade
from tests.benchmarks.browsing import Browser, fields, ticks
from tests.benchmarks.floor import (
    OPERATOR,
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
from tests.benchmarks.month import MonthEnd, make_month_end
from tests.support.server import serve

LINES = 50
RUNS = 9


class Life:
    """One month's invoice in the hands of its two people, each signed in."""

    def __init__(self, url: str, month: MonthEnd) -> None:
        self.finance = Browser(url).sign_in(month.finance)
        self.approver = Browser(url).sign_in(month.approver)
        stream = month.stream
        self.draft = (
            f"/invoices/drafts/{stream.council_id}/{stream.framework_id}/{month.month.code}"
        )
        self.invoice = ""

    def submit(self) -> None:
        """Open the draft and submit it."""
        page = self.finance.get(self.draft)
        filled = [*fields(page, "seen"), ("number", "2026-04")]
        self.invoice = self.finance.post(f"{self.draft}/submit", filled)

    def approve(self) -> None:
        """Open the invoice and approve every line."""
        page = self.approver.get(self.invoice)
        chosen = ticks(page)
        assert len(chosen) == LINES
        self.approver.post(f"{self.invoice}/approve", [*fields(page), *chosen])

    def live(self) -> None:
        """All of it."""
        self.submit()
        self.approve()

    def end(self) -> None:
        """Let the connections go."""
        self.finance.close()
        self.approver.close()


def test_the_life_of_a_50_line_invoice_costs_at_most_six_times_its_rows(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    file = data / "portal.sqlite3"
    (data / "secret-key").write_text("only for this measurement, gone afterwards")
    upgrade(f"sqlite:///{file}")
    with opened(file) as database, database.transaction(OPERATOR) as session:
        months = [make_month_end(session, lines=LINES) for _ in range(RUNS)]
    with serve(tmp_path, data) as served:
        lives = [Life(served.url, month) for month in months]
        commits = _watched(Path(served.database.removeprefix("sqlite:///")), lives[0])
        times = [seconds(life.live) for life in lives[1:]]
        for life in lives:
            life.end()
    assert len(commits[0].added["invoice_line"]) == len(commits[1].added["decision"]) == LINES
    assert len(commits[1].changed["invoice_line"]) == LINES
    floor = best([_floor(file, number, commits) for number in range(RUNS)])
    only_added = [Writes(each.added) for each in commits]
    less = best([_floor(file, number, only_added) for number in range(RUNS)])
    report("The same against the rows added alone", best(times), less, limit=6)
    report(f"The life of a {LINES}-line invoice over HTTP", best(times), floor, limit=6)


def _watched(file: Path, life: Life) -> list[Writes]:
    """What a life writes when it is submitted, and when it is approved."""
    with opened(file) as database:
        before = all_rows(database)
        life.submit()
        between = all_rows(database)
        life.approve()
        return [written(before, between), written(between, all_rows(database))]


def _floor(file: Path, number: int, commits: list[Writes]) -> float:
    with copy_of(file, f"floor-{number}") as database:
        return write_through_core(database, commits)
