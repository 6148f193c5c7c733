"""Row-level security in PostgreSQL, written out of the same rules that filter the application.

Migrations call ``protect`` with the SQL that ``policy_sql`` printed when they were written, and a
test holds that the two still agree. Only the owner of the tables may work as the operator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from alembic import op
from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    Uuid,
    cast,
    func,
    inspect,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql

from portal.kernel.tenancy import Base, Looker, table_of


def _setting(name: str) -> str:
    return f"nullif(current_setting('app.{name}', true), '')"


IN_POSTGRESQL = Looker(
    organisation=cast(literal_column(_setting("organisation")), Uuid()),
    person=cast(literal_column(_setting("person")), Uuid()),
    assigned=cast(literal_column(_setting("assigned")), Uuid()),
    task=func.coalesce(cast(literal_column(_setting("task")), String()), literal_column("''")),
    following=cast(literal_column(_setting("following")), Uuid()),
)


def policy_sql(model: type[Base]) -> tuple[str, str]:
    """The condition for reading and the condition for writing a table's rows, as SQL."""
    table = table_of(model)
    rule = model.__seen_by__
    return (
        _condition(table, rule.seen(table, IN_POSTGRESQL)),
        _condition(table, rule.written(table, IN_POSTGRESQL)),
    )


def _condition(table: Table, condition: ColumnElement[bool]) -> str:
    """One condition, compiled inside a SELECT of its table.

    Only there do its subqueries mean the row in question; alone, each would list the table
    again and look at any row of it.
    """
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statement = select(table).where(condition)
    compiled = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return " ".join(compiled.split("WHERE ", 1)[1].split())


def protect(table: str, *, seen: str, written: str) -> None:
    """Force row-level security on a table, in a migration; nothing to do on SQLite."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    owner = connection.exec_driver_sql("SELECT current_user").scalar_one()
    operator = f"(current_user = '{owner}' AND {_setting('task')} = 'operator')"
    statements: tuple[str, ...] = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY reading ON {table} FOR SELECT USING (({seen}) OR {operator})",
        f"CREATE POLICY adding ON {table} FOR INSERT WITH CHECK (({written}) OR {operator})",
        f"CREATE POLICY changing ON {table} FOR UPDATE USING (({written}) OR {operator})",
        f"CREATE POLICY removing ON {table} FOR DELETE USING (({written}) OR {operator})",
    )
    for statement in statements:
        op.execute(statement)


def unprotect(table: str) -> None:
    """Take the policies of a table away again, in a migration."""
    if op.get_bind().dialect.name == "postgresql":
        for policy in ("reading", "adding", "changing", "removing"):
            op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def widen(table: str, constraint: str, column: str, members: Sequence[str]) -> None:
    """Let a closed list hold these words from now on, in a migration; ``one_of`` made it."""
    words = ", ".join(f"'{word}'" for word in members)
    replace_check(table, constraint, constraint, f"{column} IN ({words})")


def replace_check(table: str, old: str, new: str, condition: str) -> None:
    """Put another condition, under its name, in the place of a table's check, in a migration.

    SQLite changes no constraint in place: the words are put into the table's own definition, as
    its documentation allows where what is stored stays as it is.
    """
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(old, table, type_="check")
        op.create_check_constraint(new, table, condition)
        return
    (made,) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).one()
    found = re.compile(rf"CONSTRAINT {old} CHECK \((?:[^()]|\([^()]*\))*\)")
    changed, count = found.subn(f"CONSTRAINT {new} CHECK ({condition})", made)
    if count != 1:
        raise ValueError(f"{table} has no check {old}")
    (version,) = connection.exec_driver_sql("PRAGMA schema_version").one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (changed, table)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def append_only(table: str) -> None:
    """Refuse every change and removal of a table's rows, in a migration, on both databases."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'check_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def append_only_but_erasable(table: str, erased: Mapping[str, str]) -> None:
    """Refuse every change and removal, except that of words to what stands for erased ones.

    ``erased`` gives for each column that may be erased the SQL of what is written instead. On
    PostgreSQL only the retention task may do it. For a migration; ``forget_append_only`` undoes it.
    """
    if op.get_bind().dialect.name == "postgresql":
        rest = "".join(f" - '{name}'" for name in erased)
        allowed = [
            f"(to_jsonb(NEW){rest}) = (to_jsonb(OLD){rest})",
            "NEW::text <> OLD::text",
            f"{_setting('task')} = 'retention'",
            *(
                f"(NEW.{name}::text IS NOT DISTINCT FROM OLD.{name}::text "
                f"OR NEW.{name}::text IS NOT DISTINCT FROM {words})"
                for name, words in erased.items()
            ),
        ]
        op.execute(
            f"CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {' AND '.join(allowed)} "
            "THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'check_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_change_of_{table}()"
        )
        return
    kept = [one["name"] for one in inspect(op.get_bind()).get_columns(table)]
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in kept if name not in erased)
    erasing = " AND ".join(
        f"(NEW.{name} IS OLD.{name} OR NEW.{name} IS {words})" for name, words in erased.items()
    )
    unchanged = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in erased)
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} "
        f"WHEN NOT ({same} AND {erasing}) OR ({unchanged}) {refusal}"
    )
    op.execute(f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} {refusal}")


def forget_append_only(table: str) -> None:
    """Take the triggers of ``append_only`` and of its erasable kind away, in a migration."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP FUNCTION IF EXISTS refuse_change_of_{table}()")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_refuses_{verb}")
