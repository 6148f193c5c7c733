"""VAT on an invoice: its category from the provider's evidence, its rate by date, its sum.

Sources: rules.md B12 to B15; VATA 1994 Schedule 9 Group 7 item 9 (welfare services).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from portal.kernel.errors import DomainError
from portal.kernel.money import ZERO, Money

_VAT_NUMBER = re.compile(r"(GB|XI)([0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2})")

# The standard rate, in per cent, from each date on (VATA 1994 s.2 and its temporary orders).
STANDARD_RATES: tuple[tuple[date, Decimal], ...] = (
    (date(1991, 4, 1), Decimal("17.5")),
    (date(2008, 12, 1), Decimal(15)),
    (date(2010, 1, 1), Decimal("17.5")),
    (date(2011, 1, 4), Decimal(20)),
)


class BadVatEvidence(DomainError, ValueError):
    """The VAT number has not the form of one."""

    status = 422
    sentence = "Enter the VAT number as GB and its digits without spaces, like GB123456789."


class NoVatEvidence(DomainError, ValueError):
    """Nothing says how VAT treats the provider on that day, and nothing is assumed."""

    sentence = "There is no evidence of the supplier's VAT position on that day. Add it first."


class MixedVat(DomainError, ValueError):
    """Category O shares an invoice with nothing else (rules.md B14, BR-O-12)."""

    sentence = (
        "A supplier that is not registered for VAT cannot put VAT or exempt lines on the"
        " same invoice. Put those lines on an invoice of their own."
    )


class VatCategory(StrEnum):
    """How VAT treats a line, by its UNCL 5305 code."""

    EXEMPT = "E"
    NOT_REGISTERED = "O"
    STANDARD = "S"


@dataclass(frozen=True, slots=True)
class VatEvidence:
    """What a provider has shown about its VAT position, from `starts_on` on.

    `vat_number` begins with its country ("GB123456789"); without one the provider is not
    registered. A charity number, an Ofsted URN (state-regulated) or being a public body is
    what lets welfare services be exempt (rules.md B13).

    Raises BadVatEvidence for a VAT number that is none.
    """

    starts_on: date
    vat_number: str | None = None
    charity_number: str | None = None
    ofsted_urn: str | None = None
    public_body: bool = False

    def __post_init__(self) -> None:
        if self.vat_number and not _VAT_NUMBER.fullmatch(self.vat_number):
            raise BadVatEvidence

    @property
    def vat_registered(self) -> bool:
        """Whether the provider charges VAT at all."""
        return bool(self.vat_number)

    @property
    def welfare_exempt(self) -> bool:
        """Whether its welfare services are exempt. Staff DBS checks or a council's own
        monitoring are no basis (rules.md B13: Learning Centre, LIFE Services)."""
        return bool(self.charity_number or self.ofsted_urn or self.public_body)


class TaxedLine(Protocol):
    """What `vat_sums` reads of a line."""

    @property
    def net(self) -> Money: ...
    @property
    def vat_category(self) -> VatCategory: ...
    @property
    def vat_rate(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class VatSum:
    """One category of an invoice: its net sum and the VAT on it. `rate` is in per cent."""

    category: VatCategory
    rate: Decimal
    net: Money
    vat: Money
    exemption_code: str | None
    exemption_reason: str | None


_EXEMPTIONS: dict[VatCategory, tuple[str, str]] = {
    VatCategory.EXEMPT: (
        "VATEX-EU-132-1H",
        "Exempt: VATA 1994 Schedule 9 Group 7 item 9 (welfare services)",
    ),
    VatCategory.NOT_REGISTERED: (
        "VATEX-EU-O",
        "No VAT: the supplier is not registered for VAT",
    ),
}


def vat_category(evidence: VatEvidence, on: date) -> VatCategory:
    """The category of the provider's welfare services on the tax point `on` (B13, B14).

    Not registered is O; registered with a welfare basis is E; otherwise S.
    Raises NoVatEvidence for a day before the evidence starts.
    """
    if on < evidence.starts_on:
        raise NoVatEvidence
    if not evidence.vat_registered:
        return VatCategory.NOT_REGISTERED
    return VatCategory.EXEMPT if evidence.welfare_exempt else VatCategory.STANDARD


def vat_rate(category: VatCategory, on: date) -> Decimal:
    """The rate in per cent on that day; 0 for E and O, which show none.

    Raises ValueError for a taxable supply before 1 April 1991.
    """
    if category is not VatCategory.STANDARD:
        return Decimal(0)
    rates = [rate for start, rate in STANDARD_RATES if start <= on]
    if not rates:
        raise ValueError(f"no standard rate of VAT is known for {on:%d.%m.%Y}")
    return rates[-1]


def vat_sums(lines: Iterable[TaxedLine]) -> tuple[VatSum, ...]:
    """The VAT of an invoice: once per category and rate on its net sum, half a penny up.

    Ordered by category and rate. Raises MixedVat when O stands beside another category.
    """
    nets: dict[tuple[VatCategory, Decimal], Money] = {}
    for line in lines:
        kind = (line.vat_category, line.vat_rate)
        nets[kind] = nets.get(kind, ZERO) + line.net
    categories = {category for category, _ in nets}
    if VatCategory.NOT_REGISTERED in categories and len(categories) > 1:
        raise MixedVat
    return tuple(
        VatSum(
            category,
            rate,
            net,
            net.percent(rate),
            *_EXEMPTIONS.get(category, (None, None)),
        )
        for (category, rate), net in sorted(nets.items())
    )
