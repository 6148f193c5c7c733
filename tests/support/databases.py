"""A fresh, migrated database for every test, on either engine, in some tens of milliseconds.

Each engine is migrated once per run into a template; a test gets a copy and may commit what it
likes. PostgreSQL takes half a second to copy, so there a copy is emptied and used again as long
as its tables, triggers and policies are still the template's. All workers of a run share one
folder, and in it one PostgreSQL server, which the first test that needs it starts and the run's
own process stops.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from portal.kernel.migrate import upgrade
from tests.support import postgres

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "portal_template"
MOST_USES = 40  # rows that were deleted still lie in its tables
FOLDER = pytest.StashKey[Path]()


@dataclass(frozen=True)
class Address:
    """Where one database is: for the application, and for the owner of its tables.

    On SQLite the two are one. On PostgreSQL the application's role owns nothing, and only the
    owner may migrate, or work as the operator.
    """

    application: str
    owner: str


@dataclass
class Reused:
    """A PostgreSQL database that one test after another has, and how many have had it."""

    name: str
    emptying: postgres.Emptying
    uses: int = 0


class Databases:
    """Hands out databases in a folder that all workers of one test run share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._emptied: list[Reused] = []

    @contextmanager
    def fresh(self, engine: str, *, migrated: bool = True) -> Iterator[Address]:
        """A database of one's own for as long as the block lasts; an empty one if not migrated."""
        make = {"sqlite": self._sqlite, "postgresql": self._postgresql}[engine]
        with make(migrated=migrated) as address:
            yield address

    def close(self) -> None:
        """Let go of the databases that were to be used again."""
        for reused in self._emptied:
            reused.emptying.connection.close()

    def stop(self) -> None:
        """Stop the server if any worker started it; only the run's own process does this."""
        noted = self.folder / "server.json"
        if noted.exists():
            postgres.stop(postgres.Server(**json.loads(noted.read_text())))

    @contextmanager
    def _sqlite(self, *, migrated: bool) -> Iterator[Address]:
        folder = self.folder / f"sqlite-{uuid4().hex}"
        folder.mkdir()
        file = folder / "portal.db"
        if migrated:
            shutil.copyfile(self._sqlite_template(), file)
        try:
            yield Address(f"sqlite:///{file}", f"sqlite:///{file}")
        finally:
            shutil.rmtree(folder)

    def _sqlite_template(self) -> Path:
        template = self.folder / "template.db"
        if template.exists():
            return template
        with one_worker_at_a_time(self.folder, "sqlite"):
            if not template.exists():
                building = self.folder / "building.db"
                upgrade(f"sqlite:///{building}")
                # A copy of the file alone is whole only when nothing is left in the log.
                with closing(sqlite3.connect(building)) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                building.rename(template)
        return template

    @contextmanager
    def _postgresql(self, *, migrated: bool) -> Iterator[Address]:
        server = self._server()
        if not migrated:
            name = f"test_{uuid4().hex}"
            server.make_database(name)
            server.allow_the_application(name)
            try:
                yield _address(server, name)
            finally:
                server.drop_database(name)
            return
        shape = self._postgresql_template(server)
        reused = self._emptied.pop() if self._emptied else self._copied(server)
        reused.uses += 1
        try:
            yield _address(server, reused.name)
        finally:
            if reused.uses <= MOST_USES and reused.emptying.empty(shape):
                self._emptied.append(reused)
            else:
                reused.emptying.connection.close()
                server.drop_database(reused.name)

    def _copied(self, server: postgres.Server) -> Reused:
        name = f"test_{uuid4().hex}"
        server.make_database(name, template=TEMPLATE)
        return Reused(name, server.emptying(name))

    def _postgresql_template(self, server: postgres.Server) -> postgres.Shape:
        """Make the template, unless some worker did; gives its shape."""
        made = self.folder / "template-made"
        if not made.exists():
            with one_worker_at_a_time(self.folder, "postgresql"):
                if not made.exists():
                    server.drop_database(TEMPLATE)
                    server.make_database(TEMPLATE)
                    server.allow_the_application(TEMPLATE)
                    upgrade(server.url(TEMPLATE, postgres.OWNER))
                    shape = server.shape(TEMPLATE)
                    server.make_template(TEMPLATE)
                    writing = self.folder / "template-made.writing"
                    writing.write_text(json.dumps(asdict(shape)))
                    writing.rename(made)
        return postgres.Shape(**json.loads(made.read_text()))

    def _server(self) -> postgres.Server:
        noted = self.folder / "server.json"
        if not noted.exists():
            with one_worker_at_a_time(self.folder, "server"):
                if not noted.exists():
                    writing = self.folder / "server.json.writing"
                    writing.write_text(json.dumps(asdict(postgres.start(self.folder))))
                    writing.rename(noted)
        return postgres.Server(**json.loads(noted.read_text()))


def _address(server: postgres.Server, name: str) -> Address:
    return Address(server.url(name, postgres.APPLICATION), server.url(name, postgres.OWNER))


@contextmanager
def one_worker_at_a_time(folder: Path, making: str) -> Iterator[None]:
    """Hold a lock of the run's, so that what all workers share is made once."""
    descriptor = os.open(folder / f"{making}.lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
