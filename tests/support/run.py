"""What holds for a whole run: its shared folder, no way out, and nothing skipped."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import settings

from portal.kernel.process import calm_collector
from tests.support.databases import FOLDER, Databases
from tests.support.network import stay_on_this_machine
from tests.support.server import demonstration

ROOM = 2 * 2**30  # bytes
MAKING = pytest.StashKey[Thread]()
NOT_RUN = ("skipped", "xfailed", "xpassed")

# Properties are about what is right, not how fast; two workers on two cores are often slow.
settings.register_profile("portal", deadline=None, print_blob=True)
settings.load_profile("portal")

ABOUT_THE_DATABASE = (
    "tests/access/test_row_level",
    "tests/audit/test_chain",
    "tests/delivery/test_races",
    "tests/kernel/",
    "tests/migrations/",
)


def pytest_configure(config: pytest.Config) -> None:
    """Close the way out, and make the run's folder or take it from the process that did."""
    stay_on_this_machine()
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[FOLDER] = Path(given["portal_folder"])
        return
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-", dir=_in_memory()))
    folder.chmod(0o755)  # PostgreSQL's account must be able to reach its data
    config.stash[FOLDER] = folder
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    if config.getoption("numprocesses", None) and not named and not config.option.markexpr:
        # A run of everything needs it, so it is made beside the first tests.
        config.stash[MAKING] = Thread(target=demonstration, args=[folder])
        config.stash[MAKING].start()


def _in_memory() -> str | None:
    """Where files are kept in memory, if there is room: hundreds of databases come and go."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return str(memory)
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker where the run's folder is."""
    node.workerinput["portal_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started, and remove its folder."""
    if hasattr(config, "workerinput") or FOLDER not in config.stash:
        return
    folder = config.stash[FOLDER]
    if MAKING in config.stash:
        config.stash[MAKING].join()
    Databases(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for a page, whichever fixture gives it, and every second run of a
    test on PostgreSQL where the database itself is not the point."""
    for item in items:
        if {"browser", "browser_type"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        given = getattr(getattr(item, "callspec", None), "params", {}).values()
        if "postgresql" in given and not item.nodeid.startswith(ABOUT_THE_DATABASE):
            item.add_marker("again")


def pytest_collection_finish() -> None:
    """The garbage collector leaves alone what was imported, as it does in a web process."""
    calm_collector()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that left a test out has failed: what was not tried is not proved."""
    if _left_out(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say why a run without failures is a failure all the same."""
    if left_out := _left_out(config):
        terminalreporter.write_line(
            f"{left_out} tests were skipped or expected to fail. That fails the run.", red=True
        )


def _left_out(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return 0
    return sum(len(reporter.stats.get(kind, ())) for kind in NOT_RUN)
