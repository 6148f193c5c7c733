"""The lines of issued invoices for a finance system: one row per line, CSV or XLSX.

Columns, in this order:

| Column | Meaning |
|---|---|
| Invoice number | the supplier's number |
| Portal reference | the portal's reference of the invoice |
| Invoice date, Due date | dates (CSV: 2026-10-31) |
| Month | the month invoiced, 2026-09; a late line keeps its own days |
| Supplier, Supplier company number, Supplier VAT number | legal name; empty when it has none |
| Customer | legal name |
| Buyer reference, Purchase order | the council's |
| Framework | its reference |
| Agreement | the Individual Agreement's opaque reference |
| Line | position in the invoice, a whole number |
| Item, Description | what was bought |
| Unit | hour, session or night |
| Quantity | hours (20 minutes is 0.33333333), sessions or nights; below 0 takes back |
| Price | pounds, for the next column's quantity |
| Price is for | 1 hour, 1 session or 7 nights |
| First day, Last day | of the service, both within it |
| Net | pounds, rounded once; below 0 is a number too |
| VAT category | E exempt, O supplier not registered, S standard rate |
| VAT rate | per cent; empty for E and O |
| Cost code, Order reference | the council's, of the agreement |
| Decision | the approver's word on the line |

VAT has no column: it is worked out once per category on the invoice's net sum, so shares of
it per line would not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.frameworks.rules import Unit
from portal.invoicing.exports.document import IssuedInvoice, Line
from portal.invoicing.vat import VatCategory
from portal.kernel.documents.tables import Cell, csv_chunks, xlsx_workbook

HEADINGS = (
    "Invoice number",
    "Portal reference",
    "Invoice date",
    "Due date",
    "Month",
    "Supplier",
    "Supplier company number",
    "Supplier VAT number",
    "Customer",
    "Buyer reference",
    "Purchase order",
    "Framework",
    "Agreement",
    "Line",
    "Item",
    "Description",
    "Unit",
    "Quantity",
    "Price",
    "Price is for",
    "First day",
    "Last day",
    "Net",
    "VAT category",
    "VAT rate",
    "Cost code",
    "Order reference",
    "Decision",
)
_PRICE_IS_FOR = {
    Unit.HOUR: "1 hour",
    Unit.SESSION: "1 session",
    Unit.NIGHT: "7 nights",
}


def invoice_csv(documents: Iterable[IssuedInvoice]) -> Iterator[bytes]:
    """The lines of the invoices, in their order, in chunks of CSV (UTF-8 with a mark)."""
    return csv_chunks(HEADINGS, _rows(documents))


def invoice_xlsx(documents: Iterable[IssuedInvoice]) -> bytes:
    """The same rows as a workbook with the one sheet "Invoice lines"."""
    return xlsx_workbook("Invoice lines", HEADINGS, _rows(documents))


def _rows(documents: Iterable[IssuedInvoice]) -> Iterator[tuple[Cell, ...]]:
    return (_row(document, line) for document in documents for line in document.lines)


def _row(document: IssuedInvoice, line: Line) -> tuple[Cell, ...]:
    taxable = line.vat_category is VatCategory.STANDARD
    return (
        document.number,
        document.portal_reference,
        document.issue_date,
        document.due_date,
        document.month.code,
        document.supplier.legal_name,
        document.supplier.company_number,
        document.supplier.vat_number,
        document.customer.legal_name,
        document.buyer_reference,
        document.purchase_order,
        document.framework_reference,
        line.agreement_reference,
        line.position,
        line.item_name,
        line.description,
        line.unit.value,
        line.quantity,
        line.price,
        _PRICE_IS_FOR[line.unit],
        line.first_day,
        line.last_day,
        line.net,
        line.vat_category.value,
        line.vat_rate.normalize() if taxable else None,
        line.cost_code,
        line.order_reference,
        line.decision,
    )
