"""UBL 2.1 of an issued invoice: EN 16931 and Peppol BIS Billing 3 (rules.md F).

Comments name the business terms. No child's name can be here: the document has none, and
an item's description is made from the agreement's reference and counts alone.
"""

from __future__ import annotations

from lxml import etree

from portal.frameworks.rules import Unit
from portal.invoicing.exports.document import (
    BankAccount,
    IssuedInvoice,
    Line,
)
from portal.invoicing.exports.ubl_parts import (
    CAC,
    CBC,
    CURRENCY,
    CUSTOMIZATION,
    PROFILE,
    add_party,
    amount,
    category,
    digits,
    group,
    period,
    plain,
    tax_total,
    value,
)

_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
_COMMERCIAL_INVOICE = "380"
_CREDIT_TRANSFER = "30"
_INVOICED_OBJECT = "130"

# UN/ECE Recommendation 20: hour, service unit, day (a night is a day of care).
UNIT_CODES: dict[Unit, str] = {Unit.HOUR: "HUR", Unit.SESSION: "E48", Unit.NIGHT: "DAY"}


def invoice_xml(document: IssuedInvoice) -> bytes:
    """The invoice as UBL in UTF-8 with its declaration.

    Raises NoEndpoint when a party has neither an electronic address nor a VAT number.
    """
    root = etree.Element(f"{{{_ROOT}}}Invoice", nsmap={None: _ROOT, "cac": CAC, "cbc": CBC})
    _header(root, document)
    add_party(
        group(root, "AccountingSupplierParty"),
        document.supplier,
        shows_vat_number=not document.outside_vat,
    )
    add_party(
        group(root, "AccountingCustomerParty"),
        document.customer,
        shows_vat_number=not document.outside_vat,  # BR-O-02 forbids both numbers
    )
    if document.bank is not None:
        _payment_means(root, document.number, document.bank)
    value(group(root, "PaymentTerms"), "Note", document.payment_terms)  # BT-20
    tax_total(root, document.vat_sums, document.vat)
    _totals(root, document)
    for line in document.lines:
        _line(root, line)
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return xml


def _header(root: etree._Element, document: IssuedInvoice) -> None:
    value(root, "CustomizationID", CUSTOMIZATION)  # BT-24
    value(root, "ProfileID", PROFILE)  # BT-23
    value(root, "ID", document.number)  # BT-1
    value(root, "IssueDate", document.issue_date.isoformat())  # BT-2
    value(root, "DueDate", document.due_date.isoformat())  # BT-9
    value(root, "InvoiceTypeCode", _COMMERCIAL_INVOICE)  # BT-3
    note = f"Services {document.month}. Portal reference {document.portal_reference}."
    value(root, "Note", f"{note} {document.note}" if document.note else note)  # BT-22
    value(root, "DocumentCurrencyCode", CURRENCY)  # BT-5
    value(root, "BuyerReference", document.buyer_reference)  # BT-10
    period(root, document.first_day, document.last_day)  # BT-73, BT-74
    if document.purchase_order:
        value(group(root, "OrderReference"), "ID", document.purchase_order)  # BT-13
    contract = group(root, "ContractDocumentReference")
    value(contract, "ID", document.framework_reference)  # BT-12


def _payment_means(root: etree._Element, number: str, bank: BankAccount) -> None:
    means = group(root, "PaymentMeans")
    value(means, "PaymentMeansCode", _CREDIT_TRANSFER)  # BT-81
    value(means, "PaymentID", number)  # BT-83
    account = group(means, "PayeeFinancialAccount")
    value(account, "ID", digits(bank.number))  # BT-84
    value(account, "Name", bank.name)  # BT-85
    branch = group(account, "FinancialInstitutionBranch")
    value(branch, "ID", digits(bank.sort_code))  # BT-86


def _totals(root: etree._Element, document: IssuedInvoice) -> None:
    totals = group(root, "LegalMonetaryTotal")
    amount(totals, "LineExtensionAmount", document.net)  # BT-106
    amount(totals, "TaxExclusiveAmount", document.net)  # BT-109
    amount(totals, "TaxInclusiveAmount", document.total)  # BT-112
    amount(totals, "PayableAmount", document.total)  # BT-115


def _line(root: etree._Element, line: Line) -> None:
    code = UNIT_CODES[line.unit]
    element = group(root, "InvoiceLine")
    value(element, "ID", str(line.position))  # BT-126
    value(element, "InvoicedQuantity", plain(line.quantity), unitCode=code)  # BT-129
    amount(element, "LineExtensionAmount", line.net)  # BT-131
    if line.cost_code:
        value(element, "AccountingCost", line.cost_code)  # BT-133
    period(element, line.first_day, line.last_day)  # BT-134, BT-135
    if line.order_reference:
        order_line = group(element, "OrderLineReference")
        value(order_line, "LineID", line.order_reference)  # BT-132
    agreement = group(element, "DocumentReference")
    value(agreement, "ID", line.agreement_reference, schemeID="CT")  # BT-128
    value(agreement, "DocumentTypeCode", _INVOICED_OBJECT)
    item = group(element, "Item")
    value(item, "Description", f"{line.agreement_reference}; {line.quantity_in_words}")  # BT-154
    value(item, "Name", line.item_name)  # BT-153
    taxed = group(item, "ClassifiedTaxCategory")
    category(taxed, line.vat_category, line.vat_rate)  # BT-151, BT-152
    value(group(taxed, "TaxScheme"), "ID", "VAT")
    price = group(element, "Price")
    amount(price, "PriceAmount", line.price)  # BT-146
    if line.unit is Unit.NIGHT:
        week = str(line.unit.parts_per_price)
        value(price, "BaseQuantity", week, unitCode=code)  # BT-149
