"""What each database is told when it is opened, and when something begins."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope, Task

OPERATOR = Scope.system(Task.OPERATOR)


def _council() -> Organisation:
    return Organisation(
        id=new_id(),
        kind=OrganisationKind.COUNCIL,
        name="Invented",
        legal_name="Invented",
        street="1 Invented Street",
        city="Exampleton",
        postcode="ZZ1 1ZZ",
    )


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    """An empty database on SQLite."""
    return Database(f"sqlite:///{tmp_path / 'portal.db'}")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: each commit is on the disk before it is acknowledged
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 20000),
    ],
)
def test_sqlite_keeps_what_it_acknowledged(sqlite: Database, pragma: str, value: str | int) -> None:
    for writes in (False, True):
        with sqlite.session(OPERATOR, writes=writes) as session:
            assert session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    sqlite.close()


def test_a_writer_on_sqlite_waits_for_the_one_before_it(sqlite: Database) -> None:
    """It begins immediate, so that it never reads what another is about to change."""
    file = str(sqlite.engine.url.database)
    with (
        sqlite.session(OPERATOR, writes=True) as first,
        closing(sqlite3.connect(file, timeout=0.01, isolation_level=None)) as second,
    ):
        first.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            second.execute("BEGIN IMMEDIATE")
        first.rollback()
        second.execute("BEGIN IMMEDIATE")
    sqlite.close()


def test_a_reading_session_cannot_write(owner_database: Database) -> None:
    with owner_database.session(OPERATOR) as session:
        session.add(_council())
        with pytest.raises(DatabaseError, match=r"read.?only"):
            session.flush()


def test_a_connection_that_only_read_writes_for_the_next(owner_database: Database) -> None:
    for writes in (False, True, False, True):
        with owner_database.session(OPERATOR, writes=writes) as session:
            session.query(Organisation).all()
    with owner_database.transaction(OPERATOR) as session:
        session.add(_council())
    with owner_database.session(OPERATOR) as session:
        assert session.query(Organisation).count() == 1


def test_a_transaction_that_fails_leaves_nothing(owner_database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(owner_database)
    with owner_database.session(OPERATOR) as session:
        assert session.query(Organisation).count() == 0


def _add_and_fail(database: Database) -> None:
    with database.transaction(OPERATOR) as session:
        session.add(_council())
        session.flush()
        raise ZeroDivisionError


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_what_is_read_again_on_postgresql_stays_prepared(database: Database) -> None:
    """Its planning takes longer than its answer; a ROLLBACK would have psycopg forget it."""
    asked = select(func.count(Organisation.name))
    for _ in range(7):
        with database.session(OPERATOR) as session:
            session.scalar(asked)
    with database.session(OPERATOR) as session:
        kept = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("count(organisation.name)" in one for one in kept)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_reading_session_whose_connection_was_lost_is_closed_all_the_same(
    database: Database,
) -> None:
    """Else the page that says "try again" would fail itself (promise 15)."""
    reading, other = database.session(OPERATOR), database.session(OPERATOR)
    own = reading.scalar(text("SELECT pg_backend_pid()"))
    other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
    with pytest.raises(OperationalError):
        reading.scalar(select(func.count(Organisation.id)))
    reading.close()
    other.close()
    with database.session(OPERATOR) as session:
        assert session.scalar(select(func.count(Organisation.id))) == 0


def test_what_was_changed_while_reading_is_never_written(owner_database: Database) -> None:
    with owner_database.transaction(OPERATOR) as session:
        session.add(council := _council())
    with owner_database.session(OPERATOR) as session:
        session.get_one(Organisation, council.id).name = "Renamed"
    with owner_database.session(OPERATOR) as session:
        assert session.get_one(Organisation, council.id).name == "Invented"
