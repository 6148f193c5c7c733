"""The columns of both kinds of file, and a row of each as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar

from portal.delivery.rules import (
    CANCELLED_BY_NAMES,
    MODE_NAMES,
    SESSION_STATE_NAMES,
    CancelledBy,
    Mode,
    Nights,
    SessionState,
)
from portal.delivery.upload import cells
from portal.delivery.upload.reading import Cell, Table, UnreadableFile
from portal.kernel.wording import say_list

Value = TypeVar("Value")


class Kind(StrEnum):
    """What a file holds; its columns say which."""

    SESSIONS = "sessions"
    NIGHTS = "nights"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the name it is documented by, the others it is known by."""

    name: str
    others: tuple[str, ...] = ()
    needed: bool = True
    example: str = ""


COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.SESSIONS: (
        Column("agreement", ("agreement reference", "reference"), example="IA-00012"),
        Column("date", ("day", "session date", "service date"), example="16/04/2026"),
        Column("start", ("start time", "time", "started"), example="16:30"),
        Column("hours", ("duration", "length", "length in hours"), example="1.5"),
        Column("mentor", ("mentor name",), example="Sam Mentor"),
        Column("state", ("what happened", "status"), needed=False, example="delivered"),
        Column("mode", ("how they met",), needed=False, example="face to face"),
        Column("interactions", ("number of interactions",), needed=False, example="1"),
        Column("summary", ("notes",), needed=False, example="Worked on fractions"),
        Column("cancelled by", ("who cancelled",), needed=False, example=""),
        Column("cancelled because", ("why cancelled",), needed=False, example=""),
    ),
    Kind.NIGHTS: (
        Column("agreement", ("agreement reference", "reference"), example="IA-00034"),
        Column("first night", ("from", "first"), example="01/04/2026"),
        Column("last night", ("to", "until", "last"), example="30/04/2026"),
        Column("present", ("attendance", "present or absent"), example="present"),
    ),
}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one row, at which column."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as a row says it; ``second`` is of the hour that comes twice."""

    row: int
    agreement: str
    day: date
    start: time
    second: bool | None
    minutes: int
    mentor: str
    state: SessionState
    mode: Mode
    interactions: int
    summary: str
    cancelled_by: CancelledBy | None = None
    cancelled_because: str = ""

    def packed(self) -> list[Any]:
        """The same for a hidden field; ``unpacked`` reads it."""
        return [_plain(value) for value in astuple(self)]

    @classmethod
    def unpacked(cls, said: Sequence[Any]) -> SessionRow:
        """The row that was packed."""
        row, agreement, day, start, second, minutes, mentor, *what = said
        state, mode, number, summary, by, because = what
        return cls(
            row,
            agreement,
            date.fromisoformat(day),
            time.fromisoformat(start),
            second,
            minutes,
            mentor,
            SessionState(state),
            Mode(mode),
            number,
            summary,
            CancelledBy(by) if by else None,
            because,
        )


@dataclass(frozen=True, slots=True)
class NightsRow:
    """Nights as a row says them."""

    row: int
    agreement: str
    first: date
    last: date
    present: bool

    @property
    def nights(self) -> Nights:
        """The nights themselves."""
        return Nights(self.first, self.last)

    def packed(self) -> list[Any]:
        """The same for a hidden field; ``unpacked`` reads it."""
        return [_plain(value) for value in astuple(self)]

    @classmethod
    def unpacked(cls, said: Sequence[Any]) -> NightsRow:
        """The row that was packed."""
        row, agreement, first, last, present = said
        return cls(row, agreement, date.fromisoformat(first), date.fromisoformat(last), present)


@dataclass(frozen=True, slots=True)
class Read:
    """A file read row by row: what could be read, what could not, what was not looked at."""

    kind: Kind
    rows: list[SessionRow] | list[NightsRow]
    errors: list[RowError]
    unused: list[str]


def read_rows(table: Table) -> Read:
    """The rows of a file as values. Raises UnreadableFile when columns are missing."""
    headings = [cells.plain_words(heading) for heading in table.headings]
    kind = Kind.NIGHTS if {"first night", "last night"} & set(headings) else Kind.SESSIONS
    places, unused = _places(kind, headings, table.headings)
    errors: list[RowError] = []
    if kind is Kind.SESSIONS:
        sessions = [_session(_RowReader(n, row, places, errors)) for n, row in table.rows]
        return Read(kind, [row for row in sessions if row is not None], errors, unused)
    nights = [_nights(_RowReader(n, row, places, errors)) for n, row in table.rows]
    return Read(kind, [row for row in nights if row is not None], errors, unused)


def _places(
    kind: Kind, headings: Sequence[str], shown: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    places: dict[str, int] = {}
    known: set[int] = set()
    for column in COLUMNS[kind]:
        found = [
            i for i, heading in enumerate(headings) if heading in (column.name, *column.others)
        ]
        if len(found) > 1:
            raise UnreadableFile(
                f"Two columns of this file say the {column.name}. Keep one of them."
            )
        known.update(found)
        if found:
            places[column.name] = found[0]
    missing = [c.name for c in COLUMNS[kind] if c.needed and c.name not in places]
    if missing:
        columns = "columns" if len(missing) > 1 else "column"
        raise UnreadableFile(
            f"This file of {kind.value} lacks the {columns} {say_list(missing)}. "
            "Its first row must name the columns: download the template to see them."
        )
    return places, [shown[i] for i in range(len(shown)) if i not in known and shown[i]]


class _RowReader:
    """Reads the cells of one row, noting what is wrong with each."""

    def __init__(
        self, number: int, row: Sequence[Cell], places: dict[str, int], errors: list[RowError]
    ) -> None:
        self.number = number
        self._row, self._places, self._errors = row, places, errors
        self.failed = False

    def read(self, name: str, reader: Callable[[Cell], Value]) -> Value | None:
        """The value of a column's cell, or None when it is wrong."""
        place = self._places.get(name)
        cell = self._row[place] if place is not None and place < len(self._row) else ""
        try:
            cells.refuse_formula(cell)
            return reader(cell)
        except ValueError as error:
            self.failed = True
            self._errors.append(RowError(self.number, name, _sentence(str(error))))
            return None

    def name(self, name: str) -> str:
        """A text that must be there."""
        return self.read(name, _needed) or ""


def _session(row: _RowReader) -> SessionRow | None:
    agreement = row.name("agreement")
    day = row.read("date", cells.date_of)
    start = row.read("start", cells.time_of)
    minutes = row.read("hours", cells.minutes_of)
    mentor = row.name("mentor")
    state = row.read(
        "state", lambda cell: cells.one_of(cell, SESSION_STATE_NAMES, SessionState.DELIVERED)
    )
    mode = row.read("mode", lambda cell: cells.one_of(cell, MODE_NAMES, Mode.FACE_TO_FACE))
    interactions = row.read("interactions", cells.interactions_of)
    summary = row.read("summary", cells.summary_of)
    by = row.read("cancelled by", _cancelled_by)
    because = row.read("cancelled because", cells.summary_of)
    if (
        row.failed
        or day is None
        or start is None
        or minutes is None
        or state is None
        or mode is None
        or interactions is None
        or summary is None
        or because is None
    ):
        return None
    return SessionRow(
        row.number,
        agreement,
        day,
        start[0],
        start[1],
        minutes,
        mentor,
        state,
        mode,
        interactions,
        summary,
        by,
        because,
    )


def _nights(row: _RowReader) -> NightsRow | None:
    agreement = row.name("agreement")
    first = row.read("first night", cells.date_of)
    last = row.read("last night", cells.date_of)
    present = row.read("present", cells.present_of)
    if row.failed or first is None or last is None or present is None:
        return None
    return NightsRow(row.number, agreement, first, last, present)


def _cancelled_by(cell: Cell) -> CancelledBy | None:
    """Who called it off; nobody where the cell is empty."""
    if not cells.text_of(cell):
        return None
    return cells.one_of(cell, CANCELLED_BY_NAMES, CancelledBy.PROVIDER)


def _needed(cell: Cell) -> str:
    text = cells.text_of(cell)
    if not text:
        raise ValueError("is empty.")
    return text[:200]


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, time)) else value
