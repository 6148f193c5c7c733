"""docs/security.md names files and tests that are there, for every chapter of the checklist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal import create_app
from portal.config import Config

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/security.md").read_text()
NAMED = re.findall(r"`((?:portal|tests|bin|docs|README|requirements)[^\s`:]*)(?:::(\w+))?`", TEXT)
ROWS = re.findall(r"^\| (\d+\.\d+[^|]*) \| ([^|]+) \| ([^|]+) \| (.+) \|$", TEXT, re.MULTILINE)


def test_every_file_and_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 150
    missing = [
        f"{path}::{test}" if test else path
        for path, test in NAMED
        if not (ROOT / path).exists() or (test and f"def {test}(" not in (ROOT / path).read_text())
    ]
    assert missing == []


def test_every_chapter_is_answered_and_every_answer_is_one_of_three() -> None:
    assert re.findall(r"^## V(\d+) ", TEXT, re.MULTILINE) == [str(n) for n in range(1, 18)]
    assert len(ROWS) > 130
    for number, asked, answer, _where in ROWS:
        assert answer.startswith(("Met", "Not here", "Open")), (number, asked)


@pytest.mark.parametrize("number", [row[0] for row in ROWS if row[2].startswith("Met")])
def test_what_is_met_names_where(number: str) -> None:
    (where,) = (row[3] for row in ROWS if row[0] == number)
    assert re.search(r"`[^`]*`|ruff|mypy", where), number


def test_in_service_the_cookie_is_bound_to_its_host() -> None:
    app = create_app(Config(database_url="sqlite://", secret_key="for tests only"))
    app.extensions["portal.database"].close()
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-portal"
    assert app.config["SESSION_COOKIE_SECURE"] and app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_DOMAIN"] is None and app.config["SESSION_COOKIE_PATH"] is None
