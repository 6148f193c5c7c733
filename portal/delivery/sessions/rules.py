"""When a session can be recorded: each refusal a sentence at its field. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from portal.delivery.rules import (
    LONGEST_SESSION,
    CancelledBy,
    Mode,
    Nights,
    Refusal,
    SessionState,
    Span,
    Term,
    at_once,
    term_refusal,
)
from portal.kernel.local_time import AmbiguousTime, NoSuchTime, to_local, to_utc
from portal.kernel.wording import say_date, say_hours, say_list, say_period, say_time

FURTHEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """What was entered of a session: its London day and time, its length in minutes.

    ``second`` says which of the hour that comes twice in October; None where it was not asked.
    """

    mentor_id: UUID
    day: date
    start: time
    minutes: int
    state: SessionState
    mode: Mode
    interactions: int
    summary: str
    second: bool | None = None
    cancelled_by: CancelledBy | None = None
    cancelled_because: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """When a session is said to be: its London day, its beginning in UTC, its minutes."""

    day: date
    starts_at: datetime
    minutes: int
    state: SessionState

    @property
    def ends_at(self) -> datetime:
        """When it is over, in UTC."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Occupied:
    """Another session of the same mentor; its agreement's reference where it may be named.

    ``elsewhere`` is one that another provider recorded of the same person: nothing is said of it.
    """

    starts_at: datetime
    minutes: int
    state: SessionState
    reference: str | None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class MentorStanding:
    """What is known of a mentor; ``assigned`` are the times on the agreement in question."""

    name: str
    volunteer: bool
    clearances: tuple[Span, ...]
    assigned: tuple[Span, ...]


def moment(day: date, start: time, *, second: bool | None) -> datetime | Refusal:
    """The UTC of a London day and time, or why there is none or which of two is meant.

    ``second`` answers which of the hour that comes twice in October; None has not answered.
    """
    fold: Literal[0, 1] | None = None if second is None else 1 if second else 0
    try:
        return to_utc(datetime.combine(day, start), fold=fold)
    except NoSuchTime as wrong:
        return Refusal("start", f"{say_time(start)} on {say_date(day)}: {wrong.sentence}")
    except AmbiguousTime as wrong:
        return Refusal("which_hour", wrong.sentence)


def length_refusal(minutes: int) -> Refusal | None:
    """A session lasts more than nothing and at most a day."""
    if minutes < 1:
        return Refusal(
            "minutes", "A session cannot last 0 hours. Enter its length, like 2, 1.5 or 1:30."
        )
    if minutes > LONGEST_SESSION:
        return Refusal(
            "minutes",
            f"{say_hours(minutes)} is longer than a day. Enter the length of this one session, "
            "like 1.5 or 1:30.",
        )
    return None


def cancelled_refusal(state: SessionState, by: CancelledBy | None) -> Refusal | None:
    """A cancelled session says by whom."""
    if state is SessionState.CANCELLED and by is None:
        return Refusal("cancelled_by", "Choose who cancelled it.")
    return None


def session_refusals(
    timing: Timing,
    term: Term,
    mentor: MentorStanding,
    others: Iterable[Occupied],
    assigned_names: Sequence[str],
    *,
    at: datetime,
) -> list[Refusal]:
    """Everything against recording this session; empty when nothing is.

    ``assigned_names`` are the mentors whom the agreement had that day, ``at`` this moment.
    A wrong day is not followed by what else would be wrong on it.
    """
    if (wrong := length_refusal(timing.minutes)) is not None:
        return [wrong]
    if (wrong := _day_refusal(timing, term, at)) is not None:
        return [wrong]
    found = (_mentor_refusal(timing.day, mentor, assigned_names), _clash(timing, mentor, others))
    return [refusal for refusal in found if refusal is not None]


def _day_refusal(timing: Timing, term: Term, at: datetime) -> Refusal | None:
    what = f"a session on {say_date(timing.day)}"
    wrong = term_refusal(term, Nights(timing.day, timing.day), "day", what)
    if wrong is not None:
        return wrong
    if timing.state is SessionState.NOT_ATTENDED and timing.starts_at > at:
        return Refusal(
            "day",
            "This session has not begun, so nobody can have missed it. "
            "Check the date and time, or record it as scheduled.",
        )
    if timing.state is SessionState.DELIVERED and timing.ends_at > at:
        return Refusal(
            "day",
            f"This session ends {_until(timing)}, which is still to come. "
            "Check the date and time, or record it as scheduled.",
        )
    if timing.starts_at > at + FURTHEST_AHEAD:
        return Refusal(
            "day",
            f"{say_date(timing.day)} is more than a year ahead. Check the year.",
        )
    return None


def _mentor_refusal(
    day: date, mentor: MentorStanding, assigned_names: Sequence[str]
) -> Refusal | None:
    if mentor.volunteer:
        return Refusal(
            "mentor",
            f"{mentor.name} is a volunteer, who may not deliver a session alone. "
            "Choose the mentor who did.",
        )
    if not any(day in span for span in mentor.assigned):
        instead = (
            f"{say_list(assigned_names)} was."
            if assigned_names
            else "Nobody was: ask your administrator to assign a mentor."
        )
        return Refusal(
            "mentor",
            f"{mentor.name} was not assigned to this agreement on {say_date(day)}. {instead}",
        )
    if not any(day in span for span in mentor.clearances):
        return Refusal("mentor", _uncleared(day, mentor))
    return None


def _uncleared(day: date, mentor: MentorStanding) -> str:
    if not mentor.clearances:
        return (
            f"{mentor.name} has no enhanced DBS check on record. "
            "Ask your administrator to add it, or choose another mentor."
        )
    periods = [
        say_period(span.first, span.last) if span.last else f"{say_date(span.first)} onwards"
        for span in mentor.clearances
    ]
    checks = "enhanced DBS check covers" if len(periods) == 1 else "enhanced DBS checks cover"
    return (
        f"{mentor.name}\N{RIGHT SINGLE QUOTATION MARK}s {checks} {say_list(periods)}, "
        f"not {say_date(day)}. Ask your administrator to add the check that does, "
        "or choose another mentor."
    )


def _clash(timing: Timing, mentor: MentorStanding, others: Iterable[Occupied]) -> Refusal | None:
    """A cancelled session keeps nobody busy, but two cannot begin at the same moment."""
    for other in others:
        both_real = SessionState.CANCELLED not in {timing.state, other.state}
        together = at_once(timing.starts_at, timing.minutes, other.starts_at, other.minutes)
        same = timing.starts_at == other.starts_at and not other.elsewhere
        if (both_real and together) or same:
            return Refusal("start", _two_places(mentor.name, other))
    return None


def _two_places(name: str, other: Occupied) -> str:
    if other.elsewhere:
        return (
            f"{name} is already recorded elsewhere at that time. A mentor cannot be in two places "
            "at once: check the time and the mentor."
        )
    starts = to_local(other.starts_at)
    ends = to_local(other.starts_at + timedelta(minutes=other.minutes))
    on = say_date(starts.date())
    until = say_time(ends.time())
    if ends.date() != starts.date():
        until += f" on {say_date(ends.date())}"
    where = f" on agreement {other.reference}" if other.reference else ""
    cancelled = "cancelled " if other.state is SessionState.CANCELLED else ""
    return (
        f"{name} already has a {cancelled}session from {say_time(starts.time())} on {on} to {until}"
        f"{where}. A mentor cannot be in two places at once: check the time and the mentor."
    )


def _until(timing: Timing) -> str:
    ends = to_local(timing.ends_at)
    return f"at {say_time(ends.time())} on {say_date(ends.date())}"
