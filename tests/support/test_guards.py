"""What guards the tests must itself be able to fail."""

import json
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


RUNS = {
    "passes": ("def test_it():\n    pass\n", 0),
    "skipped": ("import pytest\n@pytest.mark.skip\ndef test_it():\n    pass\n", 1),
    "expected to fail": ("import pytest\n@pytest.mark.xfail\ndef test_it():\n    assert 0\n", 1),
    "file skipped": ("import pytest\npytest.importorskip('no_such_module')\n", 1),
    "warns": ("import warnings\ndef test_it():\n    warnings.warn('old', stacklevel=1)\n", 1),
}
EACH_IN_TURN = """
import json, sys, pytest
settings, *folders = sys.argv[1:]
guards = ["-q", "-p", "tests.support.run", "-p", "no:cacheprovider", "-c", settings]
codes = [int(pytest.main([*guards, folder])) for folder in folders]
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What each run answered, one after another in a process of their own."""
    folders = []
    for number, (body, _code) in enumerate(RUNS.values()):
        folder = tmp_path_factory.mktemp("run")
        (folder / f"test_inner_{number}.py").write_text(body)
        (folder / f"test_other_{number}.py").write_text("def test_other():\n    pass\n")
        folders.append(str(folder))
    done = subprocess.run(
        [sys.executable, "-c", EACH_IN_TURN, str(ROOT / "pyproject.toml"), *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(RUNS, json.loads(done.stdout.splitlines()[-1]), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_leaves_a_test_out_fails(run: dict[str, int], name: str) -> None:
    assert run[name] == RUNS[name][1]
