"""Finding rows by words, through an index: FTS5 on SQLite, tsvector on PostgreSQL.

A searched table keeps what is searched in its column ``search_text``, set once when the row is
added. Hyphens are taken out before PostgreSQL splits it into words, since it reads the number in
``INV-2026`` as minus 2026.
"""

from __future__ import annotations

import re
from typing import Any

from alembic import op
from sqlalchemy import (
    ColumnElement,
    Uuid,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Session

from portal.kernel.tenancy import Base

# The index and the condition must be the same expression, to the letter, so both are literals.
_TO_WORDS = (r"'\W+'", "' '", "'g'")
_SIMPLE: ColumnElement[Any] = literal_column("'simple'")


def matching(session: Session, model: type[Base], words: str) -> ColumnElement[bool] | None:
    """Rows in which every word begins some word of ``search_text``; None for no words at all."""
    terms = re.findall(r"\w+", words.lower())[:8]
    if not terms:
        return None
    name = model.__tablename__
    rows: Any = model
    if session.get_bind().dialect.name == "postgresql":
        query = " & ".join(f"{term}:*" for term in terms)
        words_only = func.regexp_replace(rows.search_text, *map(literal_column, _TO_WORDS))
        document = func.to_tsvector(_SIMPLE, words_only)
        return document.bool_op("@@")(func.to_tsquery(_SIMPLE, query))
    index = table(f"{name}_search", column("row_id", Uuid()), column(f"{name}_search"))
    query = " ".join(f'"{term}"*' for term in terms)
    found = select(index.c.row_id).where(index.c[f"{name}_search"].match(bindparam(None, query)))
    matched: ColumnElement[bool] = rows.id.in_(found)
    return matched


def make_search(name: str) -> None:
    """Index a table's ``search_text``, in a migration."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE INDEX ix_{name}_search ON {name} "
            f"USING gin (to_tsvector('simple', "
            f"regexp_replace(search_text, {', '.join(_TO_WORDS)})))"
        )
        return
    op.execute(
        f"CREATE VIRTUAL TABLE {name}_search USING fts5(row_id UNINDEXED, search_text, "
        "tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute(
        f"CREATE TRIGGER {name}_search_adds AFTER INSERT ON {name} BEGIN "  # noqa: S608
        f"INSERT INTO {name}_search (row_id, search_text) VALUES (NEW.id, NEW.search_text); END"
    )


def drop_search(name: str) -> None:
    """Take the index away again, in a migration."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP INDEX ix_{name}_search")
        return
    op.execute(f"DROP TRIGGER {name}_search_adds")
    op.execute(f"DROP TABLE {name}_search")
