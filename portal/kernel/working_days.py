"""Deadlines in working days and in days, each with how it was counted.

Working days are those of rules.md A1 and E1. Bank holidays of England are computed by the holidays
package, without a network; those of years near ours are kept in bank_holidays.csv, which
``bin/bank-holidays`` writes, because the package fills 9 MB of every process that loads it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path

from portal.kernel.local_time import only_date
from portal.kernel.wording import say_count, say_date, say_list

KEPT = Path(__file__).parent / "bank_holidays.csv"
KEPT_YEARS = range(2000, 2061)
_ONE_DAY = timedelta(days=1)
_GOVERNMENT_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a clock and how it was counted; the start is day 0.

    skipped holds the bank holidays passed over, not the weekends; sentence says the
    count in words, without a full stop.
    """

    due: date
    start: date
    days: int
    skipped: tuple[tuple[date, str], ...]
    sentence: str


def is_working_day(day: date) -> bool:
    """Not a Saturday, a Sunday or a bank holiday of England (rules.md A1)."""
    return _is_weekday(day) and bank_holiday(day) is None


def bank_holiday(day: date) -> str | None:
    """The name of England's bank holiday on that day, if it is one."""
    return _bank_holidays(day.year).get(only_date(day))


def _never(day: date) -> bool:
    return False


def add_working_days(start: date, days: int, *, still: Callable[[date], bool] = _never) -> Deadline:
    """The deadline that many working days after start, which is day 0.

    Days of which ``still`` says so are passed over without a word. Raises ValueError for a
    negative number.
    """
    due, left = only_date(start), _not_negative(days)
    skipped: list[tuple[date, str]] = []
    while left:
        due += _ONE_DAY
        if not _is_weekday(due) or still(due):
            continue
        if reason := bank_holiday(due):
            skipped.append((due, reason))
        else:
            left -= 1
    counted = _counted(start, days, "working day")
    if skipped:
        counted += f"; skipped {say_list([reason for _, reason in skipped])}"
    return Deadline(due, start, days, tuple(skipped), counted)


def add_days(start: date, days: int, *, still: Callable[[date], bool] = _never) -> Deadline:
    """The deadline that many calendar days after start, which is day 0.

    Days of which ``still`` says so are passed over. Raises ValueError for a negative number.
    """
    due, left = only_date(start), _not_negative(days)
    while left:
        due += _ONE_DAY
        left -= not still(due)
    return Deadline(due, start, days, (), _counted(start, days, "day"))


def _counted(start: date, days: int, noun: str) -> str:
    return f"Counted {say_count(days, noun)} from {say_date(start)} (day 0)"


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5


def _bank_holidays(year: int) -> Mapping[date, str]:
    return _kept()[year] if year in KEPT_YEARS else computed_bank_holidays(year)


@cache
def _kept() -> Mapping[int, Mapping[date, str]]:
    by_year: dict[int, dict[date, str]] = defaultdict(dict)
    with KEPT.open(newline="", encoding="utf-8") as file:
        for written, name in csv.reader(file):
            day = date.fromisoformat(written)
            by_year[day.year][day] = name
    return by_year


@lru_cache(maxsize=64)
def computed_bank_holidays(year: int) -> Mapping[date, str]:
    """The bank holidays of England in a year, as the holidays package knows them."""
    import holidays

    found = holidays.country_holidays(
        "GB", subdiv="ENG", years=year, expand=False, language="en_GB"
    )
    return {day: _government_name(name) for day, name in sorted(found.items())}


def _government_name(name: str) -> str:
    """The holiday's name as the government's own list has it."""
    plain = name.removesuffix(" (observed)")
    said = _GOVERNMENT_NAMES.get(plain, plain)
    return f"{said} (substitute day)" if plain != name else said


def _not_negative(days: int) -> int:
    if days < 0:
        raise ValueError("a deadline is not before its start")
    return days
