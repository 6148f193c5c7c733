"""A credit note as a frozen value: all that any file of it may say.

Like an issued invoice it names no young person: what was written by hand stays in the portal,
and a file has the coded reason in words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from portal.invoicing.credits.models import CreditNote
from portal.invoicing.credits.rules import CREDIT_REASON_NAMES, CREDIT_STATE_NAMES
from portal.invoicing.exports.document import IssuedInvoice, Line, Party, UnsoundDocument
from portal.invoicing.vat import VatCategory, VatSum
from portal.kernel.local_time import local_date
from portal.kernel.money import Money


@dataclass(frozen=True, slots=True)
class IssuedCredit:
    """One credit note, with the line and the invoice that it takes something off.

    Raises UnsoundDocument when it takes off more than the line, or its sums disagree.
    """

    number: str
    issue_date: date
    reason: str
    decision: str
    invoice_number: str
    invoice_date: date
    portal_reference: str
    supplier: Party
    customer: Party
    buyer_reference: str
    framework_reference: str
    framework_title: str
    line: Line
    vat_sum: VatSum

    def __post_init__(self) -> None:
        if not 0 < self.net.pence <= self.line.net.pence:
            raise UnsoundDocument("a credit takes off something, and no more than its line")
        if self.vat_sum.category is not self.line.vat_category:
            raise UnsoundDocument("the VAT of a credit is that of its line")

    @property
    def net(self) -> Money:
        """What is taken off, before VAT."""
        return self.vat_sum.net

    @property
    def vat(self) -> Money:
        """The VAT on it."""
        return self.vat_sum.vat

    @property
    def total(self) -> Money:
        """Net and VAT together."""
        return self.net + self.vat

    @property
    def outside_vat(self) -> bool:
        """Whether the supplier is not registered for VAT: no rate, no VAT number."""
        return self.vat_sum.category is VatCategory.NOT_REGISTERED


def document_of(credit: CreditNote, invoice: IssuedInvoice) -> IssuedCredit:
    """The document of a credit note on a line of this invoice."""
    line = next(one for one in invoice.lines if one.position == credit.line.position)
    of_line = next(
        one
        for one in invoice.vat_sums
        if (one.category, one.rate) == (line.vat_category, line.vat_rate)
    )
    return IssuedCredit(
        number=credit.number,
        issue_date=local_date(credit.entered_at),
        reason=CREDIT_REASON_NAMES[credit.reason],
        decision=CREDIT_STATE_NAMES[credit.state],
        invoice_number=invoice.number,
        invoice_date=invoice.issue_date,
        portal_reference=invoice.portal_reference,
        supplier=invoice.supplier,
        customer=invoice.customer,
        buyer_reference=invoice.buyer_reference,
        framework_reference=invoice.framework_reference,
        framework_title=invoice.framework_title,
        line=line,
        vat_sum=replace(of_line, net=credit.net, vat=credit.vat),
    )
