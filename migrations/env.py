"""Alembic's environment: one tree for SQLite and PostgreSQL, run by portal.kernel.migrate."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.types import TypeDecorator

from portal.kernel.columns import Id
from portal.kernel.indexes import say_for_postgresql
from portal.kernel.search_index import is_compared
from portal.kernel.tenancy import Base
from portal.models import load_models

load_models()
say_for_postgresql(Base.metadata)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types as the plain types that they keep."""
    if kind == "type" and isinstance(item, Id):
        return "sa.Uuid()"
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return "sa.DateTime(timezone=True)" if hasattr(item.impl, "timezone") else f"sa.{item.impl!r}"


def is_wanted(compared: Any, name: str | None, kind: str, *rest: Any) -> bool:
    """Whether a new migration looks at this: everything, or the tables asked for."""
    tables = context.config.attributes.get("tables")
    if tables is not None:
        table = name if kind == "table" else compared.table.name
        if table not in tables:
            return False
    return is_compared(compared, name, kind, *rest)


def migrate(connection: Connection) -> None:
    """Run the migrations in one transaction on this connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        render_item=render_item,
        include_object=is_wanted,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Open the database named in the settings and bring it to the wanted revision."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = create_engine(context.config.attributes["url"])
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", sqlite_by_hand)
        event.listen(engine, "begin", sqlite_begins)
    with engine.connect() as connection, connection.begin():
        migrate(connection)
        if engine.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"rows without their parent after migrating: {broken[:3]}")
    engine.dispose()


def sqlite_by_hand(connection: Any, _record: Any) -> None:
    """Rebuilding a table must not cascade to its children: their keys are checked afterwards."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA journal_mode=WAL")


def sqlite_begins(connection: Connection) -> None:
    """One transaction for all of it, tables included."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


run()
