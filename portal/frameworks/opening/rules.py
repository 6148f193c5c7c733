"""When and by whom a round's bids may be opened, and why not. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from portal.frameworks.rounds.rules import Moments, RoundState, state
from portal.kernel.wording import say_datetime

OPENERS = 2
DRILLED_EVERY = timedelta(days=366)


class WhyNot(StrEnum):
    """Why a share of a round's key is not taken."""

    NOT_NAMED = "not-named"
    TOO_EARLY = "too-early"
    CANCELLED = "cancelled"
    OPENED = "opened"
    GIVEN = "given"
    SAME_PERSON = "same-person"
    NO_SHARE = "no-share"
    WRONG_PHRASE = "wrong-phrase"
    NOT_ITS_KEY = "not-its-key"


def drill_overdue(drilled_at: datetime, at: datetime) -> bool:
    """Whether the escrow key was last drilled over a year ago."""
    return at - drilled_at > DRILLED_EVERY


def why_not_yet(
    round_: Moments, openable_from: datetime, at: datetime
) -> tuple[WhyNot, str] | None:
    """Why nobody may open a round at a moment, with the sentence; None where two people may.

    ``openable_from`` is its closing, or the end of its last late door.
    """
    now = state(round_, at)
    if now is RoundState.CANCELLED:
        return WhyNot.CANCELLED, "This round was cancelled. Its bids are never opened."
    if round_.opened_at is not None:
        said = f"This round was opened on {say_datetime(round_.opened_at)}."
        return WhyNot.OPENED, said
    if round_.announced_at is None:
        return WhyNot.TOO_EARLY, "This round is not announced, so there is nothing to open."
    if at < round_.closes_at:
        said = f"This round closes on {say_datetime(round_.closes_at)}."
        return WhyNot.TOO_EARLY, f"{said} Nobody can open it before."
    if at < openable_from:
        said = f"A provider may still send its bid until {say_datetime(openable_from)}."
        return WhyNot.TOO_EARLY, f"{said} Nobody can open the round before."
    return None
