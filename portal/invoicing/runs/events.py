"""What happens to payment runs, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    """What happens to payment runs."""

    PROPOSED = "invoicing:payment-run:proposed"
    RELEASED = "invoicing:payment-run:released"
    CANCELLED = "invoicing:payment-run:cancelled"
    TAKEN_OUT = "invoicing:payment-run:taken-out"
    EXPORTED = "invoicing:payment-run:exported"
    REMITTED = "invoicing:payment-run:remitted"


WORDS: Mapping[str, str] = {
    Event.PROPOSED: "Proposed a payment run",
    Event.RELEASED: "Released a payment run",
    Event.CANCELLED: "Cancelled a payment run",
    Event.TAKEN_OUT: "Took an invoice out of a payment run",
    Event.EXPORTED: "Took a payment run out as a file",
    Event.REMITTED: "Recorded what a payment run paid",
}
