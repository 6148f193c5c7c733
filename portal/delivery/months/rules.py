"""What a month of delivery comes to, and what it still lacks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.delivery.rules import Nights
from portal.kernel.months import MONTH_NAMES
from portal.kernel.wording import say_count, say_hours, say_list

MOST_GAPS = 4


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """Counts of one agreement's month; ``minutes`` were delivered, ``planned`` minutes planned.

    ``passed`` are sessions still said to be scheduled although their time has come.
    """

    delivered: int = 0
    minutes: int = 0
    not_attended: int = 0
    cancelled: int = 0
    scheduled: int = 0
    passed: int = 0
    invoiced: int = 0
    planned: int = 0

    @property
    def against_plan(self) -> str:
        """As "6 hours planned, 4.5 hours delivered; 1 cancelled"; "" unplanned."""
        if not self.planned:
            return ""
        missed = [
            f"{number} {words}"
            for number, words in (
                (self.not_attended, "not attended"),
                (self.cancelled, "cancelled"),
                (self.scheduled, "still scheduled"),
            )
            if number
        ]
        said = f"{say_hours(self.planned)} planned, {say_hours(self.minutes)} delivered"
        return f"{said}; {say_list(missed)}" if missed else said

    @property
    def words(self) -> str:
        """As "3 sessions, 5.5 hours", or "None"."""
        if not self.delivered:
            return "None"
        return f"{say_count(self.delivered, 'session')}, {say_hours(self.minutes)}"

    @property
    def lacks(self) -> str:
        """What somebody must still do, or "" when nothing."""
        if self.passed:
            have = "session has" if self.passed == 1 else "sessions have"
            return f"{self.passed} scheduled {have} passed: say what happened"
        if not (self.delivered or self.not_attended or self.cancelled or self.scheduled):
            return "No session recorded yet"
        return ""

    @property
    def wholly_invoiced(self) -> bool:
        """Whether everything delivered is on an invoice."""
        return 0 < self.delivered == self.invoiced


@dataclass(frozen=True, slots=True)
class NightFigures:
    """Nights of one agreement's month; ``within`` are those on which the agreement runs."""

    within: int
    present: int
    absent: int
    invoiced: int
    missing: tuple[Nights, ...]

    @property
    def words(self) -> str:
        """As "28 of 30 nights recorded, 2 absent"."""
        recorded = f"{self.present + self.absent} of {say_count(self.within, 'night')} recorded"
        return f"{recorded}, {self.absent} absent" if self.absent else recorded

    @property
    def lacks(self) -> str:
        """As "11 to 30 April not recorded yet", or ""."""
        if not self.missing:
            return ""
        gaps = [say_gap(gap.first, gap.last) for gap in self.missing[:MOST_GAPS]]
        if len(self.missing) > MOST_GAPS:
            gaps.append("other nights")
        return f"{say_list(gaps)} not recorded yet"

    @property
    def wholly_invoiced(self) -> bool:
        """Whether all nights present are on an invoice."""
        return 0 < self.present == self.invoiced


def say_gap(first: date, last: date) -> str:
    """As "11 to 30 April", both days of one month."""
    days = str(first.day) if first == last else f"{first.day} to {last.day}"
    return f"{days} {MONTH_NAMES[first.month - 1]}"
