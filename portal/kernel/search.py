"""Finding rows by words, through an index: FTS5 on SQLite, tsvector on PostgreSQL.

A searched table keeps what is searched in its column ``search_text``. On PostgreSQL the words of
it stand in a generated column beside it, which no model knows: row-level security has the planner
look at a scope's own rows one by one, and their words must be ready then. Hyphens are taken out
first, since PostgreSQL reads the number in ``INV-2026`` as minus 2026.
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

_SIMPLE: ColumnElement[Any] = literal_column("'simple'")
_WORDS = "search_words"


def matching(session: Session, model: type[Base], words: str) -> ColumnElement[bool] | None:
    """Rows in which every word begins some word of ``search_text``; None for no words at all."""
    terms = re.findall(r"\w+", words.lower())[:8]
    if not terms:
        return None
    name = model.__tablename__
    rows: Any = model
    if session.get_bind().dialect.name == "postgresql":
        query = " & ".join(f"{term}:*" for term in terms)
        kept: ColumnElement[Any] = literal_column(f"{name}.{_WORDS}")
        return kept.bool_op("@@")(func.to_tsquery(_SIMPLE, query))
    index = table(f"{name}_search", column("row_id", Uuid()), column(f"{name}_search"))
    query = " ".join(f'"{term}"*' for term in terms)
    found = select(index.c.row_id).where(index.c[f"{name}_search"].match(bindparam(None, query)))
    matched: ColumnElement[bool] = rows.id.in_(found)
    return matched


def is_compared(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Whether a table, column or index is one that the models know, or is kept for searching."""
    return not (
        (kind == "table" and "_search" in str(name))
        or (kind == "column" and name == _WORDS)
        or (kind == "index" and str(name).endswith("_search"))
    )


def make_search(name: str) -> None:
    """Index a table's ``search_text``, in a migration.

    The index follows every change. A row's text hardly ever changes, so on SQLite such a change
    may look through the whole index for its row.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE {name} ADD COLUMN {_WORDS} tsvector GENERATED ALWAYS AS "
            r"(to_tsvector('simple', regexp_replace(search_text, '\W+', ' ', 'g'))) STORED"
        )
        op.execute(f"CREATE INDEX ix_{name}_search ON {name} USING gin ({_WORDS})")
        return
    index = f"{name}_search"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5(row_id UNINDEXED, search_text, "
        "tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute(
        f"CREATE TRIGGER {index}_adds AFTER INSERT ON {name} BEGIN "  # noqa: S608
        f"INSERT INTO {index} (row_id, search_text) VALUES (NEW.id, NEW.search_text); END"
    )
    op.execute(
        f"CREATE TRIGGER {index}_changes AFTER UPDATE OF search_text ON {name} BEGIN "  # noqa: S608
        f"UPDATE {index} SET search_text = NEW.search_text WHERE row_id = OLD.id; END"
    )
    op.execute(
        f"CREATE TRIGGER {index}_removes AFTER DELETE ON {name} BEGIN "  # noqa: S608
        f"DELETE FROM {index} WHERE row_id = OLD.id; END"
    )


def drop_search(name: str) -> None:
    """Take the index away again, in a migration."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column(name, _WORDS)
        return
    for follows in ("adds", "changes", "removes"):
        op.execute(f"DROP TRIGGER {name}_search_{follows}")
    op.execute(f"DROP TABLE {name}_search")
