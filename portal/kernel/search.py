"""Finding rows by words, through an index: FTS5 on SQLite, tsvector on PostgreSQL.

A searched table keeps what is searched in its column ``search_text``. On PostgreSQL the words of
it stand in a generated column beside it, which no model knows: row-level security has the planner
look at a scope's own rows one by one, and their words must be ready then. Hyphens are taken out
first, since PostgreSQL reads the number in ``INV-2026`` as minus 2026.
"""

from __future__ import annotations

import re
from typing import Any

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

_SIMPLE: ColumnElement[Any] = literal_column("'simple'")
WORDS = "search_words"
"""The column, on PostgreSQL, of a searched row's words."""


def matching(session: Session, model: type[Base], words: str) -> ColumnElement[bool] | None:
    """Rows in which every word begins some word of ``search_text``; None for no words at all."""
    terms = re.findall(r"\w+", words.lower())[:8]
    if not terms:
        return None
    name = model.__tablename__
    rows: Any = model
    if session.get_bind().dialect.name == "postgresql":
        query = " & ".join(f"{term}:*" for term in terms)
        kept: ColumnElement[Any] = literal_column(f"{name}.{WORDS}")
        return kept.bool_op("@@")(func.to_tsquery(_SIMPLE, query))
    index = table(f"{name}_search", column("row_id", Uuid()), column(f"{name}_search"))
    query = " ".join(f'"{term}"*' for term in terms)
    found = select(index.c.row_id).where(index.c[f"{name}_search"].match(bindparam(None, query)))
    matched: ColumnElement[bool] = rows.id.in_(found)
    return matched
