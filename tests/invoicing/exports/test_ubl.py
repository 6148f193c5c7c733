from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from lxml import etree

from portal.frameworks.rules import Unit
from portal.invoicing.exports.document import IssuedInvoice
from portal.invoicing.exports.ubl import invoice_xml
from portal.invoicing.vat import VatCategory
from tests.invoicing.exports.makers import (
    CUSTOMER,
    UNREGISTERED_SUPPLIER,
    make_invoice,
    make_line,
    worked_invoice,
    worked_lines,
)
from tests.invoicing.exports.validation import fatal_errors

NAMESPACES = {
    "u": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
UNREGISTERED, TAXABLE = VatCategory.NOT_REGISTERED, VatCategory.STANDARD


def texts(xml: bytes, path: str) -> list[str]:
    found = etree.fromstring(xml).xpath(path, namespaces=NAMESPACES)
    return [str(getattr(each, "text", each)) for each in found]


def mixed() -> IssuedInvoice:
    return make_invoice(
        [
            make_line(1, parts=1020, pounds="84.00"),
            make_line(2, parts=300, pounds="50.00", vat_category=TAXABLE),
        ]
    )


def late() -> IssuedInvoice:
    august: dict[str, Any] = {"first_day": date(2026, 8, 28), "last_day": date(2026, 8, 28)}
    return make_invoice([make_line(1), make_line(2, parts=60, **august)])


def long() -> IssuedInvoice:
    units = list(Unit)
    return make_invoice(
        [
            make_line(
                number,
                f"IA-2026-{number // 3:04}",
                units[number % 3],
                number % 31 + 1,
                "321.77",
            )
            for number in range(1, 401)
        ]
    )


CASES: dict[str, Callable[[], IssuedInvoice]] = {
    "exempt, as worked": worked_invoice,
    "supplier not registered": lambda: make_invoice(worked_lines(UNREGISTERED)),
    "supplier not registered, with a company number": lambda: make_invoice(
        worked_lines(UNREGISTERED),
        supplier=replace(UNREGISTERED_SUPPLIER, company_number="01234567"),
    ),
    "taxable": lambda: make_invoice(worked_lines(TAXABLE)),
    "exempt and taxable": mixed,
    "sessions": lambda: make_invoice([make_line(unit=Unit.SESSION, parts=7)]),
    "twenty minutes": lambda: make_invoice([make_line(parts=20, pounds="999.99")]),
    "long hours in thirds": lambda: make_invoice([make_line(parts=99_980, pounds="99.99")]),
    "taken back": lambda: make_invoice([make_line(1), make_line(2, parts=-100)]),
    "a late August line": late,
    "400 lines": long,
    "no order, bank, note or codes": lambda: make_invoice(
        [make_line(cost_code=None, order_reference=None)],
        purchase_order=None,
        bank=None,
        note=None,
    ),
    "a customer with a VAT number": lambda: worked_invoice(
        customer=replace(CUSTOMER, vat_number="GB987654321")
    ),
    "an unregistered supplier to one with a VAT number": lambda: make_invoice(
        worked_lines(UNREGISTERED), customer=replace(CUSTOMER, vat_number="GB987654321")
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_receiving_systems_find_nothing_fatal(case: str) -> None:
    assert fatal_errors(invoice_xml(CASES[case]())) == []


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        (b">7951.43</cbc:PayableAmount>", b">7951.44</cbc:PayableAmount>", "BR-CO-16"),
        (b">32.00</cbc:PriceAmount>", b">33.00</cbc:PriceAmount>", "PEPPOL-EN16931-R120"),
        (b">BM-2026-009</cbc:ID>", b"></cbc:ID>", "BR-02"),
        (b"<cbc:IssueDate>2026-10-01", b"<cbc:IssueDate>1 Oct 2026", "XSD"),
        (b'schemeID="0088">5060000000009', b'schemeID="0088">5060000000008', "PEPPOL-COMMON-R040"),
    ],
)
def test_the_validator_can_fail(right: bytes, wrong: bytes, rule: str) -> None:
    xml = invoice_xml(worked_invoice())
    assert right in xml
    assert any(error.startswith(rule) for error in fatal_errors(xml.replace(right, wrong, 1)))


def test_the_terms_are_those_of_the_worked_invoice() -> None:
    xml = invoice_xml(worked_invoice())
    expected = {
        "/u:Invoice/cbc:ID": ["BM-2026-009"],
        "/u:Invoice/cbc:IssueDate": ["2026-10-01"],
        "/u:Invoice/cbc:DueDate": ["2026-10-31"],
        "/u:Invoice/cbc:InvoiceTypeCode": ["380"],
        "/u:Invoice/cbc:BuyerReference": ["VIRTUAL-SCHOOL"],
        "/u:Invoice/cac:InvoicePeriod/*": ["2026-09-01", "2026-09-30"],
        "/u:Invoice/cac:OrderReference/cbc:ID": ["PO-4500123456"],
        "/u:Invoice/cac:ContractDocumentReference/cbc:ID": ["FW-2026-MENTORING"],
        "//cbc:EndpointID": ["GB123456789", "5060000000009"],
        "//cbc:EndpointID/@schemeID": ["9932", "0088"],
        "//cac:PaymentMeans/*[not(*)]": ["30", "BM-2026-009"],
        "//cac:PayeeFinancialAccount//cbc:*": ["12345678", "Bright Mentors Ltd", "200000"],
        "//cac:TaxSubtotal/cbc:*": ["7951.43", "0.00"],
        "//cac:TaxSubtotal/cac:TaxCategory/cbc:*": [
            "E",
            "0",
            "VATEX-EU-132-1H",
            "Exempt: VATA 1994 Schedule 9 Group 7 item 9 (welfare services)",
        ],
        "//cac:LegalMonetaryTotal/*": ["7951.43"] * 4,
        "//cbc:InvoicedQuantity": ["12.5", "30", "9"],
        "//cbc:InvoicedQuantity/@unitCode": ["HUR", "DAY", "DAY"],
        "//cac:InvoiceLine/cbc:LineExtensionAmount": ["400.00", "3514.29", "4037.14"],
        "//cac:InvoiceLine/cac:DocumentReference/cbc:ID": [
            "IA-2026-0007",
            "IA-2026-0011",
            "IA-2026-0012",
        ],
        "//cbc:PriceAmount": ["32.00", "820.00", "3140.00"],
        "//cbc:BaseQuantity": ["7", "7"],
        "//cac:Item/cbc:Description": [
            "IA-2026-0007; 12.5 hours",
            "IA-2026-0011; 30 nights",
            "IA-2026-0012; 9 nights",
        ],
    }
    assert {path: texts(xml, path) for path in expected} == expected


def test_an_unregistered_supplier_shows_no_rate_and_no_vat_number() -> None:
    customer = replace(CUSTOMER, vat_number="GB987654321")
    xml = invoice_xml(make_invoice(worked_lines(UNREGISTERED), customer=customer))
    assert texts(xml, "//cbc:Percent") == texts(xml, "//cac:PartyTaxScheme") == []
    assert set(texts(xml, "//cac:ClassifiedTaxCategory/cbc:ID")) == {"O"}


def test_mixed_vat_has_the_figures_of_the_rules() -> None:
    xml = invoice_xml(mixed())
    assert texts(xml, "//cac:TaxSubtotal/cbc:TaxableAmount") == ["1428.00", "250.00"]
    assert texts(xml, "//cac:TaxTotal/cbc:TaxAmount") == ["50.00"]
    assert texts(xml, "//cbc:PayableAmount") == ["1728.00"]


def test_the_invoice_period_holds_a_late_line() -> None:
    xml = invoice_xml(late())
    assert texts(xml, "/u:Invoice/cac:InvoicePeriod/*") == ["2026-08-28", "2026-09-30"]


def test_what_a_person_typed_stays_text() -> None:
    hostile = "<script>&amp; ]]> \x00\x0b\ud800 Zoë & 😀"
    xml = invoice_xml(worked_invoice(note=hostile))
    (note,) = texts(xml, "/u:Invoice/cbc:Note")
    assert note.endswith("<script>&amp; ]]>  Zoë & 😀")
    assert fatal_errors(xml) == []


def test_a_lines_own_description_does_not_reach_the_item() -> None:
    xml = invoice_xml(make_invoice([make_line(description="With Sam, born 3 May")]))
    assert b"Sam" not in xml
