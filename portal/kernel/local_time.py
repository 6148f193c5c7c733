"""Between UTC, in which times are kept, and London, in which people live."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from portal.kernel.errors import DomainError

LONDON = ZoneInfo("Europe/London")


class NoSuchTime(DomainError, ValueError):
    """The time falls in the hour that the clocks skip in March."""

    status = 422
    sentence = (
        "That time does not exist: the clocks go forward from 1am to 2am that night. "
        "Enter a time before 1am, or 2am or later."
    )


class AmbiguousTime(DomainError, ValueError):
    """The time falls in the hour that comes twice in October."""

    status = 422
    sentence = (
        "That time comes twice: the clocks go back from 2am to 1am that night. "
        "Choose the first (British Summer Time) or the second (Greenwich Mean Time)."
    )


def to_local(utc: datetime) -> datetime:
    """The time as London's clocks show it. Raises ValueError if it has no zone."""
    if utc.utcoffset() is None:
        raise ValueError("a stored time must say its zone")
    return utc.astimezone(LONDON)


def local_date(utc: datetime) -> date:
    """The date in London at that time. Raises ValueError if it has no zone."""
    return to_local(utc).date()


def to_utc(naive: datetime, *, fold: Literal[0, 1] | None = None) -> datetime:
    """The UTC of a London time that a person entered.

    fold answers which of a repeated hour is meant: 0 the first (summer time), 1 the
    second. Raises NoSuchTime, AmbiguousTime (when fold is needed and not given), and
    ValueError for a time that already has a zone.
    """
    if naive.tzinfo is not None:
        raise ValueError("an entered London time has no zone of its own")
    first, second = (naive.replace(tzinfo=LONDON, fold=turn).astimezone(UTC) for turn in (0, 1))
    if first.astimezone(LONDON).replace(tzinfo=None, fold=0) != naive.replace(fold=0):
        raise NoSuchTime
    if first == second:
        return first
    if fold is None:
        raise AmbiguousTime
    return second if fold else first


def only_date(day: date) -> date:
    """The date itself; TypeError for a datetime, whose date depends on the zone."""
    if isinstance(day, datetime):
        raise TypeError("give the local date, not a datetime")
    return day


def start_of_day(day: date) -> datetime:
    """The UTC of midnight at the beginning of that day in London."""
    return to_utc(datetime.combine(day, time.min))
