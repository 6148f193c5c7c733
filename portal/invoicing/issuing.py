"""An invoice as rows made into the issued document that its files are written from.

A file shows the invoice as submitted, with the provider's own amendments. What the council
decides changes no amount of it: a queried line stays as charged, and a refused line stays too,
because it is part of the document that was issued (rules.md G14); the decision stands beside it,
in the tables' column "Decision". Taking a refused line off the account is a credit note's part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.rules import Regime, payment_clock
from portal.identity.models import Organisation
from portal.invoicing.exports.document import BankAccount, IssuedInvoice, Line, Party, Section
from portal.invoicing.gathering.surroundings import bank_details
from portal.invoicing.list_queries import Wanted, invoices_page
from portal.invoicing.mechanisms import ADJUSTMENT
from portal.invoicing.models import Invoice, InvoiceLine, InvoiceSection
from portal.invoicing.queries import lines_of
from portal.invoicing.rules import LINE_STATE_NAMES
from portal.invoicing.vat import vat_sums
from portal.kernel.money import Money
from portal.kernel.wording import say_date

Row = TypeVar("Row", InvoiceSection, InvoiceLine)

ACCOUNTS = "Accounts team"
LAWS = {
    Regime.ACT_2023: "Procurement Act 2023, section 68",
    Regime.PCR_2015: "Public Contracts Regulations 2015, regulation 113",
}


def issued(session: Session, invoice: Invoice) -> IssuedInvoice:
    """One invoice as its document, with the account it is paid to.

    ``invoice`` comes from ``queries.get_invoice``. Two queries.
    """
    bank = bank_details(session, invoice.provider_id, invoice.received_on)
    account = None
    if bank is not None:
        account = BankAccount(
            bank.account_name, bank.account_number, _spaced_sort_code(bank.sort_code)
        )
    return document_of(invoice, invoice.sections, lines_of(session, invoice), account)


def issued_list(
    session: Session, organisation_id: UUID, wanted: Wanted, *, council: bool
) -> Iterator[IssuedInvoice]:
    """Every invoice of a list as its document, in the order of the list, without accounts.

    Read by keyset in batches of a page, three queries each, so that the memory held does not
    grow with the list.
    """
    cursor: str | None = None
    while True:
        page = invoices_page(session, organisation_id, wanted, cursor, council=council)
        yield from _documents(session, page.rows)
        session.expunge_all()
        if (cursor := page.after) is None:
            return


def document_of(
    invoice: Invoice,
    sections: Sequence[InvoiceSection],
    lines: Sequence[InvoiceLine],
    bank: BankAccount | None,
) -> IssuedInvoice:
    """The document of an invoice with its sections and lines. Raises UnsoundDocument."""
    orders = {line.purchase_order for line in lines}
    order = orders.pop() if len(orders) == 1 else None
    of_section: dict[UUID, list[Line]] = defaultdict(list)
    named = {section.id: section for section in sections}
    for line in lines:
        of_section[line.section_id].append(
            _line(line, named[line.section_id], shared_order=order is not None)
        )
    charged = [line for own in of_section.values() for line in own]
    sums = tuple(
        replace(each, exemption_reason=invoice.exemption_reason or each.exemption_reason)
        if each.exemption_reason
        else each
        for each in vat_sums(charged)
    )
    return IssuedInvoice(
        number=invoice.provider_number,
        portal_reference=invoice.reference,
        issue_date=invoice.received_on,
        due_date=invoice.act_by,
        month=invoice.month,
        supplier=party_of(invoice.provider, vat_number=invoice.vat_number),
        customer=party_of(invoice.council, vat_number=None),
        buyer_reference=invoice.council.buyer_reference or invoice.framework.reference,
        purchase_order=order,
        framework_reference=invoice.framework.reference,
        framework_title=invoice.framework.title,
        sections=tuple(
            Section(
                section.agreement_reference,
                section.title,
                tuple(of_section[section.id]),
                Money.total(line.net for line in of_section[section.id]),
            )
            for section in sections
        ),
        vat_sums=sums,
        net=invoice.net,
        vat=invoice.vat,
        total=invoice.total,
        payment_terms=payment_terms(invoice),
        bank=bank,
        note=None,
    )


def payment_terms(invoice: Invoice) -> str:
    """How the day of payment is counted, by the law the framework was bought under (B2, B3)."""
    clock = payment_clock(invoice.regime, invoice.payment_days)
    terms = f"{clock} ({LAWS[invoice.regime]})."
    if invoice.regime is Regime.ACT_2023:
        return terms
    if invoice.verified_on is not None:
        return f"{terms} Verified on {say_date(invoice.verified_on)}."
    return f"{terms} Not verified yet: the due date is counted as if on receipt."


def _documents(session: Session, invoices: Sequence[Invoice]) -> Iterator[IssuedInvoice]:
    ids = [invoice.id for invoice in invoices]
    sections = _by_invoice(
        session.scalars(
            select(InvoiceSection)
            .where(InvoiceSection.invoice_id.in_(ids))
            .order_by(InvoiceSection.invoice_id, InvoiceSection.position)
        )
    )
    lines = _by_invoice(
        session.scalars(
            select(InvoiceLine)
            .where(InvoiceLine.invoice_id.in_(ids))
            .order_by(InvoiceLine.invoice_id, InvoiceLine.position)
        )
    )
    for invoice in invoices:
        yield document_of(invoice, sections[invoice.id], lines[invoice.id], None)


def _by_invoice(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    grouped: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.invoice_id].append(row)
    return grouped


def _line(line: InvoiceLine, section: InvoiceSection, *, shared_order: bool) -> Line:
    """A line as issued. Its days stand beside it, so its description goes without them."""
    adjusts = line.description.startswith(ADJUSTMENT)
    return Line(
        position=line.position,
        agreement_reference=section.agreement_reference,
        description=line.description.rpartition(", ")[0],
        item_name=f"{section.title}: {ADJUSTMENT.lower()}" if adjusts else section.title,
        unit=line.unit,
        parts=line.parts,
        price=line.price,
        net=line.net,
        first_day=line.first_day,
        last_day=line.last_day,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        cost_code=line.cost_code,
        order_reference=None if shared_order else line.purchase_order,
        decision=LINE_STATE_NAMES[line.state],
    )


def party_of(organisation: Organisation, *, vat_number: str | None) -> Party:
    """An organisation as a side of a document."""
    return Party(
        legal_name=organisation.legal_name,
        trading_name=organisation.name,
        street=organisation.street,
        city=organisation.city,
        postcode=organisation.postcode,
        company_number=organisation.company_number,
        vat_number=vat_number,
        endpoint_scheme=organisation.endpoint_scheme,
        endpoint_id=organisation.endpoint_id,
        contact_name=ACCOUNTS,
        contact_email=organisation.accounts_email,
    )


def _spaced_sort_code(digits: str) -> str:
    return "-".join(digits[place : place + 2] for place in range(0, len(digits), 2))
