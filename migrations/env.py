"""Alembic's environment: one tree for SQLite and PostgreSQL, run by portal.kernel.migrate."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.types import TypeDecorator

import portal.models
from portal.kernel.tenancy import Base

portal.models.load()


def render_item(kind, item, autogen_context):
    """Write our column types as the plain types that they keep."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return (
            f"sa.{item.impl!r}"
            if not hasattr(item.impl, "timezone")
            else "sa.DateTime(timezone=True)"
        )
    return False


def migrate(connection: Connection) -> None:
    """Run the migrations in one transaction on this connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        render_item=render_item,
        include_object=lambda _object, name, kind, *_: (
            not (kind == "table" and str(name).startswith("invoice_search"))
        ),
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

        @event.listens_for(engine, "connect")
        def by_hand(connection, _record):
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def begin(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        with connection.begin():
            migrate(connection)
            if engine.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"rows without their parent after migrating: {broken[:3]}")
    engine.dispose()


run()
