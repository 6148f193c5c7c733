"""Which work there is: each handler under its name, and what runs by the clock.

Modules that register any are listed in ``portal/background.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from portal.kernel.jobs.rules import Daily, EveryMinutes, Timetable
from portal.kernel.tenancy import Task

if TYPE_CHECKING:
    from portal.kernel.jobs.work import Work

Handler = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job. Without a ``scope`` it works as the organisation and person who asked."""

    name: str
    handler: Handler
    scope: Task | None
    title: str
    attempts: int
    lease: timedelta
    given_up: Handler | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A kind of job that is enqueued once in each period of its timetable."""

    name: str
    timetable: Timetable


class UnknownJob(LookupError):
    """No handler has this name; is its module in portal/background.py?"""


KINDS: dict[str, Kind] = {}
SCHEDULES: dict[str, Schedule] = {}


def job(
    name: str,
    *,
    scope: Task | None = None,
    title: str = "Work in the background",
    attempts: int = 5,
    lease: timedelta = timedelta(minutes=2),
    given_up: Handler | None = None,
) -> Callable[[Handler], Handler]:
    """Register a handler: ``def send(work: Work, **arguments) -> None``.

    It may be run twice, so whatever it does outside ``work.session`` must bear that. ``title`` is
    what the person who asked reads above its progress. After ``attempts`` it has failed for good,
    and ``given_up`` is called like the handler, in the transaction that says so. ``lease`` is how
    long it may go on without a word of progress before another worker takes it over.
    """

    def register(handler: Handler) -> Handler:
        KINDS[name] = Kind(name, handler, scope, title, attempts, lease, given_up)
        return handler

    return register


def every(
    name: str, *, scope: Task, daily: str | None = None, minutes: int | None = None
) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
    """Register a handler that runs once a day (``daily="03:00"``, London) or every so many minutes.

    However many workers there are it is enqueued once in a period; periods that passed while no
    worker ran are made up for once. Raises ValueError unless one of the two is given.
    """
    if (daily is None) == (minutes is None):
        raise ValueError("say either the time of day or how many minutes apart")
    timetable: Timetable = (
        Daily(time.fromisoformat(daily)) if daily is not None else EveryMinutes(minutes or 1)
    )

    def register(handler: Callable[[Work], None]) -> Callable[[Work], None]:
        job(name, scope=scope)(handler)
        SCHEDULES[name] = Schedule(name, timetable)
        return handler

    return register


def kind_of(name: str) -> Kind:
    """The kind of job of that name. Raises UnknownJob."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownJob(name) from None


def title_of(name: str) -> str:
    """What a job is called on its page, also one whose handler is gone."""
    return KINDS[name].title if name in KINDS else "Work in the background"
