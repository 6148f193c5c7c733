"""An agreement's clocks as its pages show them: due when, counted how, waiting for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.agreements.clocks.models import KeptClock
from portal.agreements.clocks.rules import CLOCK_NAMES, STANDING_NAMES, Standing
from portal.kernel.wording import say_date

TONES = {
    Standing.RUNNING: "info",
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
    """A clock in words; ``waits_for`` is the provider while it is open, else nobody."""
    clock = kept.clock
    standing = clock.standing(today)
    return ShownClock(
        name=CLOCK_NAMES[clock.kind],
        due=say_date(clock.due_on),
        tag=STANDING_NAMES[standing],
        tone=TONES[standing],
        counted=clock.counted(),
        ended=clock.ended(today),
        waits_for=provider if kept.is_open else "",
    )


def all_shown(clocks: Iterable[KeptClock], provider: str, today: date) -> list[ShownClock]:
    """An agreement's clocks in words, in their order."""
    return [shown(one, provider, today) for one in clocks]
