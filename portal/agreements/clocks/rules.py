"""The clocks of an agreement: how each is counted, what meets it, what does not. Pure.

2 working days from the order form to the first contact, 10 working days from that contact to the
first meeting, 7 calendar days to a substitute (rules.md C6). The starting day is day 0. Days on
which the agreement is suspended are not counted: a clock stands still, and goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.agreements.rules import covers
from portal.kernel.errors import DomainError
from portal.kernel.wording import say_count, say_date, say_due, say_list, say_period
from portal.kernel.working_days import Deadline, add_days, add_working_days, is_working_day


class ContactKind(StrEnum):
    """What came of trying to reach a young person."""

    ATTEMPT = "attempt"
    CONTACT = "contact"
    MEETING = "meeting"


CONTACT_KIND_NAMES = {
    ContactKind.ATTEMPT: "Tried, not reached",
    ContactKind.CONTACT: "Spoke or wrote, and got an answer",
    ContactKind.MEETING: "Met",
}


class How(StrEnum):
    """By which means somebody was reached, or not."""

    PHONE = "phone"
    VOICEMAIL = "voicemail"
    MESSAGE = "message"
    LETTER = "letter"
    VIDEO = "video"
    VISIT = "visit"


HOW_NAMES = {
    How.PHONE: "Phone call",
    How.VOICEMAIL: "Voicemail",
    How.MESSAGE: "Text or e-mail",
    How.LETTER: "Letter",
    How.VIDEO: "Video call",
    How.VISIT: "In person",
}
MEETING_IN = frozenset({How.VISIT, How.VIDEO})


@dataclass(frozen=True, slots=True)
class Contact:
    """What is told of one attempt, contact or meeting."""

    kind: ContactKind
    how: How
    day: date
    words: str = ""


class UnfitContact(DomainError):
    """A contact cannot be recorded so; ``field`` is the form's field to put right."""

    status = 422

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def check_contact(contact: Contact, *, ordered_on: date | None, today: date) -> None:
    """A contact is of a day that has come, not before the order, and in a way that fits it.

    Raises UnfitContact.
    """
    if contact.day > today:
        raise UnfitContact("day", "The day must be today or earlier")
    if ordered_on is not None and contact.day < ordered_on:
        raise UnfitContact(
            "day", f"The order form is of {say_date(ordered_on)}, so the day cannot be before it"
        )
    if contact.kind is ContactKind.MEETING and contact.how not in MEETING_IN:
        raise UnfitContact("how", "A meeting is in person or by video call. Choose one of them")
    if contact.kind is not ContactKind.ATTEMPT and contact.how is How.VOICEMAIL:
        raise UnfitContact("how", "A voicemail is an attempt: nobody has answered it yet")


class ClockKind(StrEnum):
    """What a clock waits for."""

    CONTACT = "contact"
    MEETING = "meeting"
    SUBSTITUTE = "substitute"


CLOCK_NAMES = {
    ClockKind.CONTACT: "First contact",
    ClockKind.MEETING: "First meeting",
    ClockKind.SUBSTITUTE: "Substitute mentor",
}
STARTED_BY = {
    ClockKind.CONTACT: "the order form",
    ClockKind.MEETING: "the first contact",
    ClockKind.SUBSTITUTE: "the first without the mentor",
}
DAYS = {ClockKind.CONTACT: 2, ClockKind.MEETING: 10, ClockKind.SUBSTITUTE: 7}


class Pause(NamedTuple):
    """Days on which an agreement is suspended, both counted; without a last it goes on."""

    first: date
    last: date | None


class Standing(StrEnum):
    """How a clock stands on a day."""

    RUNNING = "running"
    STILL = "still"
    MISSED = "missed"
    MET = "met"
    MET_LATE = "met-late"
    STOPPED = "stopped"


STANDING_NAMES = {
    Standing.RUNNING: "Running",
    Standing.STILL: "Stands still",
    Standing.MISSED: "Missed",
    Standing.MET: "Met",
    Standing.MET_LATE: "Met late",
    Standing.STOPPED: "Stopped",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline: what it waits for, from which day, and how it ended if it has.

    ``done_on`` is the day on which it got what it waits for; ``stopped_on`` the day on which
    there was nothing more to wait for. ``pauses`` are the suspensions of its agreement; one
    without a last day is counted around once it is over.
    """

    kind: ClockKind
    starts_on: date
    done_on: date | None = None
    stopped_on: date | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def deadline(self) -> Deadline:
        """The day it is due, and how that was counted."""
        add = add_days if self.kind is ClockKind.SUBSTITUTE else add_working_days
        return add(self.starts_on, DAYS[self.kind], still=self._passes_over)

    @property
    def due_on(self) -> date:
        """The last day on which it is met in time."""
        return self.deadline.due

    def standing(self, today: date) -> Standing:
        """How it stands; one that was done late stays known as late."""
        if self.done_on is not None:
            return Standing.MET if self._in_time(self.done_on) else Standing.MET_LATE
        if self.stopped_on is not None:
            return Standing.STOPPED if self._in_time(self.stopped_on) else Standing.MISSED
        if self.pause_on(today) is not None:
            return Standing.STILL
        return Standing.MISSED if today > self.due_on else Standing.RUNNING

    def pause_on(self, day: date) -> Pause | None:
        """The suspension in which it stands still on a day; what was due before it does not."""
        return next(
            (
                one
                for one in self.pauses
                if covers(one.first, one.last, day) and one.first <= self.due_on
            ),
            None,
        )

    def counted(self) -> str:
        """The sum in words, without a full stop."""
        said = self.deadline.sentence.replace("(day 0)", f"(day 0, {STARTED_BY[self.kind]})")
        passed = [
            say_period(one.first, one.last)
            for one in self.pauses
            if one.last is not None and one.last > self.starts_on and one.first <= self.due_on
        ]
        if passed:
            said += f"; {say_list(passed)}, when the agreement is suspended, not counted"
        return said

    def ended(self, today: date) -> str:
        """What stopped it, or how long it still has, in words without a full stop."""
        ended = self.done_on or self.stopped_on
        if ended is None:
            if (pause := self.pause_on(today)) is not None:
                return self._say_still(pause)
            said = say_due(self.due_on, today)
            return f"{said[:1].upper()}{said[1:]}"
        late = 0 if self._in_time(ended) else (ended - self.due_on).days
        if ended > today:
            said = f"Arranged for {say_date(ended)}"
        else:
            said = f"{'Met' if self.done_on else 'Stopped'} on {say_date(ended)}"
        return f"{said}, {say_count(late, 'day')} late" if late > 0 else said

    def _passes_over(self, day: date) -> bool:
        return any(one.last is not None and covers(one.first, one.last, day) for one in self.pauses)

    def _in_time(self, day: date) -> bool:
        return day <= self.due_on or self.pause_on(day) is not None

    def _say_still(self, pause: Pause) -> str:
        """Since or until when it stands still, and how much of it is left."""
        calendar = self.kind is ClockKind.SUBSTITUTE
        day, left = max(self.starts_on, pause.first - timedelta(days=1)), 0
        while (day := day + timedelta(days=1)) <= self.due_on:
            left += (calendar or is_working_day(day)) and not self._passes_over(day)
        when = f"until {say_date(pause.last)}" if pause.last else f"since {say_date(pause.first)}"
        days = say_count(left, "day" if calendar else "working day")
        return f"Stands still {when}, as the agreement is suspended, with {days} left"


def order_clocks(
    ordered_on: date,
    contacts: Iterable[tuple[ContactKind, date]],
    pauses: tuple[Pause, ...] = (),
) -> list[Clock]:
    """The clocks that an order form starts, as the contacts since have left them.

    An attempt stops nothing. A meeting is a contact too. The second clock begins with the first
    contact, in time or late.
    """
    since = [(kind, day) for kind, day in contacts if day >= ordered_on]
    reached = min((day for kind, day in since if kind is not ContactKind.ATTEMPT), default=None)
    first = Clock(ClockKind.CONTACT, ordered_on, done_on=reached, pauses=pauses)
    if reached is None:
        return [first]
    met = min((day for kind, day in since if kind is ContactKind.MEETING), default=None)
    return [first, Clock(ClockKind.MEETING, reached, done_on=met, pauses=pauses)]


def remind_from(due_on: date) -> date:
    """The day of the reminder before a deadline: the last working day before it."""
    day = due_on - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
