"""Credit notes as UBL that passes every rule, as table and as PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from portal.invoicing.credits.document import IssuedCredit
from portal.invoicing.credits.files import HEADINGS, credit_csv, credit_pdf
from portal.invoicing.credits.ubl import credit_xml
from portal.invoicing.exports.document import UnsoundDocument
from portal.invoicing.vat import VatCategory
from portal.kernel.money import Money
from tests.invoicing.exports.makers import make_invoice, make_line
from tests.invoicing.exports.validation import fatal_errors

NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def make_credit(
    net: str = "84.00", vat: str = "0.00", kind: VatCategory = VatCategory.EXEMPT
) -> IssuedCredit:
    """A credit on a line of 40 hours at £42.00."""
    invoice = make_invoice([make_line(parts=2400, pounds="42.00", vat_category=kind)])
    return IssuedCredit(
        number="CN-1",
        issue_date=date(2026, 11, 12),
        reason="More was charged than was delivered",
        decision="Accepted",
        invoice_number=invoice.number,
        invoice_date=invoice.issue_date,
        portal_reference=invoice.portal_reference,
        supplier=invoice.supplier,
        customer=invoice.customer,
        buyer_reference=invoice.buyer_reference,
        framework_reference=invoice.framework_reference,
        framework_title=invoice.framework_title,
        line=invoice.lines[0],
        vat_sum=replace(invoice.vat_sums[0], net=Money.pounds(net), vat=Money.pounds(vat)),
    )


@pytest.mark.parametrize(
    ("kind", "vat"),
    [
        (VatCategory.EXEMPT, "0.00"),
        (VatCategory.STANDARD, "16.80"),
        (VatCategory.NOT_REGISTERED, "0.00"),
    ],
)
def test_every_credit_note_passes_the_schema_and_both_sets_of_rules(
    kind: VatCategory, vat: str
) -> None:
    xml = credit_xml(make_credit(vat=vat, kind=kind))
    assert fatal_errors(xml) == []


def test_a_credit_note_names_its_invoice_and_its_sum() -> None:
    document = make_credit()
    root = etree.fromstring(credit_xml(document))

    def text(path: str) -> str:
        return str(root.findtext(path, namespaces=NAMES))

    assert text("cbc:CreditNoteTypeCode") == "381"
    billed = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
    assert text(billed) == document.invoice_number
    assert text("cac:LegalMonetaryTotal/cbc:PayableAmount") == "84.00"
    assert text("cac:CreditNoteLine/cbc:LineExtensionAmount") == "84.00"


def test_nothing_is_issued_that_takes_off_more_than_the_line() -> None:
    for net in ("1680.01", "0.00"):
        with pytest.raises(UnsoundDocument):
            make_credit(net)


def test_the_table_has_a_value_for_every_heading() -> None:
    head, row = b"".join(credit_csv([make_credit()])).decode("utf-8-sig").splitlines()
    assert head.split(",") == list(HEADINGS)
    assert row.count(",") >= len(HEADINGS) - 1
    assert "CN-1,2026-11-12" in row
    assert "84.00,0.00,84.00,E" in row


def test_the_pdf_is_typeset() -> None:
    assert credit_pdf(make_credit()).startswith(b"%PDF")
