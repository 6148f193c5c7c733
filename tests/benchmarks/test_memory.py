"""The memory of a web process after a thousand requests."""

from __future__ import annotations

import os
from pathlib import Path

from portal.kernel.migrate import upgrade
from tests.benchmarks.browsing import Browser
from tests.benchmarks.floor import OPERATOR, opened
from tests.benchmarks.month import make_month_end, submitted
from tests.support.server import serve

REQUESTS = 1000
LIMIT = 150_000_000


def test_a_web_process_stays_small(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    file = data / "portal.sqlite3"
    (data / "secret-key").write_text("only for this measurement, gone afterwards")
    upgrade(f"sqlite:///{file}")
    with opened(file) as database:
        with database.transaction(OPERATOR) as session:
            month = make_month_end(session, lines=50)
        invoice = submitted(database, month)
    with serve(tmp_path, data) as served:
        browser = Browser(served.url).sign_in(month.approver)
        pages = ("/", "/invoices", f"/invoices/{invoice}", "/agreements", "/frameworks")
        for number in range(REQUESTS):
            browser.get(pages[number % len(pages)])
        browser.close()
        sizes = [_resident(worker) for worker in _children(served.process_id)]
    print(f"\nAfter {REQUESTS} requests a web process holds {max(sizes) / 1e6:.0f} MB")
    assert max(sizes) <= LIMIT


def _children(process_id: int) -> list[int]:
    """The processes that a process has started, as Linux tells them."""
    return [
        int(word)
        for word in Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    ]


def _resident(process_id: int) -> int:
    """The bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
