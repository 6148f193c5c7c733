"""UBL 2.1 of a credit note: type 381, bound to its invoice (rules.md B15 and F)."""

from __future__ import annotations

from lxml import etree

from portal.invoicing.credits.document import IssuedCredit
from portal.invoicing.exports.ubl_parts import (
    CAC,
    CBC,
    CURRENCY,
    CUSTOMIZATION,
    PROFILE,
    add_party,
    amount,
    category,
    group,
    period,
    tax_total,
    value,
)

_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
_CREDIT_NOTE = "381"
_ONE = "C62"  # UN/ECE Recommendation 20: one


def credit_xml(document: IssuedCredit) -> bytes:
    """The credit note as UBL in UTF-8 with its declaration.

    Raises NoEndpoint when a party has neither an electronic address nor a VAT number.
    """
    root = etree.Element(f"{{{_ROOT}}}CreditNote", nsmap={None: _ROOT, "cac": CAC, "cbc": CBC})
    _header(root, document)
    for role, party in (("Supplier", document.supplier), ("Customer", document.customer)):
        add_party(
            group(root, f"Accounting{role}Party"),
            party,
            shows_vat_number=not document.outside_vat,  # BR-O-02 forbids both numbers
        )
    terms = "Nothing is to be paid: this takes off what was paid on the invoice."
    value(group(root, "PaymentTerms"), "Note", terms)  # BT-20
    tax_total(root, [document.vat_sum], document.vat)
    totals = group(root, "LegalMonetaryTotal")
    amount(totals, "LineExtensionAmount", document.net)  # BT-106
    amount(totals, "TaxExclusiveAmount", document.net)  # BT-109
    amount(totals, "TaxInclusiveAmount", document.total)  # BT-112
    amount(totals, "PayableAmount", document.total)  # BT-115
    _line(root, document)
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return xml


def _header(root: etree._Element, document: IssuedCredit) -> None:
    value(root, "CustomizationID", CUSTOMIZATION)  # BT-24
    value(root, "ProfileID", PROFILE)  # BT-23
    value(root, "ID", document.number)  # BT-1
    value(root, "IssueDate", document.issue_date.isoformat())  # BT-2
    value(root, "CreditNoteTypeCode", _CREDIT_NOTE)  # BT-3
    note = f"{document.reason}. Line {document.line.position} of {document.invoice_number}."
    value(root, "Note", note)  # BT-22
    value(root, "DocumentCurrencyCode", CURRENCY)  # BT-5
    value(root, "BuyerReference", document.buyer_reference)  # BT-10
    period(root, document.line.first_day, document.line.last_day)  # BT-73, BT-74
    billed = group(group(root, "BillingReference"), "InvoiceDocumentReference")
    value(billed, "ID", document.invoice_number)  # BT-25
    value(billed, "IssueDate", document.invoice_date.isoformat())  # BT-26
    contract = group(root, "ContractDocumentReference")
    value(contract, "ID", document.framework_reference)  # BT-12


def _line(root: etree._Element, document: IssuedCredit) -> None:
    line = document.line
    element = group(root, "CreditNoteLine")
    value(element, "ID", "1")  # BT-126
    value(element, "CreditedQuantity", "1", unitCode=_ONE)  # BT-129
    amount(element, "LineExtensionAmount", document.net)  # BT-131
    if line.cost_code:
        value(element, "AccountingCost", line.cost_code)  # BT-133
    period(element, line.first_day, line.last_day)  # BT-134, BT-135
    item = group(element, "Item")
    value(item, "Description", f"{line.agreement_reference}; {document.reason}")  # BT-154
    value(item, "Name", line.item_name)  # BT-153
    taxed = group(item, "ClassifiedTaxCategory")
    category(taxed, line.vat_category, line.vat_rate)  # BT-151, BT-152
    value(group(taxed, "TaxScheme"), "ID", "VAT")
    amount(group(element, "Price"), "PriceAmount", document.net)  # BT-146
