"""What the checks look at, gathered alike for a draft and for a submitted invoice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from portal.agreements.rules import Authorised
from portal.evidence.rules import EvidenceKind
from portal.frameworks.rules import PlaceState, Unit
from portal.invoicing.mechanisms import AgreedPrice
from portal.kernel.money import Money
from portal.kernel.months import Month


class Term(NamedTuple):
    """The days that something holds, both counted; without an end it goes on."""

    starts_on: date
    ends_on: date | None


class ChargedSession(NamedTuple):
    """A session as charged, with its mentor's standing."""

    starts_at: datetime
    day: date
    minutes: int
    mentor: str
    volunteer: bool
    clearances: tuple[Term, ...]


class AgreementFacts(NamedTuple):
    """What the checks ask of an agreement. Quantities are in parts of its unit.

    ``parts_by_day`` are all its delivered parts on the days of the weeks concerned;
    ``charged_elsewhere`` those already on other invoices, and ``charged_until`` their last day.
    """

    reference: str
    unit: Unit
    term: Term
    place: Term
    place_state: PlaceState
    prices: tuple[AgreedPrice, ...]
    authorised: tuple[Authorised, ...]
    parts_by_day: Mapping[date, int]
    charged_elsewhere: int
    charged_until: date
    months_invoiced: Mapping[Month, str]


class LineFacts(NamedTuple):
    """One line, drafted or submitted.

    ``raised_from`` is the price before, of a line that charges the rise of what was approved.
    """

    position: int
    agreement_id: UUID
    service_month: Month
    contract_year: date
    first_day: date
    last_day: date
    parts: int
    price: Money
    net: Money
    counts_towards_cap: bool = True
    sessions: tuple[ChargedSession, ...] = ()
    corrects: bool = False
    raised_from: Money | None = None


class LateReport(NamedTuple):
    """A termly report of an agreement that should have been submitted."""

    agreement_id: UUID
    term: str
    due: date


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the checks look at. ``caps`` are by the first day of the contract year."""

    month: Month
    today: date
    lines: tuple[LineFacts, ...]
    agreements: Mapping[UUID, AgreementFacts]
    unpriced: tuple[tuple[str, date], ...] = ()
    evidence: Mapping[EvidenceKind, tuple[Term, ...]] = field(default_factory=dict)
    has_vat_evidence: bool = True
    has_bank_details: bool = True
    caps: Mapping[date, tuple[Money, Money]] = field(default_factory=dict)
    late_reports: tuple[LateReport, ...] = ()

    def of(self, line: LineFacts) -> AgreementFacts:
        """The line's agreement."""
        return self.agreements[line.agreement_id]


def by_agreement(facts: Facts) -> dict[UUID, list[LineFacts]]:
    """The lines of each agreement, in their order."""
    grouped: dict[UUID, list[LineFacts]] = {}
    for line in facts.lines:
        grouped.setdefault(line.agreement_id, []).append(line)
    return grouped
