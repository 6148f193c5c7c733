"""When access is reviewed, when administrators are reminded, and who confirms whom. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from portal.kernel.months import Month

EVERY_MONTHS = 6
REMIND_BEFORE = timedelta(days=14)
REMIND_EVERY = timedelta(days=7)


def next_review(after: date) -> date:
    """The day by which the next review is due: six months on, or that month's last day."""
    month = Month.of(after).plus(EVERY_MONTHS)
    return month.first.replace(day=min(after.day, month.last.day))


def is_near(due_on: date, today: date) -> bool:
    """Whether a review is due within 14 days, or overdue."""
    return today >= due_on - REMIND_BEFORE


def is_overdue(due_on: date, today: date) -> bool:
    """Whether the day has passed."""
    return today > due_on


def reminder_due(due_on: date, reminded_on: date | None, today: date) -> bool:
    """Whether administrators are reminded today: 14 days before, on the day, then every week.

    A reminder that was missed because nothing ran is made up for, once.
    """
    if not is_near(due_on, today):
        return False
    turn = due_on - REMIND_BEFORE
    if today >= due_on:
        turn = due_on + REMIND_EVERY * ((today - due_on) // REMIND_EVERY)
    return reminded_on is None or reminded_on < turn


def may_confirm(person_id: UUID, by: UUID, administrators: Collection[UUID]) -> bool:
    """Nobody confirms their own roles, unless no other administrator could."""
    return person_id != by or set(administrators) <= {by}
