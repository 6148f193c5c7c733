"""How long each stage may take, and how each day was counted (rules.md A2 to A5, A13, A14). Pure.

A clock is never guessed and never stored: it follows from the days on which things happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from portal.complaints.rules import Track
from portal.kernel.errors import DomainError
from portal.kernel.wording import say_count, say_date
from portal.kernel.working_days import Deadline, add_days, add_working_days, is_working_day


class Limit(StrEnum):
    """What a clock counts towards."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    PANEL_MEETS = "panel-meets"
    PANEL_REPORTS = "panel-reports"
    REPLY_TO_PANEL = "reply-to-panel"
    ASK_FURTHER = "ask-further"


class Waits(StrEnum):
    """Whom a clock waits for."""

    COUNCIL = "the council"
    PANEL = "the panel"
    COMPLAINANT = "the person who complained"


class Standing(StrEnum):
    """How a clock stands on a day."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    IN_TIME = "in time"
    LATE = "late"


LIMIT_NAMES = {
    Limit.ACKNOWLEDGE: "Acknowledge",
    Limit.ANSWER: "Answer",
    Limit.PANEL_MEETS: "Panel meets",
    Limit.PANEL_REPORTS: "Panel reports",
    Limit.REPLY_TO_PANEL: "Answer the panel's report",
    Limit.ASK_FURTHER: "Ask for the next stage",
}
STOPPED_BY = {
    Limit.ACKNOWLEDGE: "acknowledged",
    Limit.ANSWER: "answered",
    Limit.PANEL_MEETS: "the panel met",
    Limit.PANEL_REPORTS: "the panel reported",
    Limit.REPLY_TO_PANEL: "answered",
    Limit.ASK_FURTHER: "went further or was closed",
}
WAITS_FOR = {
    Limit.PANEL_REPORTS: Waits.PANEL,
    Limit.ASK_FURTHER: Waits.COMPLAINANT,
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Days that a clock has, and with an extension at most (None: it cannot be extended)."""

    days: int
    longest: int | None = None
    working: bool = True


ALLOWED: Mapping[tuple[Track, int, Limit], Allowed] = {
    (Track.CHILDREN, 1, Limit.ANSWER): Allowed(10, 20),  # A2
    (Track.CHILDREN, 1, Limit.ASK_FURTHER): Allowed(20),  # A4: a prompt, nothing closes by itself
    (Track.CHILDREN, 2, Limit.ANSWER): Allowed(25, 65),  # A3
    (Track.CHILDREN, 2, Limit.ASK_FURTHER): Allowed(20),  # A5
    (Track.CHILDREN, 3, Limit.PANEL_MEETS): Allowed(30),  # A5, as the two below
    (Track.CHILDREN, 3, Limit.PANEL_REPORTS): Allowed(5),
    (Track.CHILDREN, 3, Limit.REPLY_TO_PANEL): Allowed(15),
    # A13; how far the Ombudsman's Code lets these two be extended is to be checked (M).
    (Track.OTHER, 1, Limit.ACKNOWLEDGE): Allowed(5),
    (Track.OTHER, 1, Limit.ANSWER): Allowed(10, 20),
    (Track.OTHER, 2, Limit.ACKNOWLEDGE): Allowed(5),
    (Track.OTHER, 2, Limit.ANSWER): Allowed(20, 40),
    (Track.DATA_PROTECTION, 1, Limit.ACKNOWLEDGE): Allowed(30, working=False),  # A14
}


@dataclass(frozen=True, slots=True)
class Pause:
    """Court or police action that holds a case up (A7): its first day, and the day it ended."""

    starts_on: date
    ended_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether nothing is counted on that day; the day it ended counts again."""
        return day >= self.starts_on and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class StageDays:
    """The days on which things happened in one stage of a case; None has not happened.

    ``begun_on`` is the day of receipt or of the request; stage 2 of the children's track is
    counted from ``agreed_on``, when the complaint is agreed in writing (A3).
    """

    track: Track
    number: int
    begun_on: date
    agreed_on: date | None = None
    acknowledged_on: date | None = None
    extended_to: date | None = None
    met_on: date | None = None
    reported_on: date | None = None
    answered_on: date | None = None
    left_on: date | None = None
    pauses: Sequence[Pause] = field(default=())


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit of one stage: when it is due, how that was counted, and what stopped it.

    ``longest`` is the last day to which it may be extended. While ``paused_on`` is set nothing
    is counted, and ``due`` is what it would be if counting went on today.
    """

    stage: int
    limit: Limit
    due: date
    counted: str
    longest: date | None = None
    extended: bool = False
    stopped_on: date | None = None
    paused_on: date | None = None

    @property
    def name(self) -> str:
        """What is to be done."""
        return LIMIT_NAMES[self.limit]

    @property
    def waits_for(self) -> Waits:
        """Whom it waits for."""
        return WAITS_FOR.get(self.limit, Waits.COUNCIL)

    @property
    def stopped(self) -> str | None:
        """What stopped it, in words."""
        if self.stopped_on is None:
            return None
        return f"{STOPPED_BY[self.limit]} on {say_date(self.stopped_on)}"

    def standing(self, today: date) -> Standing:
        """How it stands on a day."""
        if self.stopped_on is not None:
            return Standing.IN_TIME if self.stopped_on <= self.due else Standing.LATE
        if self.paused_on is not None:
            return Standing.PAUSED
        return Standing.OVERDUE if today > self.due else Standing.RUNNING


class CannotExtend(DomainError):
    """The new day is not later than the due day, or later than the longest one."""

    status = 422


def clocks_of(days: StageDays) -> tuple[Clock, ...]:
    """Every clock of a stage that has begun to run, in order."""
    happened: Sequence[tuple[Limit, date | None, date | None]] = (
        (Limit.ACKNOWLEDGE, days.begun_on, _first(days.acknowledged_on, days.answered_on)),
        (Limit.ANSWER, _answer_counts_from(days), days.answered_on),
        (Limit.PANEL_MEETS, days.begun_on, days.met_on),
        (Limit.PANEL_REPORTS, days.met_on, days.reported_on),
        (Limit.REPLY_TO_PANEL, days.reported_on, days.answered_on),
        (Limit.ASK_FURTHER, days.answered_on, days.left_on),
    )
    return tuple(
        _clock(days, limit, allowed, start, stopped_on)
        for limit, start, stopped_on in happened
        if start is not None
        and (allowed := ALLOWED.get((days.track, days.number, limit))) is not None
    )


def next_clock(clocks: Sequence[Clock]) -> Clock | None:
    """The running clock that is due first."""
    return min((one for one in clocks if one.stopped_on is None), key=_due, default=None)


def extended(clock: Clock | None, new_day: date) -> date:
    """The new day of a clock that is extended.

    Raises CannotExtend with the days between which it may be.
    """
    if clock is None or clock.longest is None or clock.stopped_on is not None:
        raise CannotExtend("Nothing that can be extended is running on this complaint")
    if not clock.due < new_day <= clock.longest:
        raise CannotExtend(
            f"The new date must be after {say_date(clock.due)} and no later than "
            f"{say_date(clock.longest)}"
        )
    return new_day


def past_the_year(happened_on: date, received_on: date) -> bool:
    """Whether more than a year lies between (A7); a reason to ask, never to refuse by itself."""
    try:
        limit = happened_on.replace(year=happened_on.year + 1)
    except ValueError:
        limit = date(happened_on.year + 1, 2, 28)
    return received_on > limit


def _clock(
    days: StageDays, limit: Limit, allowed: Allowed, start: date, stopped_on: date | None
) -> Clock:
    counted = _counted(start, allowed.days, allowed, days.pauses)
    longest = _counted(start, allowed.longest, allowed, days.pauses) if allowed.longest else None
    held = next((p for p in days.pauses if p.ended_on is None), None)
    clock = Clock(
        stage=days.number,
        limit=limit,
        due=counted.due,
        counted=counted.sentence,
        longest=longest.due if longest else None,
        stopped_on=stopped_on,
        paused_on=held.starts_on if held and stopped_on is None else None,
    )
    if longest is None or days.extended_to is None or days.extended_to <= clock.due:
        return clock
    return replace(
        clock,
        due=days.extended_to,
        extended=True,
        counted=f"{clock.counted} to {say_date(clock.due)}; "
        f"extended to {say_date(days.extended_to)}",
    )


def _counted(start: date, number: int, allowed: Allowed, pauses: Sequence[Pause]) -> Deadline:
    """The deadline of that many days; days in a pause are added at its end.

    An open pause adds nothing yet, since nobody knows when it ends.
    """
    if not allowed.working:
        deadline = add_days(start, number - 1)
        first = f"Counted {say_count(number, 'day')}, of which {say_date(start)} is the first"
        return replace(deadline, days=number, sentence=first)
    closed = [pause for pause in pauses if pause.ended_on is not None]
    held = 0
    while True:
        deadline = add_working_days(start, number + held)
        found = _working_days_held(start, deadline.due, closed)
        if found == held:
            break
        held = found
    if held:
        plain = deadline.sentence.replace(
            say_count(number + held, "working day"), say_count(number, "working day"), 1
        )
        paused = f"; {say_count(held, 'working day')} not counted while it was paused"
        return replace(deadline, days=number, sentence=plain + paused)
    return deadline


def _working_days_held(start: date, until: date, pauses: Sequence[Pause]) -> int:
    days = (start + timedelta(days=n) for n in range(1, (until - start).days + 1))
    return sum(is_working_day(day) and any(p.holds(day) for p in pauses) for day in days)


def _answer_counts_from(days: StageDays) -> date | None:
    agreed = days.track is Track.CHILDREN and days.number == 2
    return days.agreed_on if agreed else days.begun_on


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _due(clock: Clock) -> date:
    return clock.due
