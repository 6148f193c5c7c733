"""Notices of change or risk to delivery: their kinds, and what came of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class RiskKind(StrEnum):
    """What changes, or may go wrong."""

    STAFF = "staff"
    PREMISES = "premises"
    INSURANCE = "insurance"
    REGISTRATION = "registration"
    SUB_CONTRACTOR = "sub-contractor"
    FINANCES = "finances"
    DATA = "data"
    OTHER = "other"


KIND_NAMES = {
    RiskKind.STAFF: "Staff: somebody leaves or is away, or there are too few",
    RiskKind.PREMISES: "Premises or transport",
    RiskKind.INSURANCE: "Insurance",
    RiskKind.REGISTRATION: "Registration or inspection",
    RiskKind.SUB_CONTRACTOR: "A sub-contractor",
    RiskKind.FINANCES: "The organisation's finances, ownership or name",
    RiskKind.DATA: "Personal data: lost, sent to the wrong person, or seen by somebody",
    RiskKind.OTHER: "Something else",
}
KIND_TITLES = {kind: name.partition(":")[0] for kind, name in KIND_NAMES.items()}


class RiskOutcome(StrEnum):
    """What came of a notice."""

    SETTLED = "settled"
    DELIVERY_CHANGED = "delivery-changed"
    AGREEMENT_CHANGED = "agreement-changed"
    WATCHED = "watched"


OUTCOME_NAMES = {
    RiskOutcome.SETTLED: "It was settled, and delivery goes on as it was",
    RiskOutcome.DELIVERY_CHANGED: "Delivery goes on in another way",
    RiskOutcome.AGREEMENT_CHANGED: "Agreements were changed, suspended or ended",
    RiskOutcome.WATCHED: "It is watched in contract meetings from now on",
}


@dataclass(frozen=True, slots=True)
class About:
    """The contract that a notice is about, and the one agreement if it is about no more."""

    council_id: UUID
    framework_id: UUID
    agreement_id: UUID | None = None
