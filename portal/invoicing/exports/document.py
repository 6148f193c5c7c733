"""An issued invoice as a frozen value: all that any file of it may say.

No field holds a young person or a worker: an agreement is an opaque reference
(rules.md C1 and G2). The sums are checked when the value is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.frameworks.rules import Unit
from portal.invoicing.vat import VatCategory, VatSum, vat_sums
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_hours

_EIGHT_PLACES = Decimal("0.00000001")


class UnsoundDocument(ValueError):
    """The parts of a document disagree, so no file of it may be issued."""


@dataclass(frozen=True, slots=True)
class Party:
    """One side of an invoice. `contact_name` is a role, such as "Accounts team";
    the endpoint is its electronic address (see endpoints.py)."""

    legal_name: str
    trading_name: str
    street: str
    city: str
    postcode: str
    company_number: str | None
    vat_number: str | None
    endpoint_scheme: str | None
    endpoint_id: str | None
    contact_name: str
    contact_email: str | None


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where the supplier is paid."""

    name: str
    number: str
    sort_code: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an agreement. `parts` are minutes, sessions or nights by its unit, below
    0 when it takes back; `price` is for an hour, a session or a week; `decision` is the
    approver's word on it ("approved")."""

    position: int
    agreement_reference: str
    description: str
    item_name: str
    unit: Unit
    parts: int
    price: Money
    net: Money
    first_day: date
    last_day: date
    vat_category: VatCategory
    vat_rate: Decimal
    cost_code: str | None
    order_reference: str | None
    decision: str

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise UnsoundDocument(f"line {self.position} ends before it begins")
        if self.price.pence < 0:
            raise UnsoundDocument(f"line {self.position} has a price below zero")
        if self.net != self.unit.charge(self.price, self.parts):
            raise UnsoundDocument(f"line {self.position} is not its parts times its price")

    @property
    def quantity(self) -> Decimal:
        """Hours (to eight places), sessions or nights."""
        if self.unit is Unit.HOUR:
            hours = Decimal(self.parts) / self.unit.parts_per_price
            return hours.quantize(_EIGHT_PLACES).normalize()
        return Decimal(self.parts)

    @property
    def quantity_in_words(self) -> str:
        """ "12.5 hours", "4 sessions", "-3 nights"."""
        if self.unit is Unit.HOUR:
            return say_hours(self.parts)
        return say_count(self.parts, self.unit.value)

    @property
    def price_in_words(self) -> str:
        """ "£32.00 an hour", "£820.00 a week"."""
        return f"{self.price} {self.unit.price_name}"


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one Individual Agreement."""

    agreement_reference: str
    title: str
    lines: tuple[Line, ...]
    net: Money

    def __post_init__(self) -> None:
        if not self.lines:
            raise UnsoundDocument(f"section {self.agreement_reference} is empty")
        if {line.agreement_reference for line in self.lines} != {self.agreement_reference}:
            raise UnsoundDocument(
                f"section {self.agreement_reference} holds lines of another agreement"
            )
        if Money.total(line.net for line in self.lines) != self.net:
            raise UnsoundDocument(f"section {self.agreement_reference} is not the sum of its lines")


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """One consolidated invoice, as issued. `number` is the supplier's, `portal_reference`
    the portal's.

    Raises UnsoundDocument when lines, sections, VAT and totals disagree, when two sections
    are of one agreement, or when the VAT numbers do not fit the VAT category (rules.md
    B14); MixedVat when O stands beside another category.
    """

    number: str
    portal_reference: str
    issue_date: date
    due_date: date
    month: Month
    supplier: Party
    customer: Party
    buyer_reference: str
    purchase_order: str | None
    framework_reference: str
    framework_title: str
    sections: tuple[Section, ...]
    vat_sums: tuple[VatSum, ...]
    net: Money
    vat: Money
    total: Money
    payment_terms: str
    bank: BankAccount | None
    note: str | None

    def __post_init__(self) -> None:
        if not self.sections:
            raise UnsoundDocument("an invoice needs at least one section")
        references = [section.agreement_reference for section in self.sections]
        if len(set(references)) != len(references):
            raise UnsoundDocument("an agreement has more than one section")
        positions = [line.position for line in self.lines]
        if len(set(positions)) != len(positions):
            raise UnsoundDocument("two lines have one position")
        if Money.total(section.net for section in self.sections) != self.net:
            raise UnsoundDocument("the net total is not the sum of the sections")
        if _figures(self.vat_sums) != _figures(vat_sums(self.lines)):
            raise UnsoundDocument("the VAT sums are not those of the lines")
        if Money.total(vat_sum.vat for vat_sum in self.vat_sums) != self.vat:
            raise UnsoundDocument("the VAT total is not the sum of its categories")
        if self.net + self.vat != self.total:
            raise UnsoundDocument("the total is not net and VAT")
        if self.outside_vat == bool(self.supplier.vat_number):
            raise UnsoundDocument("the supplier's VAT number does not fit its category")

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, in the order of the sections."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def first_day(self) -> date:
        """Start of the invoice period: the month's, or earlier for a late line, since a
        line lies within it (PEPPOL-EN16931-R110)."""
        return min(self.month.first, *(line.first_day for line in self.lines))

    @property
    def last_day(self) -> date:
        """End of the invoice period (PEPPOL-EN16931-R111)."""
        return max(self.month.last, *(line.last_day for line in self.lines))

    @property
    def outside_vat(self) -> bool:
        """Whether the whole invoice is category O: no rate, no VAT number."""
        return self.vat_sums[0].category is VatCategory.NOT_REGISTERED


def _figures(sums: tuple[VatSum, ...]) -> list[tuple[VatCategory, Decimal, Money, Money]]:
    """The sums without their reasons, which stay as they were worded when issued."""
    return [(each.category, each.rate, each.net, each.vat) for each in sums]
