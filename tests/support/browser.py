"""The browser that the journeys run in: found, tried, and installed where there is none.

``python -m tests.support.browser`` is what ``make test`` runs first. It tries, in this order,
``$PORTAL_CHROMIUM``, a Chromium or Chrome on the path, Playwright's own, ``playwright install``,
and the system's package as root; it stops with a plain message when none of them starts.
A browser counts as found only when Playwright has opened a page in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

VARIABLE = "PORTAL_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEMBERED = Path(".cache/browser")
INSTALLING_SECONDS = 300

# Playwright itself adds --no-sandbox, without which no Chromium starts as root or in most
# containers. The rest keeps the browser from calling anywhere by itself.
ARGUMENTS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


class NoBrowser(RuntimeError):
    """No browser could be found or installed; the message says what to do."""


def starts(path: str) -> str | None:
    """None when Playwright can open a page in the browser at this path, else the reason."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path, args=list(ARGUMENTS), timeout=30_000
            )
            try:
                page = browser.new_page()
                page.set_content("<p>ready</p>")
                said = page.inner_text("p")
            finally:
                browser.close()
    except Error as error:
        return error.message.splitlines()[0]
    return None if said == "ready" else "it opened a page and did not show it"


def find(*, install: bool = False) -> str:
    """The path of a browser that starts; installs one when asked to and there is none.

    Raises NoBrowser, with what was tried, when none starts.
    """
    if VARIABLE not in os.environ and REMEMBERED.exists():
        remembered = REMEMBERED.read_text().strip()
        if Path(remembered).exists():
            return remembered
    tried: list[str] = []
    for path in _candidates(install=install, tried=tried):
        reason = starts(path)
        if reason is None:
            if VARIABLE not in os.environ:
                REMEMBERED.parent.mkdir(exist_ok=True)
                REMEMBERED.write_text(path + "\n")
            return path
        tried.append(f"{path}: {reason}")
        if os.environ.get(VARIABLE):
            break
    raise NoBrowser(
        "The browser tests need Chromium, and none was found that starts.\n"
        + "".join(f"  tried {line}\n" for line in tried)
        + "Install it (on Debian, as root: apt-get install chromium), "
        + f"or set {VARIABLE} to its path."
    )


def _candidates(*, install: bool, tried: list[str]) -> Iterator[str]:
    if named := os.environ.get(VARIABLE):
        yield named
        return
    yield from _on_the_path()
    own = _playwrights_own()
    if Path(own).exists():
        yield own
    if not install:
        return
    if _run(sys.executable, "-m", "playwright", "install", "chromium", tried=tried):
        yield own
        if _administrator() is not None:
            # It was fetched and did not start: libraries that it needs are missing.
            _run(sys.executable, "-m", "playwright", "install-deps", "chromium", tried=tried)
            yield own
    if (before := _administrator()) is not None and shutil.which("apt-get"):
        _run(*before, "apt-get", "update", "-qq", tried=tried)
        quietly = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq")
        _run(*before, *quietly, "--no-install-recommends", "chromium", tried=tried)
        yield from _on_the_path()


def _on_the_path() -> Iterator[str]:
    for name in NAMES:
        if path := shutil.which(name):
            yield path


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _administrator() -> tuple[str, ...] | None:
    """What to put before a command that needs root: nothing, ``sudo -n``, or None if refused."""
    if os.geteuid() == 0:
        return ()
    allowed = shutil.which("sudo") and _run("sudo", "-n", "true", tried=[])
    return ("sudo", "-n") if allowed else None


def _run(*command: str, tried: list[str]) -> bool:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALLING_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        tried.append(f"{' '.join(command)}: no answer in {INSTALLING_SECONDS} seconds")
        return False
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        tried.append(f"{' '.join(command)}: {said[-1]}")
    return done.returncode == 0


def main() -> int:
    """Make sure of a browser; 0 when there is one, 1 and a message when there is not."""
    if REMEMBERED.exists() and starts(REMEMBERED.read_text().strip()) is not None:
        REMEMBERED.unlink()
    try:
        find(install=True)
    except NoBrowser as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
