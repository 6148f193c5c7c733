"""By when the law wants an open framework reopened (rules.md B8, section 49). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from portal.frameworks.rules import Regime
from portal.kernel.wording import say_date
from portal.kernel.years import anniversary

FIRST_WITHIN: Final = 3  # years from the first award
THEN_WITHIN: Final = 5  # years from each award after it
AT_MOST: Final = 8  # years in all
WARNED: Final = (365, 180, 90, 30)  # days before it is due; a round takes months


class Standing(StrEnum):
    """How near the last day is."""

    CLEAR = "clear"
    NEAR = "near"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Reopening:
    """The last day for the next award, or for the whole scheme when ``is_end``, and how it was
    counted."""

    due: date
    is_end: bool
    sentence: str

    def standing(self, today: date) -> Standing:
        """Late after the last day, near from a year before it."""
        if today > self.due:
            return Standing.LATE
        return Standing.NEAR if (self.due - today).days <= WARNED[0] else Standing.CLEAR

    def warning(self, today: date) -> int | None:
        """Which warning stands: the fewest days of those reached, 0 once it is late; or none."""
        days = (self.due - today).days
        if days < 0:
            return 0
        return min((step for step in WARNED if days <= step), default=None)


def is_checked(regime: Regime, *, open_framework: bool, light_touch: bool) -> bool:
    """Only open frameworks under the Procurement Act 2023 that are not light touch (B6, B8)."""
    return regime is Regime.ACT_2023 and open_framework and not light_touch


def reopening(starts_on: date, awards: Iterable[date]) -> Reopening:
    """When the next award of an open framework is due.

    ``starts_on`` is the day of the first award, ``awards`` are those of its rounds since. The
    first of them is due within 3 years of the first award, each further one within 5 years of the
    one before; after 8 years the scheme ends. The years begin with the day of the award.
    """
    last = max((day for day in awards if day > starts_on), default=None)
    end = _last_day(starts_on, AT_MOST)
    if last is None:
        due = _last_day(starts_on, FIRST_WITHIN)
        return Reopening(
            due,
            False,
            f"Counted {FIRST_WITHIN} years from the first award on {say_date(starts_on)}",
        )
    due = _last_day(last, THEN_WITHIN)
    if due < end:
        return Reopening(
            due, False, f"Counted {THEN_WITHIN} years from the last award on {say_date(last)}"
        )
    return Reopening(
        end, True, f"Counted {AT_MOST} years from the first award on {say_date(starts_on)}"
    )


def _last_day(first: date, years: int) -> date:
    return anniversary(first, years) - timedelta(days=1)
