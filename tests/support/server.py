"""The real portal, served by gunicorn as ``make run`` serves it, for the journeys.

Each served portal has a database of its own with the demonstration data, and a free port on the
loopback address; it is stopped by its process id when its block ends.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.support.databases import Address, one_worker_at_a_time

ROOT = Path(__file__).parents[2]
STARTING_SECONDS = 90
STOPPING_SECONDS = 15


class ServerFailed(RuntimeError):
    """The portal did not start; the message carries what it wrote."""


@dataclass(frozen=True)
class Served:
    """A running portal: its address, its database and the file it logs to."""

    url: str
    database: str
    log: Path
    process_id: int


def demonstration(folder: Path) -> Path:
    """The demonstration data in a data folder, made once per run; copy it, do not write to it."""
    made = folder / "demonstration"
    with one_worker_at_a_time(folder, "demonstration"):
        if not made.exists():
            building = folder / "demonstration.building"
            building.mkdir(exist_ok=True)
            done = subprocess.run(
                [str(ROOT / "bin/demonstration")],
                env=_environment(building),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise ServerFailed(f"bin/demonstration failed:\n{done.stdout}{done.stderr}")
            building.rename(made)
    return made


@contextmanager
def serve(folder: Path, data: Path) -> Iterator[Served]:
    """Serve the portal over a copy of this data folder, until the block ends.

    Raises ServerFailed with its log when it does not answer within STARTING_SECONDS.
    """
    own = Path(tempfile.mkdtemp(prefix="served-", dir=folder))
    shutil.copytree(data, own, dirs_exist_ok=True)
    with _running(own, _environment(own), f"sqlite:///{own / 'portal.sqlite3'}") as served:
        yield served


@contextmanager
def serve_database(folder: Path, address: Address, secret_key: str) -> Iterator[Served]:
    """Serve the portal over this database with two processes, until the block ends.

    What stands in X-Forwarded-For is taken for the address of whoever asks. Raises ServerFailed.
    """
    own = Path(tempfile.mkdtemp(prefix="served-", dir=folder))
    environment = {
        **_environment(own),
        "PORTAL_DATABASE_URL": address.application,
        "PORTAL_OPERATOR_DATABASE_URL": address.owner,
        "PORTAL_SECRET_KEY": secret_key,
        "PORTAL_TRUSTED_PROXIES": "1",
        "WEB_WORKERS": "2",
    }
    with _running(own, environment, address.owner) as served:
        yield served


@contextmanager
def _running(own: Path, environment: Mapping[str, str], database: str) -> Iterator[Served]:
    """The portal in a folder of its own, which goes with it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    log = own / "gunicorn.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(ROOT / "bin/serve")],
            env={**environment, "PORT": str(port)},
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_it_answers(process, port, log)
        yield Served(f"http://127.0.0.1:{port}", database, log, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(own)


def _environment(data: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        "PORTAL_DATA": str(data),
        "PORTAL_DEMONSTRATION": "1",
        "PORTAL_INSECURE_COOKIES": "1",
        "WEB_WORKERS": "1",
    }


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status < 500:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise ServerFailed(f"the portal did not start:\n{log.read_text()}")
