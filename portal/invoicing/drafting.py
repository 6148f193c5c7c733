"""A consolidated invoice assembled from what was delivered and not yet invoiced. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from portal.invoicing.adjustments.rules import Raised, adjustment_lines
from portal.invoicing.mechanisms import CHARGING, Charge, Delivered, DraftLine, Terms
from portal.invoicing.vat import VatCategory, VatEvidence, VatSum, vat_category, vat_rate, vat_sums
from portal.kernel.money import Money
from portal.kernel.months import Month


@dataclass(frozen=True, slots=True)
class Taxed:
    """A line's net with its VAT category, as the VAT sum needs it."""

    net: Money
    vat_category: VatCategory
    vat_rate: Decimal


@dataclass(frozen=True, slots=True)
class VatTreatment:
    """How the provider's services are taxed on the invoice's tax point.

    ``category`` and ``rate`` are those of its welfare services.
    """

    category: VatCategory
    rate: Decimal
    vat_number: str | None
    standard_rate: Decimal

    @classmethod
    def of(cls, evidence: VatEvidence | None, on: date) -> VatTreatment | None:
        """From the provider's evidence, never a default (B14); None where there is none."""
        if evidence is None or evidence.starts_on > on:
            return None
        category = vat_category(evidence, on)
        standard = vat_rate(VatCategory.STANDARD, on)
        return cls(category, vat_rate(category, on), evidence.vat_number, standard)

    def of_line(self, line: DraftLine) -> Taxed:
        """A line's net with its category: what is no welfare service is not exempt (B13)."""
        if line.terms.taxed and self.category is VatCategory.EXEMPT:
            return Taxed(line.net, VatCategory.STANDARD, self.standard_rate)
        return Taxed(line.net, self.category, self.rate)


@dataclass(frozen=True, slots=True)
class DraftSection:
    """One Individual Agreement's lines."""

    terms: Terms
    lines: tuple[DraftLine, ...]
    unpriced: tuple[Charge, ...]

    @property
    def net(self) -> Money:
        """The section's sum without VAT."""
        return Money.total(line.net for line in self.lines)


@dataclass(frozen=True)
class Draft:
    """What the month's invoice would be now: one section per agreement, by reference."""

    month: Month
    sections: tuple[DraftSection, ...]
    vat: VatTreatment | None

    @cached_property
    def lines(self) -> tuple[DraftLine, ...]:
        """Every line in the order of the sections."""
        return tuple(line for section in self.sections for line in section.lines)

    @cached_property
    def net(self) -> Money:
        """The sum of the lines."""
        return Money.total(line.net for line in self.lines)

    @cached_property
    def vat_sums(self) -> tuple[VatSum, ...]:
        """VAT once per category, on its net sum; empty while the evidence is missing."""
        treatment = self.vat
        if treatment is None:
            return ()
        return vat_sums(treatment.of_line(line) for line in self.lines)

    @property
    def vat_total(self) -> Money:
        """The VAT altogether."""
        return Money.total(each.vat for each in self.vat_sums)

    @property
    def total(self) -> Money:
        """Net and VAT together."""
        return self.net + self.vat_total


def sum_by_year(items: Iterable[tuple[date, Money]]) -> dict[date, Money]:
    """Sums by the first day of their contract year."""
    sums: dict[date, Money] = {}
    for year, net in items:
        sums[year] = sums.get(year, Money(0)) + net
    return sums


def assemble(
    month: Month,
    terms: Mapping[UUID, Terms],
    delivered: Mapping[UUID, Sequence[Delivered]],
    vat: VatTreatment | None,
    raised: Mapping[UUID, Sequence[Raised]] | None = None,
) -> Draft:
    """Charge each agreement's delivered units by its mechanism, one section per agreement.

    ``terms``, ``delivered`` and ``raised`` are keyed by agreement. Units of earlier months that
    were never invoiced come along on lines of their own month, and so does what a price that
    rose since adds to what was approved.
    """
    sections = []
    raised = raised or {}
    for agreement_id in {**delivered, **raised}:
        of_agreement = terms[agreement_id]
        charged = CHARGING[of_agreement.mechanism](of_agreement, delivered.get(agreement_id, ()))
        lines = (*adjustment_lines(of_agreement, raised.get(agreement_id, ())), *charged.lines)
        by_month = sorted(lines, key=lambda line: line.service_month)
        sections.append(DraftSection(of_agreement, tuple(by_month), charged.unpriced))
    sections.sort(key=lambda section: section.terms.reference)
    return Draft(month, tuple(sections), vat)
