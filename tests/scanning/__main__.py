"""Scan the demonstration as the public and as several roles; fail on what is not explained.

``python -m tests.scanning [SECONDS [WHO ...]]`` lets each scanner crawl for so many seconds as each
of WHO (60; everybody). What may stand is listed in EXPLAINED with its reason, which docs/decisions/
tells at length.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal import create_app
from portal.config import Config
from portal.identity.models import Person
from portal.kernel.tenancy import Scope, Task
from tests.makers.signing_in import sign_in
from tests.scanning.scanners import INFORMATIONAL, Finding, attacked, injected
from tests.support.server import Served, demonstration, serve

WHO = (
    "public",
    "finance@lanternway.example",
    "admin@lanternway.example",
    "bids@lanternway.example",
    "tariq@lanternway.example",  # a mentor
    "placements@harrowmere.example",  # who refers
    "commissioner@harrowmere.example",
    "evaluator@larkminster.example",
    "approver@harrowmere.example",
    "complaints@harrowmere.example",
    "admin@harrowmere.example",
    "auditor@harrowmere.example",
)
EXPLAINED = {
    "Secure Flag cookie": "the scan speaks plain HTTP on loopback, where the flag is left off",
}


def main(seconds: int, who: Sequence[str]) -> int:
    """Scan as each of them in turn; 1 when something is left to explain."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = demonstration(folder)
        graver = unexplained = 0
        for finding in (found for one in who for found in _scanned(folder, data, one, seconds)):
            graver += 1
            if finding.kind not in EXPLAINED:
                unexplained += 1
                print(f"{finding.scanner}: {finding.kind} at {finding.where}\n    {finding.words}")
    print(f"{graver} findings above informational, {unexplained} of them unexplained")
    return 1 if unexplained else 0


def _scanned(folder: Path, data: Path, who: str, seconds: int) -> Iterator[Finding]:
    """What both scanners find as somebody, each on a fresh copy of the demonstration."""
    for scanner in (attacked, injected):
        own, began = Path(tempfile.mkdtemp(dir=folder)), time.monotonic()
        with serve(own, data) as served:
            cookie = "none=0" if who == "public" else _cookie(served, who)
            found = scanner(served.url, cookie, own, seconds=seconds)
            errors = _errors(served.log.read_text())
        graver = [finding for finding in found if finding.level > INFORMATIONAL]
        took = time.monotonic() - began
        print(
            f"{scanner.__name__:9} as {who:32} {len(found):4} informational "
            f"or graver, {len(graver)} graver, {len(errors)} server errors, "
            f"{took:.0f} s",
            flush=True,
        )
        yield from graver
        for error in errors:
            yield Finding(scanner.__name__, "server error", 3, who, error)


def _errors(log: str) -> set[str]:
    """The ends of the tracebacks in a server's log, each once."""
    return {each[-900:].strip() for each in log.split("Traceback (most recent call last)")[1:]}


def _cookie(served: Served, email: str) -> str:
    """The cookie of somebody who is signed in to the served portal."""
    app = _same_portal(served)
    with app.extensions["portal.database"].session(Scope.system(Task.SIGN_IN)) as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
    client = app.test_client()
    sign_in(client, person)
    kept = client.get_cookie("portal")
    assert kept is not None
    return f"portal={kept.value}"


def _same_portal(served: Served) -> Flask:
    """The application over the served portal's database and secret key."""
    folder = Path(served.database.removeprefix("sqlite:///")).parent
    return create_app(
        Config(
            database_url=served.database,
            secret_key=(folder / "secret-key").read_text().strip(),
            secure_cookies=False,
        )
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(int(given[0]) if given else 60, given[1:] or WHO))
