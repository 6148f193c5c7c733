"""How dates, times, counts and lists are said to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from portal.kernel.local_time import only_date, to_local
from portal.kernel.months import MONTH_NAMES

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_QUARTERS = {15: ".25", 30: ".5", 45: ".75"}


def say_date(day: date) -> str:
    """As "5 January 2027"; give the local date, not a datetime (TypeError)."""
    return f"{_day_and_month(day)} {day.year}"


def say_day(day: date) -> str:
    """As "Thu 16 Apr", for tables whose month and year are plain from the page."""
    weekday = _DAYS[only_date(day).weekday()]
    return f"{weekday} {day.day} {MONTH_NAMES[day.month - 1][:3]}"


def say_time(moment: time) -> str:
    """As "4:30pm", "9am", "midday", "midnight", as the clock on the wall shows it."""
    if (moment.hour, moment.minute) in ((0, 0), (12, 0)):
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{(moment.hour - 1) % 12 + 1}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def say_datetime(utc: datetime) -> str:
    """As "5 January 2027 at 4:30pm" in London time.

    Says BST or GMT in the hour that comes twice. Raises ValueError for a time without a zone.
    """
    local = to_local(utc)
    said = f"{say_date(local.date())} at {say_time(local.time())}"
    other = local.replace(fold=1 - local.fold)
    repeats = other.utcoffset() != local.utcoffset()
    return f"{said} ({local.tzname()})" if repeats else said


def say_hours(minutes: int) -> str:
    """A duration in minutes: "5.5 hours", "1 hour", "20 minutes", "2 hours 20 minutes".

    Only quarters of an hour are said as decimals; less than an hour is in minutes.
    """
    if minutes < 0:
        return f"-{say_hours(-minutes)}"
    hours, rest = divmod(minutes, 60)
    if not hours and rest:
        return say_count(rest, "minute")
    if not rest:
        return say_count(hours, "hour")
    if rest in _QUARTERS:
        return f"{hours:,}{_QUARTERS[rest]} hours"
    return f"{say_count(hours, 'hour')} {say_count(rest, 'minute')}"


def say_count(number: int, noun: str, plural: str | None = None) -> str:
    """As "1 night", "2 nights", "1,000 queries"; an irregular plural is given."""
    if abs(number) == 1:
        return f"{number} {noun}"
    return f"{number:,} {plural or _plural(noun)}"


def say_size(count: int) -> str:
    """A number of bytes: "340 KB", "1.2 MB"; the smallest is "1 KB"."""
    kilobytes = max(round(count / 1024), 1)
    return f"{kilobytes:,} KB" if kilobytes < 1000 else f"{count / 1024 / 1024:.1f} MB"


def say_list(words: Sequence[str]) -> str:
    """As "a, b and c"; "" when there are none."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def say_period(first: date, last: date) -> str:
    """As "16 to 30 April 2026", both within. Raises ValueError if last is earlier."""
    if last < first:
        raise ValueError("a period ends on or after the day it begins")
    if first == last:
        return say_date(last)
    if first.year != last.year:
        return f"{say_date(first)} to {say_date(last)}"
    if first.month != last.month:
        return f"{_day_and_month(first)} to {say_date(last)}"
    return f"{first.day} to {say_date(last)}"


def say_due(due: date, today: date) -> str:
    """As "due today", "due tomorrow", "due in 3 days", "2 days late", in days."""
    days = (due - today).days
    if days < 0:
        return f"{say_count(-days, 'day')} late"
    if days < 2:
        return "due tomorrow" if days else "due today"
    return f"due in {say_count(days, 'day')}"


def _day_and_month(day: date) -> str:
    return f"{only_date(day).day} {MONTH_NAMES[day.month - 1]}"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun}s"
