"""An issued invoice as rows, with decisions, a reply and a payment, for tests of who sees what.

It is written out by hand and not through the actions, so that it stays when they change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.delivery.models import DeliverySession, Stay
from portal.frameworks.models import Framework
from portal.identity.models import Person
from portal.invoicing.models import (
    ChargedUnit,
    Decision,
    Invoice,
    InvoiceLine,
    InvoiceSection,
    Payment,
    Reply,
)
from portal.invoicing.rules import InvoiceState, LineState, LineStep, number_key
from portal.invoicing.vat import VatCategory
from portal.kernel.money import Money
from portal.kernel.months import Month

MONTH = Month(2026, 3)
SUBMITTED_AT = datetime(2026, 4, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Issued:
    """An invoice of two lines: an hour that is queried, nights that are paid."""

    invoice: Invoice
    queried: InvoiceLine
    paid: InvoiceLine
    payment: Payment


def make_issued_invoice(
    session: Session,
    *,
    framework: Framework,
    hourly: Agreement,
    delivered: DeliverySession,
    hour: str,
    weekly: Agreement,
    stay: Stay,
    nights: Money,
    week: str,
    submitted_by: Person,
    approver: Person,
    reference: str,
) -> Issued:
    """March's invoice for one locked session of an hour and one locked stay."""
    of_parties = {"council_id": hourly.council_id, "provider_id": hourly.provider_id}
    invoice = Invoice(
        **of_parties,
        framework_id=framework.id,
        month=MONTH,
        reference=reference,
        provider_number=f"2026-{reference}",
        provider_number_key=number_key(f"2026-{reference}"),
        state=InvoiceState.QUERIED,
        regime=framework.regime,
        payment_days=framework.payment_days,
        submitted_at=SUBMITTED_AT,
        submitted_by=submitted_by.id,
        submitted_by_name=submitted_by.name,
        received_on=SUBMITTED_AT.date(),
        verified_on=None,
        act_by=SUBMITTED_AT.date() + timedelta(days=framework.payment_days),
        net=Money.pounds(hour) + nights,
        vat=Money(0),
        approved=nights,
        paid=nights,
        search_text=f"{reference} No-2026-{reference} {hourly.reference}".lower(),
    )
    _add(session, invoice)
    payment = Payment(
        **of_parties,
        invoice_id=invoice.id,
        paid_on=date(2026, 4, 20),
        amount=nights,
        remittance=f"R{reference}",
        recorded_by=approver.id,
        recorded_by_name=approver.name,
        recorded_at=SUBMITTED_AT,
    )
    _add(session, payment)
    lines = []
    for position, (agreement, parts, price, net, days) in enumerate(
        (
            (hourly, 60, hour, Money.pounds(hour), (delivered.service_date,) * 2),
            (weekly, (stay.last_night - stay.first_night).days + 1, week, nights, _nights(stay)),
        ),
        start=1,
    ):
        section = InvoiceSection(
            **of_parties,
            invoice_id=invoice.id,
            agreement_id=agreement.id,
            agreement_reference=agreement.reference,
            title="Mentoring",
            position=position,
        )
        _add(session, section)
        paid = position == 2
        line = InvoiceLine(
            **of_parties,
            invoice_id=invoice.id,
            section_id=section.id,
            agreement_id=agreement.id,
            position=position,
            service_month=MONTH,
            contract_year=framework.starts_on,
            first_day=days[0],
            last_day=days[1],
            description="Nights" if paid else "Mentoring",
            unit=agreement.unit,
            parts=parts,
            price=Money.pounds(price),
            net=net,
            vat_category=VatCategory.NOT_REGISTERED,
            vat_rate=Decimal(0),
            state=LineState.PAID if paid else LineState.QUERIED,
            hands=[str(submitted_by.id)],
            payment_id=payment.id if paid else None,
        )
        _add(session, line)
        unit = {"stay_id": stay.id} if paid else {"session_id": delivered.id}
        _add(
            session,
            ChargedUnit(
                **of_parties,
                line_id=line.id,
                first_day=days[0],
                last_day=days[1],
                parts=parts,
                **unit,
            ),
        )
        lines.append(line)
    queried, settled = lines
    _add(
        session,
        Reply(
            **of_parties,
            line_id=queried.id,
            invoice_id=invoice.id,
            step=LineStep.ANSWER,
            words=f"Yes, it was delivered: {reference}.",
            parts_before=60,
            parts_after=60,
            net_before=queried.net,
            net_after=queried.net,
            replied_by=submitted_by.id,
            replied_by_name=submitted_by.name,
            replied_at=SUBMITTED_AT,
        ),
    )
    for line, step, words in (
        (queried, LineStep.QUERY, f"Who was there for {reference}?"),
        (settled, LineStep.APPROVE, ""),
    ):
        _add(
            session,
            Decision(
                **of_parties,
                line_id=line.id,
                invoice_id=invoice.id,
                step=step,
                words=words,
                net=line.net,
                submitted_by=submitted_by.id,
                decided_by=approver.id,
                decided_by_name=approver.name,
                decided_at=SUBMITTED_AT,
            ),
        )
    return Issued(invoice, queried, settled, payment)


def _nights(stay: Stay) -> tuple[date, date]:
    return stay.first_night, stay.last_night


def _add(session: Session, row: object) -> None:
    session.add(row)
    session.flush()
