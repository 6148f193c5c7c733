"""States of an Individual Agreement, and when it and its mentor are good for a day. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class AgreementState(StrEnum):
    """Where an Individual Agreement stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    TRANSFERRED = "transferred"


AGREEMENT_STATE_NAMES = {
    AgreementState.ACTIVE: "Active",
    AgreementState.SUSPENDED: "Suspended",
    AgreementState.ENDED: "Ended",
    AgreementState.TRANSFERRED: "Transferred",
}


def covers(starts_on: date, ends_on: date | None, day: date) -> bool:
    """Whether a term holds a day; its last day counts, and without an end it goes on."""
    return starts_on <= day and (ends_on is None or day <= ends_on)
