"""Terms, units and facts for the rules of the month end; any figure may be named instead."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from portal.evidence.rules import NEEDED_TO_DELIVER
from portal.frameworks.rules import Mechanism, PlaceState, Unit
from portal.invoicing.checks import (
    AgreementFacts,
    ChargedSession,
    Facts,
    LineFacts,
    Term,
)
from portal.invoicing.mechanisms import AgreedPrice, Delivered, Terms
from portal.kernel.money import Money
from portal.kernel.months import Month

AGREEMENT = UUID(int=1)
APRIL = Month(2026, 4)
AFTERWARDS = date(2026, 5, 2)
ALWAYS = Term(date(2020, 1, 1), None)


def make_terms(
    unit: Unit = Unit.HOUR,
    *prices: tuple[date, str],
    framework_starts_on: date = date(2025, 9, 1),
    reference: str = "IA-1",
    agreement_id: UUID = AGREEMENT,
) -> Terms:
    """An agreement's terms: £42.00 from January 2026 unless prices are named."""
    return Terms(
        agreement_id,
        reference,
        "Mentoring",
        Mechanism.NIGHTLY_SHARE if unit is Unit.NIGHT else Mechanism.UNIT,
        unit,
        framework_starts_on,
        tuple(
            AgreedPrice(starts_on, Money.pounds(price))
            for starts_on, price in prices or [(date(2026, 1, 1), "42.00")]
        ),
    )


def make_unit(first: date, minutes: int = 60, *hands: str) -> Delivered:
    """A session of some minutes on a day."""
    return Delivered(first, first, minutes, hands)


def make_nights(first: date, last: date) -> Delivered:
    """Nights from the first to the last, both counted."""
    return Delivered(first, last, (last - first).days + 1)


def make_agreement_facts(**changes: Any) -> AgreementFacts:
    """An hourly agreement at £42.00 in force on every day, with nothing authorised."""
    values: dict[str, Any] = {
        "reference": "IA-1",
        "unit": Unit.HOUR,
        "term": ALWAYS,
        "place": ALWAYS,
        "place_state": PlaceState.ACTIVE,
        "prices": (AgreedPrice(date(2020, 1, 1), Money.pounds("42.00")),),
        "authorised": (),
        "parts_by_day": {},
        "charged_elsewhere": 0,
        "charged_until": date(2020, 1, 1),
        "months_invoiced": {},
    }
    return AgreementFacts(**(values | changes))


def make_line_facts(position: int = 1, **changes: Any) -> LineFacts:
    """5.5 hours of April at £42.00: £231.00."""
    values: dict[str, Any] = {
        "agreement_id": AGREEMENT,
        "service_month": APRIL,
        "contract_year": date(2025, 9, 1),
        "first_day": date(2026, 4, 16),
        "last_day": date(2026, 4, 30),
        "parts": 330,
        "price": Money.pounds("42.00"),
        "net": Money.pounds("231.00"),
    }
    return LineFacts(position=position, **(values | changes))


def make_charged_session(
    day: date = date(2026, 4, 16),
    hour: int = 10,
    minutes: int = 60,
    *clearances: Term,
    mentor: str = "Sam Mentor",
    volunteer: bool = False,
) -> ChargedSession:
    """A session as charged, by a mentor cleared on every day unless clearances are named."""
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return ChargedSession(starts_at, day, minutes, mentor, volunteer, clearances or (ALWAYS,))


def make_facts(*lines: LineFacts, agreement: AgreementFacts | None = None, **changes: Any) -> Facts:
    """April's facts in May with everything in order, so that each test breaks one thing."""
    values: dict[str, Any] = {
        "month": APRIL,
        "today": AFTERWARDS,
        "lines": lines or (make_line_facts(),),
        "agreements": {AGREEMENT: agreement or make_agreement_facts()},
        "evidence": dict.fromkeys(NEEDED_TO_DELIVER, (ALWAYS,)),
    }
    return Facts(**(values | changes))
