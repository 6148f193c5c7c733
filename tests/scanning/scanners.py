"""The two scanners: a crawler that attacks what it finds, and one for SQL alone.

Each is bounded in time, keeps to the loopback address it is given, and leaves a report that is
read here. They live in an environment of their own, since they need older libraries than ours.
"""

from __future__ import annotations

import csv
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).parents[2] / ".cache" / "scan" / "bin"
ENDS_THE_VISIT = ("sign-out", "organisations", "leave")
ATTACKS = (
    "backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers",
    "ldap", "methods", "permanentxss", "redirect", "sql", "ssrf", "xss", "xxe",
)  # fmt: skip
INFORMATIONAL = 0


@dataclass(frozen=True)
class Finding:
    """What a scanner says is wrong, where, and how grave: 0 is informational."""

    scanner: str
    kind: str
    level: int
    where: str
    words: str


class ScannerFailed(RuntimeError):
    """A scanner stopped before it had looked; its last lines are the message."""


def attacked(url: str, cookie: str, folder: Path, *, seconds: int) -> list[Finding]:
    """Crawl a site with a cookie, attack every form and parameter found, and say what gave way.

    It crawls for so many seconds at most, and attacks with each of ATTACKS for a quarter of that.
    Raises ScannerFailed when it crawled no page.
    """
    report = folder / "report.json"
    each = max(5, seconds // 4)
    left_out = [word for path in ENDS_THE_VISIT for word in ("-x", f"{url}/{path}*")]
    command: list[str | Path] = [
        PROGRAMS / "wapiti", "-u", f"{url}/", "--scope", "folder", "-H", f"Cookie: {cookie}",
        *left_out, "-m", ",".join(ATTACKS), "-d", "4", "--max-links-per-page", "30",
        "--max-files-per-dir", "25", "--max-scan-time", str(seconds),
        "--max-attack-time", str(each), "--endpoint", f"{url}/", "--flush-session",
        "--no-bugreport", "--store-session", folder / "session",
        "--store-config", folder / "settings", "-f", "json", "-o", report,
    ]  # fmt: skip
    output = _run(command, seconds=seconds + each * len(ATTACKS) + 60)
    if not report.exists():
        raise ScannerFailed(output[-2000:])
    found: dict[str, Any] = json.loads(report.read_text())
    if not found["infos"]["crawled_pages_nbr"]:
        raise ScannerFailed(f"it crawled no page of {url}:\n{output[-2000:]}")
    return [
        Finding("wapiti", kind, each["level"], f"{each['method']} {each['path']}", each["info"])
        for group in ("vulnerabilities", "anomalies", "additionals")
        for kind, listed in found[group].items()
        for each in listed
    ]


def injected(url: str, cookie: str, folder: Path, *, seconds: int) -> list[Finding]:
    """Crawl a site with a cookie and try to inject SQL into every parameter and form found.

    Twice, links and then forms, each for three times so many seconds, the crawl included. Somebody
    may have no link with a parameter; raises ScannerFailed when there was no form to try either.
    """
    found, output, tried = [], "", False
    for ways in (("--crawl", "3"), ("--crawl", "3", "--forms", "--csrf-token", "csrf_token")):
        results = folder / f"results-{len(ways)}.csv"
        output = _run(
            [
                PROGRAMS / "sqlmap", "-u", f"{url}/", "--cookie", cookie, *ways,
                "--crawl-exclude", "|".join(ENDS_THE_VISIT), "--batch", "--level", "2",
                "--risk", "1", "--technique", "BEU", "--smart", "--timeout", "10",
                "--time-limit", str(seconds * 3), "--flush-session", "--disable-coloring",
                "--output-dir", folder / "sqlmap", "--results-file", results,
            ],
            seconds=seconds * 3 + 60,
        )  # fmt: skip
        tried |= "testing if" in output
        if results.exists():
            with results.open(newline="") as opened:
                found += [
                    Finding("sqlmap", "SQL injection", 3, row["Target URL"], str(row))
                    for row in csv.DictReader(opened)
                    if row.get("Technique(s)")
                ]
    if not tried:
        raise ScannerFailed(output[-2000:])
    return found


def _run(command: list[str | Path], *, seconds: int) -> str:
    """What a command printed; it is stopped when its time is over."""
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            return process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            process.terminate()
            return process.communicate()[0]
