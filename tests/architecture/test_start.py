"""What a web process loads as it starts: each library costs its memory in every process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.test_shape import ROOT

STARTED = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from portal import create_app
from portal.config import Config
create_app(Config(database_url="sqlite://", secret_key="for tests only"))
print(*sys.modules)
"""
NEEDED_BY_FEW = [
    "boto3",
    "cryptography",  # of webauthn; what the portal itself seals and signs is libsodium's
    "lxml",
    "python_calamine",
    "segno",
    "sqlalchemy.dialects.postgresql",
    "typst",
    "webauthn",
    "xlsxwriter",
    "yaml",
]


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a process that has just started, as bin/serve starts it."""
    done = subprocess.run(
        [sys.executable, "-OO", "-c", STARTED], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("library", NEEDED_BY_FEW)
def test_what_few_processes_need_is_loaded_where_it_is_needed(
    loaded: set[str], library: str
) -> None:
    assert {"portal.pages", "sqlalchemy", "nacl"} <= loaded
    assert library not in loaded
