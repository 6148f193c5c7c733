"""PDF of an issued invoice: tagged (PDF/UA-1), one headed table per agreement."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.invoicing.exports.document import (
    IssuedInvoice,
    Line,
    Party,
    Section,
)
from portal.invoicing.vat import VatCategory, VatSum
from portal.kernel.documents.typesetting import typeset
from portal.kernel.months import Month
from portal.kernel.wording import say_date, say_period

_TEMPLATE = Path(__file__).parent / "invoice.typ"


def invoice_pdf(document: IssuedInvoice) -> bytes:
    """The invoice as PDF; the same document gives the same bytes."""
    return typeset(_TEMPLATE, _printed(document), dated=document.issue_date)


def _printed(document: IssuedInvoice) -> dict[str, Any]:
    """All that the template shows, in words."""
    return {
        "number": document.number,
        "month": str(document.month),
        "supplier": printed_party(document.supplier),
        "customer": printed_party(document.customer),
        "references": labelled(
            ("Invoice number", document.number),
            ("Invoice date", say_date(document.issue_date)),
            ("Service period", say_period(document.first_day, document.last_day)),
            ("Framework", f"{document.framework_reference}, {document.framework_title}"),
            ("Purchase order", document.purchase_order),
            ("Buyer reference", document.buyer_reference),
            ("Portal reference", document.portal_reference),
        ),
        "due": say_date(document.due_date),
        "sections": [_section(section, document.month) for section in document.sections],
        "vat_sums": [printed_vat(vat_sum) for vat_sum in document.vat_sums],
        "net": str(document.net),
        "vat": "None" if document.outside_vat else str(document.vat),
        "total": str(document.total),
        "bank": None
        if document.bank is None
        else labelled(
            ("Account name", document.bank.name),
            ("Sort code", document.bank.sort_code),
            ("Account number", document.bank.number),
            ("Payment reference", document.number),
        ),
        "payment_terms": document.payment_terms,
        "note": document.note,
    }


def printed_party(party: Party) -> dict[str, Any]:
    """A side of a document as templates show it."""
    trading = party.trading_name
    lines = [party.street, party.city, party.postcode, party.contact_name]
    return {
        "name": party.legal_name,
        "trading": f"trading as {trading}" if trading != party.legal_name else None,
        "lines": [line for line in [*lines, party.contact_email] if line],
        "numbers": [
            f"{label} {number}"
            for label, number in (
                ("Company number", party.company_number),
                ("VAT number", party.vat_number),
            )
            if number
        ],
    }


def _section(section: Section, month: Month) -> dict[str, Any]:
    return {
        "reference": section.agreement_reference,
        "title": section.title,
        "lines": [_line(line, month) for line in section.lines],
        "net": str(section.net),
    }


def _line(line: Line, month: Month) -> dict[str, Any]:
    served = Month.of(line.first_day)
    codes = (("Cost code", line.cost_code), ("Order", line.order_reference))
    labelled = ", ".join(f"{label} {code}" for label, code in codes if code)
    days = say_period(line.first_day, line.last_day)
    said = f"{days}: {line.description}" if line.description else days
    return {
        "item": line.item_name,
        "late": None if served == month else f"Late entry for {served}",
        "details": [said, labelled] if labelled else [said],
        "quantity": line.quantity_in_words,
        "price": line.price_in_words,
        "vat": _rate(line.vat_category, line.vat_rate),
        "net": str(line.net),
    }


def printed_vat(vat_sum: VatSum) -> dict[str, Any]:
    """A category of VAT as templates show it."""
    taxable = vat_sum.category is VatCategory.STANDARD
    return {
        "treatment": _rate(vat_sum.category, vat_sum.rate),
        "reason": vat_sum.exemption_reason or "Standard rate",
        "net": str(vat_sum.net),
        "vat": str(vat_sum.vat) if taxable else "None",
    }


def _rate(category: VatCategory, rate: Decimal) -> str:
    """ "Exempt", "No VAT" or the rate; never "0 %", which is another thing in law."""
    match category:
        case VatCategory.EXEMPT:
            return "Exempt"
        case VatCategory.NOT_REGISTERED:
            return "No VAT"
        case VatCategory.STANDARD:
            return f"{format(rate.normalize(), 'f')}%"


def labelled(*pairs: tuple[str, str | None]) -> list[tuple[str, str]]:
    """The pairs that have something to say."""
    return [(label, text) for label, text in pairs if text]
