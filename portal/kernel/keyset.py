"""Long lists a page at a time, each page found through an index from the row before it.

OFFSET reads and throws away every row before the page; a keyset starts at the page.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, literal, select, tuple_, union
from sqlalchemy.orm import Session

PAGE_SIZE = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; ``before`` and ``after`` are the cursors of its neighbours, or None."""

    rows: Sequence[T]
    before: str | None
    after: str | None

    @property
    def before_url(self) -> str | None:
        """The address of the page before, with the filters of this one."""
        return _address(self.before)

    @property
    def after_url(self) -> str | None:
        """The address of the page after."""
        return _address(self.after)


def page_of(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    *keys: Any,
    cursor: str | None,
    descending: bool = False,
    size: int = PAGE_SIZE,
    among: Sequence[ColumnElement[bool]] = (),
) -> Page[Any]:
    """The page that a cursor names, or the first one.

    ``keys`` are columns of text, numbers, dates, instants or ids that together order and tell
    apart every row, none of them null. Rows are what the statement selects: the thing itself
    when that is one, else a tuple. A cursor that cannot be read gives the first page.

    ``among`` are conditions of which a row meets at least one, each with an index that ends in
    the keys. Their OR would be read whole and sorted; so each gives its own first rows, by the
    last key, and the page is the first of all of these.
    """
    backwards, values = _read(cursor, keys)
    falling = descending != backwards
    paged = statement.add_columns(*keys).limit(size + 1)
    paged = paged.order_by(None).order_by(*(key.desc() if falling else key for key in keys))
    if values is not None:
        edge = tuple_(*(literal(v, k.type) for k, v in zip(keys, values, strict=True)))
        here = tuple_(*keys)
        paged = paged.where(here < edge if falling else here > edge)
    if among:
        each = [paged.with_only_columns(keys[-1]).where(one).subquery() for one in among]
        paged = paged.where(keys[-1].in_(union(*(select(*one.c) for one in each))))
    found = list(session.execute(paged))
    further, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    width = len(keys)
    rows = [row[0] if len(row) == width + 1 else tuple(row)[:-width] for row in found]
    if not found:
        return Page(rows, None, None)
    has_before = further if backwards else values is not None
    has_after = backwards or further
    return Page(
        rows,
        before=_written("b", found[0][-width:]) if has_before else None,
        after=_written("a", found[-1][-width:]) if has_after else None,
    )


def _address(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept: dict[str, Any] = {
        name: values for name, values in request.args.lists() if name != "page" and any(values)
    }
    return url_for(request.endpoint or "", **(request.view_args or {}), **kept, page=cursor)


def _written(side: str, values: Sequence[Any]) -> str:
    said = json.dumps([side, *(_plain(value) for value in values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _read(cursor: str | None, keys: Sequence[Any]) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        side, *values = said
        if side not in ("a", "b") or len(values) != len(keys):
            return False, None
        typed = [_typed(_kind(key), value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError):
        return False, None
    return side == "b", typed


def _kind(key: Any) -> type[Any]:
    """What a key's column holds, seen through the types of ``portal.kernel.columns``."""
    kind: type[Any] = getattr(key.type, "impl_instance", key.type).python_type
    return kind


def _typed(kind: type[Any], value: Any) -> Any:
    if kind is UUID:
        return UUID(value)
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind:
        raise TypeError
    return value
