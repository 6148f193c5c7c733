"""The floor of a measurement: the very rows that something wrote, through SQLAlchemy Core."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.kernel.database import Database
from portal.kernel.tenancy import Base, Scope, Task

Rows = dict[str, list[dict[str, Any]]]
OPERATOR = Scope.system(Task.OPERATOR)


def all_rows(database: Database) -> Mapping[str, Mapping[tuple[Any, ...], dict[str, Any]]]:
    """Every row of every table, by table and primary key."""
    with database.session(OPERATOR) as session:
        connection = session.connection()
        return {
            table.name: {
                tuple(row[key.name] for key in table.primary_key): dict(row)
                for row in connection.execute(select(table)).mappings()
            }
            for table in Base.metadata.sorted_tables
        }


def added(before: Database, after: Database) -> Rows:
    """The rows that one database has and the other has not."""
    known, now = all_rows(before), all_rows(after)
    return {
        name: [row for key, row in rows.items() if key not in known[name]]
        for name, rows in now.items()
    }


def insert_through_core(database: Database, commits: Sequence[Rows]) -> float:
    """Seconds to insert the rows, one commit for each set, one statement for each table.

    The same is done and taken back first, so that every statement has been compiled.
    """
    with database.engine.connect() as connection:
        for rows in commits:
            _insert(connection, rows)
        connection.rollback()

    def insert_and_commit() -> None:
        for rows in commits:
            with database.engine.begin() as connection:
                _insert(connection, rows)

    return seconds(insert_and_commit)


def _insert(connection: Connection, rows: Rows) -> None:
    for table in Base.metadata.sorted_tables:
        if rows.get(table.name):
            connection.execute(insert(table), rows[table.name])


@contextmanager
def opened(file: Path) -> Iterator[Database]:
    """A SQLite database; what was written is all in its one file when the block ends."""
    database = Database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.close()


@contextmanager
def copy_of(file: Path, name: str) -> Iterator[Database]:
    """A database of one's own with the same content, gone when the block ends."""
    copied = file.with_name(f"{name}.db")
    shutil.copyfile(file, copied)
    with opened(copied) as database:
        yield database
    copied.unlink()


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes, with the garbage of earlier work out of the way."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def best(times: Sequence[float]) -> float:
    """The run that was least disturbed."""
    return min(times)


def report(what: str, measured: float, floor: float, limit: float) -> None:
    """Print both figures and their ratio, and hold the ratio to its limit."""
    ratio = measured / floor
    print(
        f"\n{what}: {measured * 1000:.1f} ms, floor {floor * 1000:.1f} ms, "
        f"ratio {ratio:.2f} (at most {limit})"
    )
    assert ratio <= limit
