"""When a job is tried again, and when a schedule is due. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from portal.kernel.errors import DomainError
from portal.kernel.local_time import LONDON, local_date

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)


class JobState(StrEnum):
    """Waiting for a worker, leased by one, or ended well or badly."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class GiveUp(DomainError):
    """A handler says that trying again is of no use; the sentence says why."""


def wait_after(attempts: int, chance: float) -> timedelta:
    """How long a job waits after so many attempts that failed: 10 seconds, 30, 90 … 6 hours.

    ``chance``, from 0 to 1, spreads it from half of that to one and a half times, so that what
    failed together does not come back together.
    """
    # The power need not be worked out far beyond the longest wait.
    wait = min(FIRST_WAIT * float(3 ** min(attempts - 1, 10)), LONGEST_WAIT)
    return wait * (0.5 + chance)


@dataclass(frozen=True, slots=True)
class Period:
    """The latest turn of a schedule: a key of its own, and the moment it was due (UTC)."""

    key: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at this time of London's clocks."""

    at: time

    def latest(self, now: datetime) -> Period:
        """The last turn that is due by now (UTC).

        A time that the clocks skip in March counts as an hour later; of one that comes twice in
        October, the first.
        """
        today = local_date(now)
        if self._on(today) > now:
            today -= timedelta(days=1)
        return Period(today.isoformat(), self._on(today))

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, self.at, tzinfo=LONDON).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class EveryMinutes:
    """Every so many minutes, counted from the beginning of 1970."""

    minutes: int

    def latest(self, now: datetime) -> Period:
        """The last turn that is due by now (UTC)."""
        turn = int(now.timestamp()) // (self.minutes * 60)
        return Period(str(turn), datetime.fromtimestamp(turn * self.minutes * 60, UTC))


Timetable = Daily | EveryMinutes
