"""A released run as files for the finance system, and the remittances that come back.

The columns are described for finance people in docs/payment-file.md. The last two are empty: the
same file with these filled in is a remittance file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.invoicing.exports.document import BankAccount
from portal.invoicing.issuing import document_of
from portal.invoicing.models import Invoice, InvoiceLine, InvoiceSection
from portal.invoicing.runs.models import PaymentRun, RunEntry
from portal.invoicing.runs.rules import EntryState, Remitted
from portal.kernel.documents.tables import Cell, csv_chunks, xlsx_workbook
from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date
from portal.kernel.money import BadMoney, Money

HEADINGS = (
    "Run",
    "Released on",
    "Invoice",
    "Supplier invoice number",
    "Month",
    "Due date",
    "Payee",
    "Payee company number",
    "Account name",
    "Sort code",
    "Account number",
    "Amount",
    "Currency",
    "Framework",
    "Paid on",
    "Remittance",
)
READ = ("Run", "Invoice", "Amount", "Paid on", "Remittance")
MOST_ROWS = 2_000
LARGEST = 400_000  # bytes, of which a form can send back twice as much
AT_ONCE = 50


class UnreadableRemittances(DomainError):
    """The file is not a CSV file with the columns that are read."""

    status = 422


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be read: its line in the file and why."""

    line: int
    why: str


def run_csv(run: PaymentRun, entries: Sequence[RunEntry]) -> bytes:
    """What the run pays, a row an invoice, as CSV (UTF-8 with a mark)."""
    return b"".join(csv_chunks(HEADINGS, _rows(run, entries)))


def run_xlsx(run: PaymentRun, entries: Sequence[RunEntry]) -> bytes:
    """The same rows as a workbook with the one sheet "Payment run"."""
    return xlsx_workbook("Payment run", HEADINGS, _rows(run, entries))


def run_ubl(session: Session, entries: Sequence[RunEntry]) -> bytes:
    """The e-invoice (UBL 2.1) of each invoice of the run, in a ZIP file.

    Read in batches, three statements each. Raises NoEndpoint for a party without an electronic
    address.
    """
    from portal.invoicing.exports.ubl import invoice_xml  # lxml is 4 MB

    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
        for start in range(0, len(entries), AT_ONCE):
            batch = {entry.invoice_id: entry for entry in entries[start : start + AT_ONCE]}
            for invoice, sections, lines in _invoices(session, list(batch)):
                entry = batch[invoice.id]
                account = BankAccount(
                    entry.account_name, entry.account_number, spaced(entry.sort_code)
                )
                document = document_of(invoice, sections, lines, account)
                zipped.writestr(f"invoice-{invoice.reference}.xml", invoice_xml(document))
    return file.getvalue()


def decoded(content: bytes) -> str:
    """The text of a file that somebody sent. Raises UnreadableRemittances."""
    if len(content) > LARGEST:
        raise UnreadableRemittances("The file is too large. Send it in parts")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableRemittances("This is not a CSV file. Save the sheet as CSV") from None


def read_remittances(content: str) -> tuple[list[Remitted], list[Unread]]:
    """The rows of a remittance file, and those that cannot be read.

    Raises UnreadableRemittances.
    """
    rows = csv.DictReader(io.StringIO(content.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")))
    names = {name.strip().casefold(): name for name in rows.fieldnames or () if name}
    if missing := [name for name in READ if name.casefold() not in names]:
        raise UnreadableRemittances(
            f"The file has no column {', '.join(missing)}. Its first row must name the columns "
            f"{', '.join(READ)}"
        )
    sound: list[Remitted] = []
    wrong: list[Unread] = []
    try:
        for row in rows:
            said = [(row[names[name.casefold()]] or "").strip() for name in READ]
            if not said[3] and not said[4]:
                continue
            match _read(rows.line_num, *said):
                case Remitted() as read:
                    sound.append(read)
                case unread:
                    wrong.append(unread)
    except csv.Error:
        raise UnreadableRemittances("This is not a CSV file. Save the sheet as CSV") from None
    if len(sound) + len(wrong) > MOST_ROWS:
        raise UnreadableRemittances(f"Send at most {MOST_ROWS:,} payments at once")
    return sound, wrong


def spaced(sort_code: str) -> str:
    """A sort code as people write it, 12-34-56."""
    return "-".join(sort_code[place : place + 2] for place in range(0, len(sort_code), 2))


def _read(
    line: int, run: str, invoice: str, amount: str, paid_on: str, remittance: str
) -> Remitted | Unread:
    try:
        money = Money.parse(amount)
    except BadMoney:
        return Unread(line, f"“{amount}” is not an amount like 1008.00")
    day = _day(paid_on)
    if day is None:
        return Unread(line, f"“{paid_on}” is not a day like 2026-05-06 or 06/05/2026")
    if not remittance or len(remittance) > 40:
        return Unread(line, "The remittance reference must be 1 to 40 characters")
    return Remitted(line, run, invoice, money, day, remittance)


def _day(words: str) -> date | None:
    english = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", words)
    try:
        return date.fromisoformat(f"{english[3]}-{english[2]}-{english[1]}" if english else words)
    except ValueError:
        return None


def _rows(run: PaymentRun, entries: Sequence[RunEntry]) -> Iterator[tuple[Cell, ...]]:
    released_on = local_date(run.released_at) if run.released_at else None
    for entry in entries:
        if entry.state is EntryState.TAKEN_OUT:
            continue
        invoice, provider = entry.invoice, entry.provider
        yield (
            run.reference,
            released_on,
            invoice.reference,
            invoice.provider_number,
            invoice.month.code,
            invoice.act_by,
            provider.legal_name,
            provider.company_number,
            entry.account_name,
            spaced(entry.sort_code),
            entry.account_number,
            entry.amount,
            "GBP",
            invoice.framework.reference,
            None,
            None,
        )


def _invoices(
    session: Session, ids: Sequence[UUID]
) -> Iterator[tuple[Invoice, list[InvoiceSection], list[InvoiceLine]]]:
    invoices = session.scalars(
        select(Invoice)
        .where(Invoice.id.in_(ids))
        .options(
            joinedload(Invoice.council), joinedload(Invoice.provider), joinedload(Invoice.framework)
        )
        .order_by(Invoice.reference)
    ).all()
    sections: dict[UUID, list[InvoiceSection]] = {one: [] for one in ids}
    lines: dict[UUID, list[InvoiceLine]] = {one: [] for one in ids}
    for section in session.scalars(
        select(InvoiceSection)
        .where(InvoiceSection.invoice_id.in_(ids))
        .order_by(InvoiceSection.invoice_id, InvoiceSection.position)
    ):
        sections[section.invoice_id].append(section)
    for line in session.scalars(
        select(InvoiceLine)
        .where(InvoiceLine.invoice_id.in_(ids))
        .order_by(InvoiceLine.invoice_id, InvoiceLine.position)
    ):
        lines[line.invoice_id].append(line)
    for invoice in invoices:
        yield invoice, sections[invoice.id], lines[invoice.id]
