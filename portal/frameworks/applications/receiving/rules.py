"""Whether a round takes an application at a moment, in words where it does not. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.frameworks.rounds.rules import Moments, RoundState, state
from portal.kernel.local_time import to_local
from portal.kernel.wording import say_date, say_datetime


def takes(round_: Moments, late_until: datetime | None, at: datetime) -> bool:
    """Whether an application that is received at this moment (UTC) counts.

    Before closing, never at it or after it; a late door lets one provider in before its own end,
    as long as the bids are sealed.
    """
    now = state(round_, at)
    through_the_door = late_until is not None and at < late_until
    return now is RoundState.OPEN or (now is RoundState.CLOSED and through_the_door)


def why_not(round_: Moments, late_until: datetime | None, at: datetime) -> str:
    """What the applicant is told, with the recorded time."""
    arrived = f"Your application arrived on {say_exactly(at)}, so it was not received."
    if round_.cancelled_at is not None:
        return f"This round was cancelled. {arrived}"
    if round_.announced_at is None or at < round_.opens_at:
        return f"This round opens on {say_datetime(round_.opens_at)}. {arrived}"
    end = max(round_.closes_at, late_until or round_.closes_at)
    return f"This round closed on {say_datetime(end)}. {arrived}"


def check_content(content: dict[str, Any], codes: Collection[str]) -> None:
    """What is sealed can be read again: categories of this round, answers by id, prices in pence.

    Nobody can put it right once it is sealed. Raises ValueError.
    """
    categories, prices = content["categories"], content["prices"]
    if not set(categories) <= set(codes) or not prices.keys() <= set(categories):
        raise ValueError("a bid is for a category that the round does not have")
    for bands in prices.values():
        if not all(isinstance(pence, int) and pence > 0 for pence in bands.values()):
            raise ValueError("a price is whole pence, above nothing")
    for version_id in content["answers"]:
        UUID(version_id)


def say_exactly(moment: datetime) -> str:
    """As "5 January 2027 at 12:00:00.251": London's clock, to the thousandth of a second."""
    local = to_local(moment)
    return f"{say_date(local.date())} at {local:%H:%M:%S}.{local.microsecond // 1000:03}"
