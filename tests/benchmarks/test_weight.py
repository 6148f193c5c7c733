"""What travels for the page of a 50-line invoice, compressed: at the first visit, and later."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

from flask.testing import FlaskClient

from portal import create_app
from portal.config import Config
from portal.kernel.migrate import upgrade
from tests.benchmarks.floor import OPERATOR, opened
from tests.benchmarks.month import make_month_end, submitted
from tests.makers import sign_in

LINES = 50
FIRST, LATER = 70_000, 15_000


def test_an_invoice_page_is_light(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    upgrade(f"sqlite:///{file}")
    with opened(file) as database:
        with database.transaction(OPERATOR) as session:
            month = make_month_end(session, lines=LINES)
        invoice = submitted(database, month)
    app = create_app(
        Config(database_url=f"sqlite:///{file}", secret_key="only here", secure_cookies=False)
    )
    client = app.test_client()
    sign_in(client, month.approver)
    page, size = _fetch(client, f"/invoices/{invoice}")
    files: dict[str, int] = {}
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        _collect(client, address, files)
    first = size + sum(files.values())
    names = ", ".join(f"{PurePosixPath(name).name} {bytes_:,}" for name, bytes_ in files.items())
    print(f"\nFirst visit {first:,} bytes (page {size:,}; {names}), later {size:,}")
    assert first <= FIRST
    assert size <= LATER


def _fetch(client: FlaskClient, address: str) -> tuple[str, int]:
    """The text at an address, and its length as it travels."""
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert plain.status_code == packed.status_code == 200
    return plain.get_data(as_text=True), len(packed.get_data())


def _collect(client: FlaskClient, address: str, files: dict[str, int]) -> None:
    """A file and the script modules that it imports."""
    if address in files:
        return
    text, files[address] = _fetch(client, address)
    if address.endswith(".js"):
        for wanted in re.findall(r'(?:from|import)\s*["\'](\.[^"\']+)["\']', text):
            _collect(client, urljoin(address, wanted), files)
