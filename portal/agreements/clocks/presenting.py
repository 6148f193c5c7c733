"""An agreement's clocks as its pages show them: due when, counted how, waiting for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.agreements.clocks.models import KeptClock
from portal.agreements.clocks.rules import CLOCK_NAMES, STANDING_NAMES, Clock, Standing
from portal.kernel.wording import say_date

TONES = {
    Standing.RUNNING: "info",
    Standing.STILL: "neutral",
    Standing.MISSED: "bad",
    Standing.MET: "good",
    Standing.MET_LATE: "warn",
    Standing.STOPPED: "neutral",
}


@dataclass(frozen=True, slots=True)
class ShownClock:
    """One clock in words."""

    name: str
    due: str
    tag: str
    tone: str
    counted: str
    ended: str
    waits_for: str


def shown(kept: KeptClock, provider: str, today: date) -> ShownClock:
    """A clock in words; ``waits_for`` is the provider while it runs, else nobody."""
    clock = kept.clock
    standing = clock.standing(today)
    return ShownClock(
        name=CLOCK_NAMES[clock.kind],
        due=_say_day(clock, today),
        tag=STANDING_NAMES[standing],
        tone=TONES[standing],
        counted=clock.counted(),
        ended=clock.ended(today),
        waits_for=provider if kept.is_open and standing is not Standing.STILL else "",
    )


def _say_day(clock: Clock, today: date) -> str:
    """The day that it is due; while it stands still without an end there is none yet."""
    pause = clock.pause_on(today) if clock.standing(today) is Standing.STILL else None
    if pause is not None and pause.last is None:
        return "a day that is counted when the agreement goes on"
    return say_date(clock.due_on)


def all_shown(clocks: Iterable[KeptClock], provider: str, today: date) -> list[ShownClock]:
    """An agreement's clocks in words, in their order."""
    return [shown(one, provider, today) for one in clocks]
