"""What a cell says: each reader gives a value, or raises ValueError with a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from wtforms import Form

from portal.delivery.upload.reading import Cell
from portal.kernel.date_fields import TimeField
from portal.kernel.fields import HoursField, WholeNumberField
from portal.kernel.months import MONTH_NAMES

Kind = TypeVar("Kind", bound=StrEnum)

LONGEST_SUMMARY = 2000
MOST_INTERACTIONS = 1000

_NUMBER = re.compile(r"[+-]?[0-9.,:\s]*(?:h|hours?|m|mins?|minutes?)?", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_IN_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ -]([0-9]{4})")
_SECONDS = re.compile(r"([0-9]{1,2}:[0-9]{2}):00")
_MONTHS = {
    spelling: number
    for number, name in enumerate(MONTH_NAMES, start=1)
    for spelling in (name.lower(), name[:3].lower())
}
_SIGNS = {"\N{MINUS SIGN}": "-", "\N{FULLWIDTH HYPHEN-MINUS}": "-", "\N{FULLWIDTH PLUS SIGN}": "+"}
_FORMULA_STARTS = "=@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH COMMERCIAL AT}"
_PRESENT = {"present": True, "yes": True, "y": True, "true": True, "1": True}
_ABSENT = {"absent": False, "no": False, "n": False, "false": False, "0": False}


class _Shapes(Form):
    """The same readers as the forms have."""

    start = TimeField("Start")
    hours = HoursField("Hours", at_most=1_000_000 * 60)
    interactions = WholeNumberField("Interactions")


_shapes = _Shapes()


def text_of(cell: Cell) -> str:
    """What the cell shows, its ends trimmed."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def refuse_formula(cell: Cell) -> None:
    """A text that a spreadsheet would run is not taken in; a signed number is no formula."""
    if not isinstance(cell, str):
        return
    text = cell.strip()
    sign = _SIGNS.get(text[:1], text[:1])
    if sign and (
        sign in _FORMULA_STARTS or (sign in "+-" and not _NUMBER.fullmatch(sign + text[1:]))
    ):
        raise ValueError(
            f"begins with {text[0]}, so a spreadsheet would take it for a formula. "
            "Write it without that sign."
        )


def date_of(cell: Cell) -> date:
    """A date from a date cell, 2026-04-16, 16/04/2026 or 16 April 2026; the day comes first."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif (match := _IN_WORDS.fullmatch(text)) and match[2].lower() in _MONTHS:
        day, month, year = int(match[1]), _MONTHS[match[2].lower()], int(match[3])
    else:
        raise ValueError(f"{text or 'an empty cell'} is not a date. Write it like 16/04/2026.")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text} does not exist. Check the day and the month.") from error


def time_of(cell: Cell) -> tuple[time, bool | None]:
    """A time of day, and whether the second of a repeated hour is meant (BST first, GMT second)."""
    if isinstance(cell, datetime):
        return cell.time(), None
    if isinstance(cell, time):
        return cell, None
    if isinstance(cell, timedelta):
        return time(*divmod(_whole_minutes(cell) % (24 * 60), 60)), None
    text, second = text_of(cell), None
    if text[-4:].upper() in {" BST", " GMT"}:
        second = text[-3:].upper() == "GMT"
        text = text[:-4].strip()
    if match := _SECONDS.fullmatch(text):
        text = match[1]
    if not text:
        raise ValueError("say when it started, like 16:30.")
    return _shapes.start.read(text), second


def minutes_of(cell: Cell) -> int:
    """A length in whole minutes from 2, 1.5, 1:30 or a duration cell."""
    if isinstance(cell, time):
        cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, timedelta):
        return _whole_minutes(cell)
    if isinstance(cell, float):
        nearest = round(cell * 60)
        return (
            _shapes.hours.read(str(cell)) if abs(cell * 60 - nearest) > 1e-6 else _signed(nearest)
        )
    text = text_of(cell)
    if match := _SECONDS.fullmatch(text):
        text = match[1]
    if not text:
        raise ValueError("say how long it lasted, like 1.5.")
    return _shapes.hours.read(text)


def interactions_of(cell: Cell) -> int:
    """A whole number; 1 where the cell is empty."""
    text = text_of(cell)
    number = _shapes.interactions.read(text) if text else 1
    if number > MOST_INTERACTIONS:
        raise ValueError(f"must be {MOST_INTERACTIONS:,} or less.")
    return number


def summary_of(cell: Cell) -> str:
    """Text of at most 2,000 characters."""
    text = text_of(cell)
    if len(text) > LONGEST_SUMMARY:
        raise ValueError(f"must be {LONGEST_SUMMARY:,} characters or less.")
    return text


def one_of(cell: Cell, names: dict[Kind, str], default: Kind) -> Kind:
    """A member by its name or code; the default where the cell is empty."""
    plain = plain_words(text_of(cell))
    if not plain:
        return default
    for member, name in names.items():
        if plain in {plain_words(name), plain_words(member.value)}:
            return member
    raise ValueError(f"{text_of(cell)} is not known. Write one of: {', '.join(names.values())}.")


def present_of(cell: Cell) -> bool:
    """Whether the young person was there."""
    answers = {**_PRESENT, **_ABSENT}
    word = text_of(cell).lower()
    if word not in answers:
        raise ValueError(f"{word or 'an empty cell'} is not known. Write present or absent.")
    return answers[word]


def plain_words(text: str) -> str:
    """Lower case, single spaces, no punctuation: how headings and names are compared."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _whole_minutes(length: timedelta) -> int:
    minutes, rest = divmod(length, timedelta(minutes=1))
    if rest:
        raise ValueError("is not a whole number of minutes.")
    return _signed(minutes)


def _signed(minutes: int) -> int:
    if minutes < 0:
        raise ValueError("Hours must not be less than 0")
    return minutes
