"""Credit notes as PDF and as a table for a finance system.

The table's columns: Credit note number and date; Invoice number, the supplier's, with the
portal's reference and its date; Line, its position in the invoice; Supplier and Customer by legal
name; Framework and Agreement by their references; Item; First day and Last day of the service;
Reason; Net, VAT and Total in pounds, above 0: what is taken off; VAT category and rate as in the
table of invoices; Cost code and Order reference of the line; Decision, the council's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.invoicing.credits.document import IssuedCredit
from portal.invoicing.exports.pdf import labelled, printed_party, printed_vat
from portal.invoicing.vat import VatCategory
from portal.kernel.documents.tables import Cell, csv_chunks, xlsx_workbook
from portal.kernel.documents.typesetting import typeset
from portal.kernel.wording import say_date, say_period

_TEMPLATE = Path(__file__).parent / "credit.typ"
HEADINGS = (
    "Credit note number",
    "Credit note date",
    "Invoice number",
    "Portal reference",
    "Invoice date",
    "Line",
    "Supplier",
    "Customer",
    "Framework",
    "Agreement",
    "Item",
    "First day",
    "Last day",
    "Reason",
    "Net",
    "VAT",
    "Total",
    "VAT category",
    "VAT rate",
    "Cost code",
    "Order reference",
    "Decision",
)


def credit_csv(documents: Iterable[IssuedCredit]) -> Iterator[bytes]:
    """The credit notes, in their order, in chunks of CSV (UTF-8 with a mark)."""
    return csv_chunks(HEADINGS, map(_row, documents))


def credit_xlsx(documents: Iterable[IssuedCredit]) -> bytes:
    """The same rows as a workbook with the one sheet "Credit notes"."""
    return xlsx_workbook("Credit notes", HEADINGS, map(_row, documents))


def _row(document: IssuedCredit) -> tuple[Cell, ...]:
    line = document.line
    taxable = line.vat_category is VatCategory.STANDARD
    return (
        document.number,
        document.issue_date,
        document.invoice_number,
        document.portal_reference,
        document.invoice_date,
        line.position,
        document.supplier.legal_name,
        document.customer.legal_name,
        document.framework_reference,
        line.agreement_reference,
        line.item_name,
        line.first_day,
        line.last_day,
        document.reason,
        document.net,
        document.vat,
        document.total,
        line.vat_category.value,
        line.vat_rate.normalize() if taxable else None,
        line.cost_code,
        line.order_reference,
        document.decision,
    )


def credit_pdf(document: IssuedCredit) -> bytes:
    """The credit note as PDF; the same document gives the same bytes."""
    line = document.line
    printed = {
        "number": document.number,
        "supplier": printed_party(document.supplier),
        "customer": printed_party(document.customer),
        "references": labelled(
            ("Credit note number", document.number),
            ("Credit note date", say_date(document.issue_date)),
            ("Takes off invoice", document.invoice_number),
            ("Invoice date", say_date(document.invoice_date)),
            ("Line of the invoice", str(line.position)),
            ("Individual Agreement", line.agreement_reference),
            ("Service", line.item_name),
            ("Days of service", say_period(line.first_day, line.last_day)),
            ("Framework", f"{document.framework_reference}, {document.framework_title}"),
            ("Buyer reference", document.buyer_reference),
            ("Portal reference", document.portal_reference),
            ("Reason", document.reason),
        ),
        "vat": printed_vat(document.vat_sum),
        "total": str(document.total),
    }
    return typeset(_TEMPLATE, printed, dated=document.issue_date)
