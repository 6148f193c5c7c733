"""The rows of the past's invoices: one after another, then each table in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Happening, Subject, record_history
from portal.delivery.actions import lock
from portal.frameworks.models import Framework
from portal.invoicing.actions.events import Event
from portal.invoicing.actions.submitting import (
    WHAT_THEY_CHARGE,
    invoice_rows,
    new_reference,
)
from portal.invoicing.drafting import Draft
from portal.invoicing.gathering import Stream
from portal.invoicing.models import (
    ChargedUnit,
    Decision,
    Invoice,
    InvoiceLine,
    InvoiceSection,
    Payment,
)
from portal.invoicing.rules import InvoiceState, LineState, LineStep, act_by, number_key
from portal.kernel.bulk import insert_rows
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date, to_utc
from portal.kernel.money import Money
from portal.kernel.months import Month

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Moments:
    """When an invoice was submitted and, as far as it was, approved and paid.

    The first two in UTC; the payment's day is London's, and only what was approved has one.
    """

    submitted_at: datetime
    approved_at: datetime | None
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """One invoice to be: what it charges, who submitted it and approved it, if so, and when."""

    stream: Stream
    draft: Draft
    framework: Framework
    number: str
    provider_name: str
    council_name: str
    submitter: Actor
    approver: Actor | None
    moments: Moments

    @property
    def state(self) -> tuple[InvoiceState, LineState, int]:
        """Where the moments have brought the invoice and its lines, and in which version."""
        if self.moments.paid_on:
            return InvoiceState.PAID, LineState.PAID, 3
        if self.moments.approved_at:
            return InvoiceState.APPROVED, LineState.APPROVED, 2
        return InvoiceState.TO_DECIDE, LineState.SUBMITTED, 1


@dataclass(slots=True)
class SettledRows:
    """Everything that the invoices come to, by table."""

    invoices: list[dict[str, Any]] = field(default_factory=list)
    sections: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    events: list[Happening] = field(default_factory=list)


def add(rows: SettledRows, settlement: Settlement) -> None:
    """Put an invoice with its lines and events, and any decisions and payment, among the rows."""
    stream, draft, moments = settlement.stream, settlement.draft, settlement.moments
    framework, submitter = settlement.framework, settlement.submitter
    assert draft.vat is not None and submitter.person_id is not None
    parties = {"council_id": stream.council_id, "provider_id": stream.provider_id}
    invoice_id, reference = new_id(), new_reference(draft.month)
    received_on = local_date(moments.submitted_at)
    verified_on = local_date(moments.approved_at) if moments.approved_at else None
    state, line_state, version = settlement.state
    agreements = (section.terms.reference for section in draft.sections)
    number = settlement.number
    names = (settlement.provider_name, settlement.council_name)
    payment_id = new_id() if moments.paid_on else None
    rows.invoices.append(
        {
            "id": invoice_id,
            **parties,
            "framework_id": stream.framework_id,
            "month": draft.month,
            "reference": reference,
            "provider_number": number,
            "provider_number_key": number_key(number),
            "state": state,
            "regime": framework.regime,
            "payment_days": framework.payment_days,
            "submitted_at": moments.submitted_at,
            "submitted_by": submitter.person_id,
            "submitted_by_name": submitter.name,
            "received_on": received_on,
            "verified_on": verified_on,
            "act_by": act_by(
                framework.regime,
                framework.payment_days,
                received_on=received_on,
                verified_on=verified_on,
            ),
            "vat_number": draft.vat.vat_number,
            "exemption_reason": draft.vat_sums[0].exemption_reason,
            "net": draft.net,
            "vat": draft.vat_total,
            "approved": draft.total if moments.approved_at else Money(0),
            "paid": draft.total if payment_id else Money(0),
            "search_text": " ".join((reference, number, *names, framework.reference, *agreements)),
            "version": version,
        }
    )
    if payment_id and moments.paid_on and settlement.approver:
        rows.payments.append(
            {
                "id": payment_id,
                "invoice_id": invoice_id,
                **parties,
                "paid_on": moments.paid_on,
                "amount": draft.total,
                "remittance": f"REM-{reference}",
                "recorded_by": settlement.approver.person_id,
                "recorded_by_name": settlement.approver.name,
                "recorded_at": to_utc(datetime.combine(moments.paid_on, time(16))),
            }
        )
    sections, lines, units, _, _ = invoice_rows(
        invoice_id,
        stream,
        draft,
        submitted_by=submitter.person_id,
        state=line_state,
        payment_id=payment_id,
    )
    rows.sections += sections
    rows.lines += [{**line, "version": version} for line in lines]
    rows.units += units
    if settlement.approver and moments.approved_at:
        approver, at = settlement.approver, moments.approved_at
        rows.decisions += (_approval(settlement, line, approver, at=at) for line in lines)
    rows.events += _events(settlement, rows.invoices[-1], lines)


def _approval(
    settlement: Settlement, line: Mapping[str, Any], approver: Actor, *, at: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "line_id": line["id"],
        "invoice_id": line["invoice_id"],
        "council_id": line["council_id"],
        "provider_id": line["provider_id"],
        "step": LineStep.APPROVE,
        "reason": None,
        "words": "",
        "net": line["net"],
        "submitted_by": settlement.submitter.person_id,
        "decided_by": approver.person_id,
        "decided_by_name": approver.name,
        "decided_at": at,
    }


def _events(
    settlement: Settlement, invoice: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> Iterator[Happening]:
    moments, draft, submitter = settlement.moments, settlement.draft, settlement.submitter
    parties = (invoice["council_id"], invoice["provider_id"])
    subject = Subject("invoice", invoice["id"], invoice["reference"], *parties)
    submitted = {"lines": len(lines), "total_pence": draft.total.pence}
    yield Happening(submitter, Event.SUBMITTED, subject, moments.submitted_at, submitted)
    if settlement.approver is None or moments.approved_at is None:
        return
    for line in lines:
        label = f"{invoice['reference']}, line {line['position']}"
        yield Happening(
            settlement.approver,
            Event.LINE_APPROVED,
            Subject("invoice line", line["id"], label, *parties),
            moments.approved_at,
            {"net_pence": line["net"].pence},
        )
    if moments.paid_on:
        paid_at = to_utc(datetime.combine(moments.paid_on, time(16)))
        paid = {"amount_pence": draft.total.pence}
        yield Happening(settlement.approver, Event.PAID, subject, paid_at, paid)


def save(session: Session, rows: SettledRows) -> None:
    """Insert everything, parents first, and lock what it charges."""
    for model, of_model in (
        (Invoice, rows.invoices),
        (InvoiceSection, rows.sections),
        (Payment, rows.payments),
        (InvoiceLine, rows.lines),
        (ChargedUnit, rows.units),
        (Decision, rows.decisions),
    ):
        for start in range(0, len(of_model), AT_ONCE):
            insert_rows(session, model, of_model[start : start + AT_ONCE])
    for start in range(0, len(rows.events), AT_ONCE):
        record_history(session, rows.events[start : start + AT_ONCE])
    _lock(session, rows)


def _lock(session: Session, rows: SettledRows) -> None:
    """Lock what each month's invoices charge, at the time that the last of them came in."""
    by_month: dict[Month, list[dict[str, Any]]] = defaultdict(list)
    for invoice in rows.invoices:
        by_month[invoice["month"]].append(invoice)
    invoice_of = {line["id"]: line["invoice_id"] for line in rows.lines}
    units: dict[UUID, set[UUID]] = defaultdict(set)
    for unit in rows.units:
        units[invoice_of[unit["line_id"]]].add(unit["session_id"] or unit["stay_id"])
    for invoices in by_month.values():
        ids = [invoice["id"] for invoice in invoices]
        lock(
            session,
            WHAT_THEY_CHARGE,
            units=sum(len(units[invoice_id]) for invoice_id in ids),
            at=max(invoice["submitted_at"] for invoice in invoices),
            invoice_ids=ids,
        )
