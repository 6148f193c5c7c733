"""Indexes of some of a table's rows, said once for both engines."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows for which a condition holds, in SQL that both engines read.

    PostgreSQL's word for it would load the whole of that engine's dialect, 2 MB in every process:
    it is said where a migration is written (``say_for_postgresql``).
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def say_for_postgresql(metadata: MetaData) -> None:
    """Give every partial index the condition under which PostgreSQL knows it as well."""
    for table in metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if where is not None:
                index.dialect_kwargs["postgresql_where"] = where
