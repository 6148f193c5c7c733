"""UBL 2.1 of an issued invoice: EN 16931 and Peppol BIS Billing 3 (rules.md F).

Comments name the business terms. No child's name can be here: the document has none, and
an item's description is made from the agreement's reference and counts alone.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from portal.frameworks.rules import Unit
from portal.invoicing.exports.document import (
    BankAccount,
    IssuedInvoice,
    Line,
    Party,
)
from portal.invoicing.exports.endpoints import VAT_NUMBER_SCHEME, endpoint_of
from portal.invoicing.vat import VatCategory, VatSum
from portal.kernel.documents.text import plain_text
from portal.kernel.money import Money

_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_COMMERCIAL_INVOICE = "380"
_CREDIT_TRANSFER = "30"
_INVOICED_OBJECT = "130"
_CURRENCY = "GBP"

# UN/ECE Recommendation 20: hour, service unit, day (a night is a day of care).
UNIT_CODES: dict[Unit, str] = {Unit.HOUR: "HUR", Unit.SESSION: "E48", Unit.NIGHT: "DAY"}


def invoice_xml(document: IssuedInvoice) -> bytes:
    """The invoice as UBL in UTF-8 with its declaration.

    Raises NoEndpoint when a party has neither an electronic address nor a VAT number.
    """
    root = etree.Element(f"{{{_ROOT}}}Invoice", nsmap={None: _ROOT, "cac": _CAC, "cbc": _CBC})
    _header(root, document)
    _party(
        _group(root, "AccountingSupplierParty"),
        document.supplier,
        shows_vat_number=not document.outside_vat,
    )
    _party(
        _group(root, "AccountingCustomerParty"),
        document.customer,
        shows_vat_number=not document.outside_vat,  # BR-O-02 forbids both numbers
    )
    if document.bank is not None:
        _payment_means(root, document.number, document.bank)
    _value(_group(root, "PaymentTerms"), "Note", document.payment_terms)  # BT-20
    _tax_total(root, document)
    _totals(root, document)
    for line in document.lines:
        _line(root, line)
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return xml


def _header(root: etree._Element, document: IssuedInvoice) -> None:
    _value(root, "CustomizationID", _CUSTOMIZATION)  # BT-24
    _value(root, "ProfileID", _PROFILE)  # BT-23
    _value(root, "ID", document.number)  # BT-1
    _value(root, "IssueDate", document.issue_date.isoformat())  # BT-2
    _value(root, "DueDate", document.due_date.isoformat())  # BT-9
    _value(root, "InvoiceTypeCode", _COMMERCIAL_INVOICE)  # BT-3
    note = f"Services {document.month}. Portal reference {document.portal_reference}."
    _value(root, "Note", f"{note} {document.note}" if document.note else note)  # BT-22
    _value(root, "DocumentCurrencyCode", _CURRENCY)  # BT-5
    _value(root, "BuyerReference", document.buyer_reference)  # BT-10
    _period(root, document.first_day, document.last_day)  # BT-73, BT-74
    if document.purchase_order:
        _value(_group(root, "OrderReference"), "ID", document.purchase_order)  # BT-13
    contract = _group(root, "ContractDocumentReference")
    _value(contract, "ID", document.framework_reference)  # BT-12


def _party(parent: etree._Element, party: Party, *, shows_vat_number: bool) -> None:
    element = _group(parent, "Party")
    scheme, identifier = endpoint_of(party)
    _value(element, "EndpointID", identifier, schemeID=scheme)  # BT-34, BT-49
    vat_number = party.vat_number if shows_vat_number else None
    named = vat_number or party.company_number or scheme == VAT_NUMBER_SCHEME
    if not named:  # BR-CO-26 asks for one identifier
        _value(_group(element, "PartyIdentification"), "ID", identifier, schemeID=scheme)
    _value(_group(element, "PartyName"), "Name", party.trading_name)  # BT-28, BT-45
    address = _group(element, "PostalAddress")
    _value(address, "StreetName", party.street)
    _value(address, "CityName", party.city)
    _value(address, "PostalZone", party.postcode)
    _value(_group(address, "Country"), "IdentificationCode", "GB")
    if vat_number:
        tax_scheme = _group(element, "PartyTaxScheme")
        _value(tax_scheme, "CompanyID", vat_number)  # BT-31, BT-48
        _value(_group(tax_scheme, "TaxScheme"), "ID", "VAT")
    entity = _group(element, "PartyLegalEntity")
    _value(entity, "RegistrationName", party.legal_name)  # BT-27, BT-44
    if party.company_number:
        _value(entity, "CompanyID", party.company_number)  # BT-30, BT-47
    contact = _group(element, "Contact")
    _value(contact, "Name", party.contact_name)  # BT-41, BT-56
    if party.contact_email:
        _value(contact, "ElectronicMail", party.contact_email)  # BT-43, BT-58


def _payment_means(root: etree._Element, number: str, bank: BankAccount) -> None:
    means = _group(root, "PaymentMeans")
    _value(means, "PaymentMeansCode", _CREDIT_TRANSFER)  # BT-81
    _value(means, "PaymentID", number)  # BT-83
    account = _group(means, "PayeeFinancialAccount")
    _value(account, "ID", _digits(bank.number))  # BT-84
    _value(account, "Name", bank.name)  # BT-85
    branch = _group(account, "FinancialInstitutionBranch")
    _value(branch, "ID", _digits(bank.sort_code))  # BT-86


def _tax_total(root: etree._Element, document: IssuedInvoice) -> None:
    total = _group(root, "TaxTotal")
    _amount(total, "TaxAmount", document.vat)  # BT-110
    for vat_sum in document.vat_sums:
        subtotal = _group(total, "TaxSubtotal")
        _amount(subtotal, "TaxableAmount", vat_sum.net)  # BT-116
        _amount(subtotal, "TaxAmount", vat_sum.vat)  # BT-117
        _summed_category(subtotal, vat_sum)


def _summed_category(subtotal: etree._Element, vat_sum: VatSum) -> None:
    category = _group(subtotal, "TaxCategory")
    _category(category, vat_sum.category, vat_sum.rate)  # BT-118, BT-119
    if vat_sum.exemption_code:
        _value(category, "TaxExemptionReasonCode", vat_sum.exemption_code)  # BT-121
    if vat_sum.exemption_reason:
        _value(category, "TaxExemptionReason", vat_sum.exemption_reason)  # BT-120
    _value(_group(category, "TaxScheme"), "ID", "VAT")


def _totals(root: etree._Element, document: IssuedInvoice) -> None:
    totals = _group(root, "LegalMonetaryTotal")
    _amount(totals, "LineExtensionAmount", document.net)  # BT-106
    _amount(totals, "TaxExclusiveAmount", document.net)  # BT-109
    _amount(totals, "TaxInclusiveAmount", document.total)  # BT-112
    _amount(totals, "PayableAmount", document.total)  # BT-115


def _line(root: etree._Element, line: Line) -> None:
    code = UNIT_CODES[line.unit]
    element = _group(root, "InvoiceLine")
    _value(element, "ID", str(line.position))  # BT-126
    _value(element, "InvoicedQuantity", _plain(line.quantity), unitCode=code)  # BT-129
    _amount(element, "LineExtensionAmount", line.net)  # BT-131
    if line.cost_code:
        _value(element, "AccountingCost", line.cost_code)  # BT-133
    _period(element, line.first_day, line.last_day)  # BT-134, BT-135
    if line.order_reference:
        order_line = _group(element, "OrderLineReference")
        _value(order_line, "LineID", line.order_reference)  # BT-132
    agreement = _group(element, "DocumentReference")
    _value(agreement, "ID", line.agreement_reference, schemeID="CT")  # BT-128
    _value(agreement, "DocumentTypeCode", _INVOICED_OBJECT)
    item = _group(element, "Item")
    _value(item, "Description", f"{line.agreement_reference}; {line.quantity_in_words}")  # BT-154
    _value(item, "Name", line.item_name)  # BT-153
    category = _group(item, "ClassifiedTaxCategory")
    _category(category, line.vat_category, line.vat_rate)  # BT-151, BT-152
    _value(_group(category, "TaxScheme"), "ID", "VAT")
    price = _group(element, "Price")
    _amount(price, "PriceAmount", line.price)  # BT-146
    if line.unit is Unit.NIGHT:
        week = str(line.unit.parts_per_price)
        _value(price, "BaseQuantity", week, unitCode=code)  # BT-149


def _category(parent: etree._Element, category: VatCategory, rate: Decimal) -> None:
    """The category's code and rate; O has no rate (BR-O-05)."""
    _value(parent, "ID", category.value)
    if category is not VatCategory.NOT_REGISTERED:
        _value(parent, "Percent", _plain(rate))


def _period(parent: etree._Element, first: date, last: date) -> None:
    period = _group(parent, "InvoicePeriod")
    _value(period, "StartDate", first.isoformat())
    _value(period, "EndDate", last.isoformat())


def _group(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_CAC}}}{name}")


def _value(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{_CBC}}}{name}", attributes).text = plain_text(text)


def _amount(parent: etree._Element, name: str, amount: Money) -> None:
    _value(parent, name, amount.plain, currencyID=_CURRENCY)


def _plain(number: Decimal) -> str:
    """ "12.5", "30", "0.33333333": no exponent, no idle noughts."""
    return format(number.normalize(), "f")


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
