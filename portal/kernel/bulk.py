"""Adding many rows in one statement, after the same check as the unit of work makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from portal.kernel.database import scope_of
from portal.kernel.tenancy import Base, ForeignRow, Task, table_of


def insert_rows(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    if_missing: bool = False,
) -> None:
    """Add many rows in one statement, after the same check as the unit of work makes.

    With ``if_missing`` a row whose key is there already stays as it is. Raises ForeignRow when
    one of them names no party that the session works for.
    """
    if not rows:
        return
    scope = scope_of(session)
    rule = model.__seen_by__
    if scope.task is not Task.OPERATOR and scope.task not in rule.tasks:
        own = scope.organisation_id
        if own is None or any(all(row[name] != own for name in rule.writers) for row in rows):
            raise ForeignRow(model.__tablename__)
    session.flush()
    connection = session.connection()
    plan = _insert_plan(table_of(model), connection.dialect, tuple(rows[0]))
    sql = f"{plan.sql} ON CONFLICT DO NOTHING" if if_missing else plan.sql
    values = zip(
        *(
            [row[name] for row in rows] if process is None else [process(row[name]) for row in rows]
            for name, process in plan.columns
        ),
        strict=True,
    )
    if plan.by_name:
        names = [name for name, _ in plan.columns]
        connection.exec_driver_sql(sql, [dict(zip(names, row, strict=True)) for row in values])
    else:
        connection.exec_driver_sql(sql, list(values))


@dataclass(frozen=True, slots=True)
class _InsertPlan:
    """An INSERT as the driver takes it, and what makes each column's values ready for it."""

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    by_name: bool


@cache
def _insert_plan(table: Table, dialect: Dialect, names: tuple[str, ...]) -> _InsertPlan:
    """Worked out once for a table and shape of row, which halves the cost of a row."""
    statement = insert(table).values({name: bindparam(name) for name in names})
    compiled = statement.compile(dialect=dialect)
    columns = tuple(
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in compiled.positiontup or names
    )
    return _InsertPlan(str(compiled), columns, by_name=compiled.positiontup is None)
