"""What the UBL of invoices and of credit notes is put together from (rules.md F).

Comments name the business terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from lxml import etree

from portal.invoicing.exports.document import Party
from portal.invoicing.exports.endpoints import VAT_NUMBER_SCHEME, endpoint_of
from portal.invoicing.vat import VatCategory, VatSum
from portal.kernel.documents.text import plain_text
from portal.kernel.money import Money

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
CURRENCY = "GBP"


def add_party(parent: etree._Element, party: Party, *, shows_vat_number: bool) -> None:
    """One side of a document, under its role."""
    element = group(parent, "Party")
    scheme, identifier = endpoint_of(party)
    value(element, "EndpointID", identifier, schemeID=scheme)  # BT-34, BT-49
    vat_number = party.vat_number if shows_vat_number else None
    named = vat_number or party.company_number or scheme == VAT_NUMBER_SCHEME
    if not named:  # BR-CO-26 asks for one identifier
        value(group(element, "PartyIdentification"), "ID", identifier, schemeID=scheme)
    value(group(element, "PartyName"), "Name", party.trading_name)  # BT-28, BT-45
    address = group(element, "PostalAddress")
    value(address, "StreetName", party.street)
    value(address, "CityName", party.city)
    value(address, "PostalZone", party.postcode)
    value(group(address, "Country"), "IdentificationCode", "GB")
    if vat_number:
        tax_scheme = group(element, "PartyTaxScheme")
        value(tax_scheme, "CompanyID", vat_number)  # BT-31, BT-48
        value(group(tax_scheme, "TaxScheme"), "ID", "VAT")
    entity = group(element, "PartyLegalEntity")
    value(entity, "RegistrationName", party.legal_name)  # BT-27, BT-44
    if party.company_number:
        value(entity, "CompanyID", party.company_number)  # BT-30, BT-47
    contact = group(element, "Contact")
    value(contact, "Name", party.contact_name)  # BT-41, BT-56
    if party.contact_email:
        value(contact, "ElectronicMail", party.contact_email)  # BT-43, BT-58


def tax_total(root: etree._Element, sums: Iterable[VatSum], vat: Money) -> None:
    """The VAT of a document and of each of its categories."""
    total = group(root, "TaxTotal")
    amount(total, "TaxAmount", vat)  # BT-110
    for vat_sum in sums:
        subtotal = group(total, "TaxSubtotal")
        amount(subtotal, "TaxableAmount", vat_sum.net)  # BT-116
        amount(subtotal, "TaxAmount", vat_sum.vat)  # BT-117
        _summed_category(subtotal, vat_sum)


def _summed_category(subtotal: etree._Element, vat_sum: VatSum) -> None:
    taxed = group(subtotal, "TaxCategory")
    category(taxed, vat_sum.category, vat_sum.rate)  # BT-118, BT-119
    if vat_sum.exemption_code:
        value(taxed, "TaxExemptionReasonCode", vat_sum.exemption_code)  # BT-121
    if vat_sum.exemption_reason:
        value(taxed, "TaxExemptionReason", vat_sum.exemption_reason)  # BT-120
    value(group(taxed, "TaxScheme"), "ID", "VAT")


def category(parent: etree._Element, kind: VatCategory, rate: Decimal) -> None:
    """The category's code and rate; O has no rate (BR-O-05)."""
    value(parent, "ID", kind.value)
    if kind is not VatCategory.NOT_REGISTERED:
        value(parent, "Percent", plain(rate))


def period(parent: etree._Element, first: date, last: date) -> None:
    """The days of a document or of a line."""
    period = group(parent, "InvoicePeriod")
    value(period, "StartDate", first.isoformat())
    value(period, "EndDate", last.isoformat())


def group(parent: etree._Element, name: str) -> etree._Element:
    """A new aggregate element."""
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def value(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    """A new element with a text."""
    etree.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = plain_text(text)


def amount(parent: etree._Element, name: str, amount: Money) -> None:
    """A new element with a sum in pounds."""
    value(parent, name, amount.plain, currencyID=CURRENCY)


def plain(number: Decimal) -> str:
    """ "12.5", "30", "0.33333333": no exponent, no idle noughts."""
    return format(number.normalize(), "f")


def digits(text: str) -> str:
    """The figures of an account number or a sort code alone."""
    return "".join(character for character in text if character.isdigit())
