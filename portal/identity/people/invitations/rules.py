"""How long an invitation stands, and what has become of it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

INVITED_FOR = timedelta(days=7)
MOST_WAITING = 50
"""Requests to join that wait at once for one organisation; more are dropped."""


class Standing(StrEnum):
    """What has become of an invitation."""

    WAITING = "waiting"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


STANDING_NAMES = {
    Standing.WAITING: "Waiting for an answer",
    Standing.EXPIRED: "Not answered in time",
    Standing.ACCEPTED: "Accepted",
    Standing.WITHDRAWN: "Withdrawn",
}


def standing(
    *,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    expires_at: datetime,
    at: datetime,
) -> Standing:
    """How an invitation stands; only a waiting one can be accepted."""
    if accepted_at is not None:
        return Standing.ACCEPTED
    if withdrawn_at is not None:
        return Standing.WITHDRAWN
    return Standing.WAITING if at < expires_at else Standing.EXPIRED


def domain_named(words: str) -> str | None:
    """The domain that somebody typed instead of an organisation's name; None for a name."""
    plain = words.strip().lower().removeprefix("@")
    return plain if "." in plain and " " not in plain and "@" not in plain else None
