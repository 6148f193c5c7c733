"""PostgreSQL's own guard stands on every table, and says what the models say (promise 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from portal.kernel.database import Database
from portal.kernel.row_security import policy_sql, protect, unprotect
from portal.kernel.tenancy import Base
from portal.models import load_models
from tests.support.databases import Address, Databases

load_models()
TABLES = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
KEPT_BY_ALEMBIC = {"alembic_version"}


@pytest.fixture(scope="module")
def migrated(databases: Databases) -> Iterator[Address]:
    """A migrated database on PostgreSQL, not written to."""
    with databases.fresh("postgresql") as address:
        yield address


@pytest.fixture
def owner(migrated: Address) -> Iterator[Connection]:
    """A connection of the owner's, rolled back at the end."""
    opened = Database(migrated.owner)
    with opened.engine.connect() as connection:
        yield connection
        connection.rollback()
    opened.close()


def test_row_security_is_forced_on_every_table(owner: Connection) -> None:
    found = owner.execute(
        text(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = 'public' AND relkind IN ('r', 'p') "
            "AND relrowsecurity AND relforcerowsecurity"
        )
    )
    assert set(found.scalars()) == set(TABLES)


def test_no_table_stands_outside_the_models(owner: Connection) -> None:
    found = owner.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    assert set(found.scalars()) - KEPT_BY_ALEMBIC == set(TABLES)


def test_the_application_owns_nothing_and_cannot_step_around(migrated: Address) -> None:
    opened = Database(migrated.application)
    with opened.engine.connect() as connection:
        own = connection.execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, "
                "(SELECT count(*) FROM pg_class WHERE relowner = r.oid), "
                "(SELECT count(*) FROM pg_auth_members WHERE member = r.oid) "
                "FROM pg_roles r WHERE rolname = current_user"
            )
        ).one()
        for table in TABLES:
            may_truncate = text(f"SELECT has_table_privilege('{table}', 'TRUNCATE, TRIGGER')")
            assert connection.execute(may_truncate).scalar_one() is False, table
    opened.close()
    assert tuple(own) == (False, False, False, False, 0, 0)


def test_the_policies_are_those_that_the_models_give(owner: Connection) -> None:
    as_migrated = _policies(owner)
    with Operations.context(MigrationContext.configure(owner)):
        for table, model in TABLES.items():
            seen, written = policy_sql(model)
            unprotect(table)
            protect(table, seen=seen, written=written)
    assert as_migrated == _policies(owner)
    assert len(as_migrated) == 4 * len(TABLES)


def _policies(connection: Connection) -> list[Any]:
    return [
        tuple(row)
        for row in connection.execute(
            text(
                "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check "
                "FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname"
            )
        )
    ]
