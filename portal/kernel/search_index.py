"""The index that searching goes through, as migrations make it and tests compare it.

Apart from the searching itself, so that a web process need not load Alembic.
"""

from __future__ import annotations

from typing import Any

from alembic import op

from portal.kernel.search import WORDS


def is_compared(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Whether a table, column or index is one that the models know, or is kept for searching."""
    return not (
        (kind == "table" and "_search" in str(name))
        or (kind == "column" and name == WORDS)
        or (kind == "index" and str(name).endswith("_search"))
    )


def make_search(name: str) -> None:
    """Index a table's ``search_text``, in a migration.

    The index follows every change. A row's text hardly ever changes, so on SQLite such a change
    may look through the whole index for its row.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE {name} ADD COLUMN {WORDS} tsvector GENERATED ALWAYS AS "
            r"(to_tsvector('simple', regexp_replace(search_text, '\W+', ' ', 'g'))) STORED"
        )
        op.execute(f"CREATE INDEX ix_{name}_search ON {name} USING gin ({WORDS})")
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
        op.drop_column(name, WORDS)
        return
    for follows in ("adds", "changes", "removes"):
        op.execute(f"DROP TRIGGER {name}_search_{follows}")
    op.execute(f"DROP TABLE {name}_search")
