"""How long a complaint is kept, and what stays of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.complaints.handling.clocks import Clock, Limit, Standing
from portal.complaints.handling.rules import Outcome
from portal.complaints.rules import Track, Who
from portal.kernel.years import Year, financial_year

DEFAULT_YEARS: Mapping[Track, int] = {
    Track.CHILDREN: 10,
    Track.OTHER: 6,
    Track.DATA_PROTECTION: 6,
}
"""Years after closing. No rule fixes them (rules.md C2 is of the case record): each council
checks its own schedule and sets them."""
WITHOUT_A_TRACK = 6
"""Years for what was closed without being put on a track: thanks, and worries that were met."""
ANSWERING = (Limit.ANSWER, Limit.PANEL_MEETS, Limit.REPLY_TO_PANEL)


def removed_on(closed_on: date, years: int) -> date:
    """The first day on which nothing keeps it any longer."""
    try:
        return closed_on.replace(year=closed_on.year + years)
    except ValueError:
        return date(closed_on.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """One complaint as the yearly figures count it: nothing leads back to who or what.

    ``stages`` holds for each stage that was answered whether its limits were met.
    """

    year: Year
    track: Track
    who: Who
    outcome: Outcome | None
    advocate: bool
    learned: bool
    stages: Mapping[int, bool]

    @property
    def furthest(self) -> int:
        """The last stage that was answered; 0 before any."""
        return max(self.stages, default=0)


def limits_met(clocks: Iterable[Clock]) -> dict[int, bool]:
    """For each stage with a stopped clock of the council's, whether all of them were in time."""
    met: dict[int, bool] = {}
    for clock in clocks:
        if clock.stopped_on is not None and clock.limit in ANSWERING:
            in_time = clock.standing(clock.stopped_on) is Standing.IN_TIME
            met[clock.stage] = met.get(clock.stage, True) and in_time
    return met


def overall(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    """The outcome of a whole complaint: partly upheld when its points differ."""
    found = {one for one in outcomes if one is not None}
    if len(found) > 1:
        return Outcome.PARTLY
    return next(iter(found), None)


def year_of(received_on: date) -> Year:
    """The year that a complaint is counted in: April to March."""
    return financial_year(received_on)
