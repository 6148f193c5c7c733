"""What guards the tests must itself be able to fail."""

import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.support.network import OutgoingConnection, is_own

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", b"localhost", None, "0.0.0.0"])  # noqa: S104
def test_this_machine_may_be_reached(host: object) -> None:
    assert is_own(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "example.org"])
def test_no_other_machine_may_be_reached(host: str) -> None:
    assert not is_own(host)


def test_a_connection_to_another_machine_is_refused() -> None:
    with pytest.raises(OutgoingConnection):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OutgoingConnection):
        urllib.request.urlopen("http://example.org/", timeout=1)


def test_a_connection_to_this_machine_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.create_connection(listening.getsockname(), timeout=1).close()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("def test_it():\n    pass\n", 0),
        ("import pytest\n@pytest.mark.skip\ndef test_it():\n    pass\n", 1),
        ("import pytest\n@pytest.mark.xfail\ndef test_it():\n    assert 0\n", 1),
        ("import pytest\npytest.importorskip('no_such_module')\n", 1),
        ("import warnings\ndef test_it():\n    warnings.warn('old', stacklevel=1)\n", 1),
    ],
    ids=["passes", "skipped", "expected to fail", "file skipped", "warns"],
)
def test_a_run_that_leaves_a_test_out_fails(tmp_path: Path, body: str, code: int) -> None:
    (tmp_path / "test_inner.py").write_text(body)
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.run", "-p"]
    done = subprocess.run(
        [*command, "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
