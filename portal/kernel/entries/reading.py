"""From the tree of a file to the entries of the format; every problem is kept with its place.

An entry is a dataclass whose fields say how their keys are read. A list of entries may also be
written as a table: ``columns``, optional ``defaults`` for every row, and ``rows``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from portal.kernel.entries.fields import Reader, Wrong, did_you_mean
from portal.kernel.entries.problems import Problem, Problems
from portal.kernel.entries.tree import Items, Keys, Node, Scalar

_NEEDED: Any = object()
TABLE_KEYS = ("columns", "defaults", "rows")
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an entry: its name in the file and how what stands there is read."""

    name: str
    attribute: str
    default: Any
    reader: Reader | None
    kind: type[Entry] | None
    many: bool


def key(reader: Reader, *, name: str = "", default: Any = _NEEDED) -> Any:
    """One value. Without a default the file must give it."""
    return _field(name=name, default=default, reader=reader, kind=None, many=False)


def listed(reader: Reader, *, name: str = "", default: Any = _NEEDED) -> Any:
    """A list of values."""
    return _field(name=name, default=default, reader=reader, kind=None, many=True)


def inside(kind: type[Entry], *, name: str = "", default: Any = _NEEDED) -> Any:
    """One entry within this one."""
    return _field(name=name, default=default, reader=None, kind=kind, many=False)


def each(kind: type[Entry], *, name: str = "", default: Any = _NEEDED) -> Any:
    """A list of entries, or a table of them."""
    return _field(name=name, default=default, reader=None, kind=kind, many=True)


def _field(**metadata: Any) -> Any:
    return dataclasses.field(default=None, kw_only=True, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its file, its path, and what the file has there."""

    problems: Problems
    file: int
    path: str
    node: Keys | _Row

    def add(self, name: str, sentence: str) -> None:
        """Keep a problem at one of its keys, or at the whole when the key is not given."""
        node: Node | _Row = self.node.nodes.get(name, self.node) if name else self.node
        path = f"{self.path}.{name}" if self.path and name else self.path or name
        self.problems.add(Problem(self.file, node.line, node.column, path, sentence))


@dataclass(kw_only=True)
class Entry:
    """Anything that a file describes. ``broken`` when a part of it could not be read."""

    place: Place
    broken: bool = False

    def lacks(self, *attributes: str) -> bool:
        """Whether one of these could not be read."""
        return any(getattr(self, attribute) is None for attribute in attributes)

    def wrong(self, name: str, sentence: str) -> None:
        """Report what is wrong with one of its keys ("" for the whole)."""
        self.place.add(name, sentence)


class _Row:
    """A row of a table, seen as keys and values."""

    __slots__ = ("column", "line", "nodes")

    def __init__(self, columns: list[str], row: Items, defaults: dict[str, Node]) -> None:
        self.line = row.line
        self.column = row.column
        self.nodes: dict[str, Node] = {**defaults, **dict(zip(columns, row.nodes, strict=False))}


E = TypeVar("E", bound=Entry)


_KEYS: dict[type[Entry], dict[str, Key]] = {}


def keys_of(kind: type[Entry]) -> dict[str, Key]:
    """The keys that an entry of this kind knows, in the format's order."""
    if kind not in _KEYS:
        _KEYS[kind] = {
            field.metadata["name"] or field.name: Key(
                **{
                    **field.metadata,
                    "name": field.metadata["name"] or field.name,
                    "attribute": field.name,
                }
            )
            for field in dataclasses.fields(kind)
            if field.metadata
        }
    return _KEYS[kind]


class EntryReader:
    """Reads the entries of one file."""

    def __init__(self, problems: Problems, file: int, progress: Progress) -> None:
        self._problems = problems
        self._file = file
        self._progress = progress

    def read(self, kind: type[E], node: Node, path: str = "") -> E:
        """One entry with everything in it; what cannot be read is reported and left None."""
        if not isinstance(node, Keys):
            self._add(node, path, "is not a set of keys with values")
            return self._blank(kind, Keys(node.line, node.column), path)
        self._refuse_unknown(list(node.nodes.items()), keys_of(kind), path)
        return self._entry(kind, node, path)

    def _entry(self, kind: type[E], node: Keys | _Row, path: str) -> E:
        place = Place(self._problems, self._file, path, node)
        entry = kind(place=place)
        nodes = node.nodes
        for one in keys_of(kind).values():
            value = nodes.get(one.name)
            if value is None or (type(value) is Scalar and value.empty):
                if one.default is _NEEDED:
                    place.add(one.name, "is missing")
                    entry.broken = True
                else:
                    setattr(entry, one.attribute, _fresh(one.default))
                continue
            try:
                setattr(entry, one.attribute, self._value(one, value, path))
            except Wrong as wrong:
                place.add(one.name, wrong.sentence)
                entry.broken = True
        self._progress(1)
        return entry

    def _value(self, one: Key, node: Node, path: str) -> Any:
        if one.reader is not None and not one.many:
            if type(node) is not Scalar:
                raise Wrong("is one value, not a list or a set of keys")
            return one.reader(node.text)
        inner = f"{path}.{one.name}" if path else one.name
        if one.reader is not None:
            return list(self._scalars(one.reader, node, inner))
        assert one.kind is not None
        if one.many:
            return list(self._entries(one.kind, node, inner))
        return self.read(one.kind, node, inner)

    def _scalars(self, reader: Reader, node: Node, path: str) -> Iterator[Any]:
        if not isinstance(node, Items):
            raise Wrong("is a list: [one, another]")
        for index, item in enumerate(node.nodes):
            try:
                if type(item) is not Scalar:
                    raise Wrong("is one value, not a list or a set of keys")  # noqa: TRY301
                yield reader(item.text)
            except Wrong as wrong:
                self._add(item, f"{path}[{index}]", wrong.sentence)

    def _entries(self, kind: type[E], node: Node, path: str) -> Iterator[E]:
        if isinstance(node, Keys) and "rows" in node.nodes:
            yield from self._table(kind, node, path)
            return
        if not isinstance(node, Items):
            raise Wrong("is a list, or a table of columns and rows")
        for index, item in enumerate(node.nodes):
            inner = f"{path}[{index}]"
            if isinstance(item, Keys) and "rows" in item.nodes:
                yield from self._table(kind, item, inner)
            else:
                yield self.read(kind, item, inner)

    def _table(self, kind: type[E], node: Keys, path: str) -> Iterator[E]:
        known = keys_of(kind)
        for name, value in node.nodes.items():
            if name not in TABLE_KEYS:
                self._add(value, f"{path}.{name}", "a table has columns, defaults and rows only")
        columns, rows = node.nodes.get("columns"), node.nodes["rows"]
        if not isinstance(columns, Items) or not isinstance(rows, Items):
            self._add(node, path, "a table needs columns: [...] and rows: [[...], ...]")
            return
        names = [item.text if isinstance(item, Scalar) else "" for item in columns.nodes]
        pairs = list(zip(names, columns.nodes, strict=True))
        self._refuse_unknown(pairs, known, f"{path}.columns")
        for name, item in pairs:
            if names.count(name) > 1:
                self._add(item, f"{path}.columns", f'"{name}" is named twice')
        given = self._defaults(node.nodes.get("defaults"), known, f"{path}.defaults")
        for index, row in enumerate(rows.nodes):
            inner = f"{path}.rows[{index}]"
            if not isinstance(row, Items):
                self._add(row, inner, "is not a list of values, one for each column")
            elif len(row.nodes) != len(names):
                self._add(row, inner, f"has {len(row.nodes)} values for {len(names)} columns")
            else:
                yield self._entry(kind, _Row(names, row, given), inner)

    def _defaults(self, node: Node | None, known: dict[str, Key], path: str) -> dict[str, Node]:
        if node is None:
            return {}
        if not isinstance(node, Keys):
            self._add(node, path, "is not a set of keys with values")
            return {}
        self._refuse_unknown(list(node.nodes.items()), known, path)
        return node.nodes

    def _refuse_unknown(
        self, given: list[tuple[str, Node]], known: dict[str, Key], path: str
    ) -> None:
        for name, node in given:
            if name not in known:
                hint = did_you_mean(name, known)
                inner = f"{path}.{name}" if path else name
                self._add(node, inner, f'"{name}" is not a key here{hint}')

    def _blank(self, kind: type[E], node: Keys, path: str) -> E:
        return kind(place=Place(self._problems, self._file, path, node), broken=True)

    def _add(self, node: Node, path: str, sentence: str) -> None:
        self._problems.add(Problem(self._file, node.line, node.column, path, sentence))


def _fresh(default: Any) -> Any:
    return list(default) if isinstance(default, tuple) else default
