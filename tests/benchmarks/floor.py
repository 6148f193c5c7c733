"""The floor of a measurement: the very rows that something wrote, through SQLAlchemy Core."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from portal.kernel.database import Database
from portal.kernel.tenancy import Base, Scope, Task

Rows = dict[str, list[dict[str, Any]]]
Snapshot = Mapping[str, Mapping[tuple[Any, ...], dict[str, Any]]]
OPERATOR = Scope.system(Task.OPERATOR)


@dataclass(frozen=True)
class Writes:
    """The rows that one transaction adds, and the columns that it changes of others, by table.

    A changed row holds its primary key and the columns that are other than before.
    """

    added: Rows
    changed: Rows = field(default_factory=dict)


def all_rows(database: Database) -> Snapshot:
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


def written(known: Snapshot, now: Snapshot) -> Writes:
    """The rows of a later snapshot that an earlier one has not, or has otherwise."""
    found = Writes({}, {})
    for table in Base.metadata.sorted_tables:
        old = known[table.name]
        keys = {key.name for key in table.primary_key}
        for key, row in now[table.name].items():
            if key not in old:
                found.added.setdefault(table.name, []).append(row)
            elif row != old[key]:
                changed = {
                    name: value
                    for name, value in row.items()
                    if name in keys or value != old[key][name]
                }
                found.changed.setdefault(table.name, []).append(changed)
    return found


def write_through_core(database: Database, commits: Sequence[Writes]) -> float:
    """Seconds to write the rows, one commit for each set, one statement for each table and shape.

    The same is done and taken back first, so that every statement has been compiled.
    """
    with database.engine.connect() as connection:
        for writes in commits:
            _write(connection, writes)
        connection.rollback()

    def write_and_commit() -> None:
        for writes in commits:
            with database.engine.begin() as connection:
                _write(connection, writes)

    return seconds(write_and_commit)


def _write(connection: Connection, writes: Writes) -> None:
    for table in Base.metadata.sorted_tables:
        if rows := writes.added.get(table.name):
            connection.execute(insert(table), rows)
    for table in Base.metadata.sorted_tables:
        for shape, rows in _shapes(writes.changed.get(table.name, ())).items():
            keys = [key.name for key in table.primary_key]
            statement = (
                update(table)
                .where(*(table.c[key] == bindparam(f"key_{key}") for key in keys))
                .values({name: bindparam(f"new_{name}") for name in shape if name not in keys})
            )
            connection.execute(
                statement,
                [
                    {f"{'key' if name in keys else 'new'}_{name}": row[name] for name in shape}
                    for row in rows
                ],
            )


def _shapes(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Rows by the columns that they name."""
    shapes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        shapes.setdefault(tuple(row), []).append(row)
    return shapes


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
