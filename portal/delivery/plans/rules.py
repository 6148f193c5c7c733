"""The days of a weekly pattern, and how they are said. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from portal.delivery.rules import Mode, Refusal
from portal.kernel.wording import say_date, say_list, say_time

MOST_SESSIONS = 120
LONGEST_PLAN = timedelta(days=366)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The same weekdays (0 is Monday), London time, length and mentor every week, ends counted."""

    first: date
    last: date
    weekdays: frozenset[int]
    start: time
    minutes: int
    mentor_id: UUID
    mode: Mode

    def days(self) -> list[date]:
        """Every day of the pattern, in order."""
        span = (self.last - self.first).days + 1
        every = (self.first + timedelta(days=offset) for offset in range(span))
        return [day for day in every if day.weekday() in self.weekdays]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A day of a pattern: the bank holiday it is, and why no session can be made on it."""

    day: date
    holiday: str | None
    refusal: Refusal | None

    @property
    def chosen(self) -> bool:
        """Whether a session is proposed: nothing is against it, and it is no bank holiday."""
        return self.holiday is None and self.refusal is None


def pattern_refusal(pattern: Pattern) -> Refusal | None:
    """A plan runs forward, for a year at most, and holds at least one day."""
    if pattern.last < pattern.first:
        return Refusal(
            "last",
            f"The last day, {say_date(pattern.last)}, is before the first, "
            f"{say_date(pattern.first)}. Check both dates.",
        )
    if pattern.last - pattern.first > LONGEST_PLAN:
        return Refusal("last", "Plan at most a year at once. Choose an earlier last day.")
    number = len(pattern.days())
    if number == 0:
        return Refusal("weekdays", "None of these weekdays falls between the two dates.")
    if number > MOST_SESSIONS:
        return Refusal(
            "last",
            f"That is {number} sessions. Plan at most {MOST_SESSIONS} at once: choose an earlier "
            "last day.",
        )
    return None


@dataclass(frozen=True, slots=True)
class Impossible:
    """Days of a pattern on which nothing can be planned for one reason: the first one's says it."""

    days: tuple[date, ...]
    sentence: str


def impossible(proposed: Sequence[Proposed]) -> list[Impossible]:
    """What is against days of a pattern: two places at once by day, all else by its reason."""
    grouped: dict[tuple[str, date | None], list[Proposed]] = {}
    for one in proposed:
        if one.refusal is not None:
            alone = one.day if one.refusal.field == "start" else None
            grouped.setdefault((one.refusal.field, alone), []).append(one)
    return [
        Impossible(tuple(one.day for one in alike), alike[0].refusal.sentence)
        for alike in grouped.values()
        if alike[0].refusal is not None
    ]


def say_pattern(weekdays: Collection[int], start: time) -> str:
    """As "Every Monday and Wednesday at 4pm"."""
    return f"Every {say_list([WEEKDAYS[day] for day in sorted(weekdays)])} at {say_time(start)}"
