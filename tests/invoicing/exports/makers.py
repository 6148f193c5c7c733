"""Documents to export, with the figures of rules.md F unless a test says otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from portal.frameworks.rules import Unit
from portal.invoicing.exports.document import (
    BankAccount,
    IssuedInvoice,
    Line,
    Party,
    Section,
)
from portal.invoicing.vat import VatCategory, vat_sums
from portal.kernel.money import Money
from portal.kernel.months import Month

SEPTEMBER = Month(2026, 9)

SUPPLIER = Party(
    legal_name="Bright Mentors Ltd",
    trading_name="Bright Mentors",
    street="1 High Street",
    city="Larkminster",
    postcode="ZZ1 1AA",
    company_number="01234567",
    vat_number="GB123456789",
    endpoint_scheme="9932",
    endpoint_id="GB123456789",
    contact_name="Accounts team",
    contact_email="accounts@example.org",
)
UNREGISTERED_SUPPLIER = replace(
    SUPPLIER,
    vat_number=None,
    company_number=None,
    endpoint_scheme="0088",
    endpoint_id="5060000000016",
)
CUSTOMER = Party(
    legal_name="Example City Council",
    trading_name="Example Virtual School",
    street="Council House",
    city="Larkminster",
    postcode="ZZ1 2FS",
    company_number=None,
    vat_number=None,
    endpoint_scheme="0088",
    endpoint_id="5060000000009",
    contact_name="Payments team",
    contact_email=None,
)
BANK = BankAccount(name="Bright Mentors Ltd", number="12345678", sort_code="20-00-00")


def make_line(
    position: int = 1,
    agreement: str = "IA-2026-0007",
    unit: Unit = Unit.HOUR,
    parts: int = 750,
    pounds: str = "32.00",
    **changes: Any,
) -> Line:
    """12.5 hours at £32.00 in September 2026, exempt."""
    price = Money.pounds(pounds)
    category = changes.pop("vat_category", VatCategory.EXEMPT)
    rate = Decimal(20) if category is VatCategory.STANDARD else Decimal(0)
    values: dict[str, Any] = {
        "description": "6 sessions",
        "item_name": "Mentoring, one to one, Lot 1",
        "net": unit.charge(price, parts),
        "first_day": SEPTEMBER.first,
        "last_day": SEPTEMBER.last,
        "cost_code": "CS-4210-5530",
        "order_reference": "1",
        "decision": "approved",
        "vat_rate": rate,
    }
    return Line(
        position=position,
        agreement_reference=agreement,
        unit=unit,
        parts=parts,
        price=price,
        vat_category=category,
        **(values | changes),
    )


def make_invoice(lines: Sequence[Line], **changes: Any) -> IssuedInvoice:
    """The lines as an invoice of September 2026, one section per agreement."""
    by_agreement: dict[str, list[Line]] = {}
    for line in lines:
        by_agreement.setdefault(line.agreement_reference, []).append(line)
    sections = tuple(
        Section(reference, own[0].item_name, tuple(own), Money.total(x.net for x in own))
        for reference, own in by_agreement.items()
    )
    sums = vat_sums(lines)
    net = Money.total(line.net for line in lines)
    vat = Money.total(vat_sum.vat for vat_sum in sums)
    outside = lines[0].vat_category is VatCategory.NOT_REGISTERED
    values: dict[str, Any] = {
        "number": "BM-2026-009",
        "portal_reference": "INV-000417",
        "issue_date": date(2026, 10, 1),
        "due_date": date(2026, 10, 31),
        "month": SEPTEMBER,
        "supplier": UNREGISTERED_SUPPLIER if outside else SUPPLIER,
        "customer": CUSTOMER,
        "buyer_reference": "VIRTUAL-SCHOOL",
        "purchase_order": "PO-4500123456",
        "framework_reference": "FW-2026-MENTORING",
        "framework_title": "Mentoring support",
        "sections": sections,
        "vat_sums": sums,
        "net": net,
        "vat": vat,
        "total": net + vat,
        "payment_terms": "30 days from receipt of a valid invoice (Procurement Act 2023 s.68).",
        "bank": BANK,
        "note": "Paid monthly in arrears.",
    }
    return IssuedInvoice(**(values | changes))


def worked_lines(category: VatCategory = VatCategory.EXEMPT) -> list[Line]:
    """The three lines of rules.md F: £400.00, £3,514.29 and £4,037.14."""
    return [
        make_line(1, vat_category=category),
        make_line(
            2,
            "IA-2026-0011",
            Unit.NIGHT,
            30,
            "820.00",
            vat_category=category,
            item_name="Foster placement, standard, Lot 2a",
            description="30 nights",
        ),
        make_line(
            3,
            "IA-2026-0012",
            Unit.NIGHT,
            9,
            "3140.00",
            vat_category=category,
            item_name="Residential placement, standard, Lot 1a",
            description="Started 22 September",
            first_day=date(2026, 9, 22),
        ),
    ]


def worked_invoice(**changes: Any) -> IssuedInvoice:
    """The exempt invoice of rules.md F: £7,951.43."""
    return make_invoice(worked_lines(), **changes)
