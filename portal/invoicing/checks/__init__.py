"""The checks that provider and approver both see, in words with figures. Pure.

A check that blocks stops submission and approval; one that holds stops approval until a budget
holder acts; one that warns stops nothing. What the checks need is gathered in ``Facts``, alike
for a draft and for an invoice that was submitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from portal.invoicing.checks.agreements import (
    agreement_live,
    late,
    place_live,
    price_agreed,
    within_authorised,
)
from portal.invoicing.checks.delivered import mentor_cleared, no_overlap
from portal.invoicing.checks.facts import (
    AgreementFacts,
    ChargedSession,
    Facts,
    LineFacts,
    Term,
)
from portal.invoicing.checks.findings import Check, Severity
from portal.invoicing.checks.surroundings import (
    bank_details,
    evidence_in_date,
    month_over,
    more_than_taken_off,
    reports_in,
    something_to_charge,
    vat_evidence,
    within_cap,
)

__all__ = [
    "AgreementFacts",
    "ChargedSession",
    "Check",
    "Facts",
    "LineFacts",
    "Severity",
    "Term",
    "blocked_lines",
    "blocking",
    "check",
]

RULES: tuple[Callable[[Facts], Iterator[Check]], ...] = (
    something_to_charge,
    more_than_taken_off,
    month_over,
    vat_evidence,
    agreement_live,
    place_live,
    price_agreed,
    within_authorised,
    no_overlap,
    mentor_cleared,
    within_cap,
    late,
    evidence_in_date,
    reports_in,
    bank_details,
)


def check(facts: Facts) -> list[Check]:
    """Every finding, the gravest first; where nothing is found, what passed."""
    found = [finding for rule in RULES for finding in rule(facts)]
    order = list(Severity)
    return sorted(found, key=lambda finding: (order.index(finding.severity), finding.lines))


def blocking(checks: Iterable[Check]) -> list[Check]:
    """Those that stop submission."""
    return [each for each in checks if each.severity is Severity.BLOCKS]


def blocked_lines(checks: Iterable[Check]) -> frozenset[int]:
    """The positions of lines that cannot be approved as they stand."""
    return frozenset(
        position for each in checks if each.severity is Severity.BLOCKS for position in each.lines
    )
