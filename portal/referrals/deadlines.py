"""Until when providers may answer. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date, to_local, to_utc
from portal.kernel.wording import say_datetime
from portal.kernel.working_days import add_working_days

ANSWER_DAYS = 3  # working days that providers usually have
START_DAYS = 10  # working days until the usual first day
ENDS_AT = time(17)
EMERGENCY_HOURS = timedelta(hours=2)
LAST_MINUTE = time(23, 59)


class BadDeadline(DomainError):
    """The deadline is past, no later than before, or for an emergency on another day."""

    status = 422


def usual_deadline(at: datetime, *, emergency: bool) -> datetime:
    """5pm on the third working day; for an emergency 5pm today, at least two hours on."""
    today = local_date(at)
    if not emergency:
        return _london(add_working_days(today, ANSWER_DAYS).due, ENDS_AT)
    latest = _london(today, LAST_MINUTE)
    return min(max(_london(today, ENDS_AT), at + EMERGENCY_HOURS), latest)


def usual_start(today: date) -> date:
    """The first day that a new referral suggests, so that there is time for offers and order."""
    return add_working_days(today, START_DAYS).due


def check_deadline(respond_by: datetime, at: datetime, *, emergency: bool) -> None:
    """Raise BadDeadline for one that is past, or not on the very day for an emergency."""
    if respond_by <= at:
        raise BadDeadline("The deadline must be in the future, so that providers can answer")
    if emergency and local_date(respond_by) != local_date(at):
        raise BadDeadline("An emergency is answered on the day it is sent: enter today's date")


def check_later(respond_by: datetime, until: datetime) -> None:
    """Raise BadDeadline for a moment that would take time away from those who were asked."""
    if respond_by <= until:
        raise BadDeadline(f"Providers can answer until {say_datetime(until)} already: enter later")


def tier_deadline(at: datetime, hours: int | None, respond_by: datetime, *, last: bool) -> datetime:
    """Until when one tier may answer: its hours, but never beyond the referral's deadline.

    The last tier has all the time that is left.
    """
    if last or hours is None:
        return respond_by
    return min(at + timedelta(hours=hours), respond_by)


def _london(day: date, clock: time) -> datetime:
    return to_utc(datetime.combine(day, clock))


def as_entered(utc: datetime) -> tuple[date, time]:
    """The day and the time of a deadline as London's clocks show them, for a form."""
    local = to_local(utc)
    return local.date(), local.time().replace(second=0, microsecond=0)
