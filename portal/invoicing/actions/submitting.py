"""Submitting the month's invoice: once, whole, and only as the provider saw it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from portal.audit.actions import Actor, record
from portal.delivery.actions import Locks, lock
from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.invoicing.actions.events import Event, invoice_subject
from portal.invoicing.actions.numbers import refuse_taken
from portal.invoicing.adjustments.models import ChargedAdjustment
from portal.invoicing.checks import Check, blocking, check
from portal.invoicing.corrections.models import ChargedCorrection
from portal.invoicing.drafting import Draft
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import Stream, gather_draft
from portal.invoicing.mechanisms import Adjusts
from portal.invoicing.models import ChargedUnit, Invoice, InvoiceLine, InvoiceSection
from portal.invoicing.queries import invoice_of_month
from portal.invoicing.rules import InvoiceState, LineState, act_by, number_key
from portal.kernel.bulk import insert_rows
from portal.kernel.clock import local_date
from portal.kernel.database import prepared
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.ids import new_id, new_ids
from portal.kernel.money import Money
from portal.kernel.months import Month

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class AlreadySubmitted(DomainError):
    """This month's invoice exists; the page leads to it."""

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(
            f"The invoice for {invoice.month} was already submitted as {invoice.reference}. "
            "Nothing new was made."
        )
        self.invoice_id = invoice.id


class ChecksBlock(DomainError):
    """Something must be put right before the invoice can be submitted."""

    status = 422
    sentence = "Put right what blocks this invoice, then submit it."

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__()
        self.checks = checks


class DraftChanged(DomainError):
    """What was delivered changed between the page and the click."""

    status = 422

    def __init__(self, total: Money) -> None:
        super().__init__(
            f"What was delivered changed while your page was open: the total is now {total}. "
            "Look through the invoice as it is now, then submit it"
        )


def submit(
    session: Session,
    actor: Actor,
    stream: Stream,
    month: Month,
    *,
    number: str,
    seen: str,
    at: datetime,
) -> Invoice:
    """Make the invoice of what was delivered, lock its units, and hand it to the council.

    ``number`` is the provider's own; ``seen`` the fingerprint of the draft on the page.
    Raises AlreadySubmitted, NumberTaken, DraftChanged or ChecksBlock, having changed nothing;
    and IntegrityError when another submission of the same month wins a race on PostgreSQL.
    """
    if (earlier := invoice_of_month(session, stream, month)) is not None:
        raise AlreadySubmitted(earlier)
    refuse_taken(session, stream.provider_id, number)
    today = local_date(at)
    gathered = gather_draft(session, stream, month, today=today, hold=True)
    draft = gathered.draft
    if fingerprint(draft) != seen:
        if (earlier := invoice_of_month(session, stream, month)) is not None:
            raise AlreadySubmitted(earlier)  # another click went ahead while this one waited
        raise DraftChanged(draft.total)
    if found := blocking(check(gathered.facts)):
        raise ChecksBlock(found)
    invoice = _invoice(session, actor, stream, draft, number=number, at=at)
    session.add(invoice)
    session.flush()
    _insert_lines(session, invoice, draft)
    _lock_units(session, invoice, draft, at=at)
    record(
        session,
        actor,
        Event.SUBMITTED,
        invoice_subject(invoice),
        at=at,
        lines=len(draft.lines),
        total_pence=draft.total.pence,
    )
    return invoice


_COUNCIL, _PROVIDER = aliased(Organisation), aliased(Organisation)
_NAMES = prepared(
    select(Framework, _COUNCIL.name, _PROVIDER.name)
    .select_from(Framework)
    .join(_COUNCIL, _COUNCIL.id == bindparam("council_id"))
    .join(_PROVIDER, _PROVIDER.id == bindparam("provider_id"))
    .where(Framework.id == bindparam("framework_id"))
)


def _invoice(
    session: Session, actor: Actor, stream: Stream, draft: Draft, *, number: str, at: datetime
) -> Invoice:
    found = session.execute(_NAMES, stream.parameters).first()
    if found is None:
        raise NotFound
    framework, council_name, provider_name = found
    if actor.person_id is None or draft.vat is None:
        raise ValueError("a person submits, and the VAT is known once the checks have passed")
    received_on = local_date(at)
    reference = new_reference(draft.month)
    agreements = (section.terms.reference for section in draft.sections)
    return Invoice(
        id=new_id(),
        council_id=stream.council_id,
        provider_id=stream.provider_id,
        framework_id=stream.framework_id,
        month=draft.month,
        reference=reference,
        provider_number=number,
        provider_number_key=number_key(number),
        state=InvoiceState.TO_DECIDE,
        regime=framework.regime,
        payment_days=framework.payment_days,
        submitted_at=at,
        submitted_by=actor.person_id,
        submitted_by_name=actor.name,
        received_on=received_on,
        act_by=act_by(
            framework.regime, framework.payment_days, received_on=received_on, verified_on=None
        ),
        vat_number=draft.vat.vat_number,
        exemption_reason=draft.vat_sums[0].exemption_reason,
        net=draft.net,
        vat=draft.vat_total,
        search_text=" ".join(
            (reference, number, provider_name, council_name, framework.reference, *agreements)
        ),
    )


def new_reference(month: Month) -> str:
    """The portal's reference for an invoice: its month and five letters that tell nothing."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(5))
    return f"{month.code.replace('-', '')[2:]}-{letters}"


class DraftRows(NamedTuple):
    """The rows that a draft becomes, for one insert each."""

    sections: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    units: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    adjustments: list[dict[str, Any]]


def invoice_rows(
    invoice_id: UUID,
    stream: Stream,
    draft: Draft,
    *,
    submitted_by: UUID,
    state: LineState = LineState.SUBMITTED,
    payment_id: UUID | None = None,
) -> DraftRows:
    """The rows of a draft's sections, lines, charged units, corrections, adjustments."""
    if draft.vat is None:
        raise ValueError("the VAT is known once the checks have passed")
    parties = {"council_id": stream.council_id, "provider_id": stream.provider_id}
    sections: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []
    corrections: list[dict[str, Any]] = []
    adjustments: list[dict[str, Any]] = []
    charges = sum(len(line.charges) for line in draft.lines)
    ids = iter(new_ids(len(draft.sections) + len(draft.lines) + charges))
    for place, section in enumerate(draft.sections, 1):
        terms = section.terms
        section_id = next(ids)
        sections.append(
            {
                "id": section_id,
                "invoice_id": invoice_id,
                **parties,
                "agreement_id": terms.agreement_id,
                "agreement_reference": terms.reference,
                "title": terms.title,
                "position": place,
            }
        )
        for line in section.lines:
            line_id, taxed = next(ids), draft.vat.of_line(line)
            lines.append(
                {
                    "id": line_id,
                    "invoice_id": invoice_id,
                    "section_id": section_id,
                    "agreement_id": terms.agreement_id,
                    **parties,
                    "position": len(lines) + 1,
                    "service_month": line.service_month,
                    "contract_year": line.contract_year,
                    "first_day": line.first_day,
                    "last_day": line.last_day,
                    "description": line.description,
                    "unit": terms.unit,
                    "parts": line.parts,
                    "price": line.price,
                    "net": line.net,
                    "vat_category": taxed.vat_category,
                    "vat_rate": taxed.vat_rate,
                    "cost_code": terms.cost_code,
                    "purchase_order": terms.purchase_order,
                    "state": state,
                    "hands": sorted({*line.hands, str(submitted_by)}),
                    "payment_id": payment_id,
                    "version": 1,
                }
            )
            for charge in line.charges:
                row = {
                    "id": next(ids),
                    "line_id": line_id,
                    **parties,
                    "first_day": charge.first_day,
                    "last_day": charge.last_day,
                    "parts": charge.parts,
                }
                if charge.unit.adjusts is not None:
                    adjustments.append({**row, **_adjusted(charge.unit.adjusts)})
                    continue
                if charge.unit.correction_id is not None:
                    corrections.append({**row, "correction_id": charge.unit.correction_id})
                    continue
                units.append(
                    {
                        **row,
                        "session_id": charge.unit.session_id,
                        "stay_id": charge.unit.stay_id,
                    }
                )
    return DraftRows(sections, lines, units, corrections, adjustments)


def _adjusted(adjusts: Adjusts) -> dict[str, Any]:
    return {
        "adjusts_id": adjusts.line_id,
        "price_id": adjusts.price_id,
        "before": adjusts.before,
        "after": adjusts.after,
    }


def _insert_lines(session: Session, invoice: Invoice, draft: Draft) -> None:
    stream = Stream(invoice.provider_id, invoice.council_id, invoice.framework_id)
    rows = invoice_rows(invoice.id, stream, draft, submitted_by=invoice.submitted_by)
    insert_rows(session, InvoiceSection, rows.sections)
    insert_rows(session, InvoiceLine, rows.lines)
    insert_rows(session, ChargedUnit, rows.units)
    insert_rows(session, ChargedCorrection, rows.corrections)
    insert_rows(session, ChargedAdjustment, rows.adjustments)


_ON_INVOICES = InvoiceLine.invoice_id.in_(bindparam("invoice_ids", expanding=True))
WHAT_THEY_CHARGE = Locks.of(
    sessions=select(ChargedUnit.session_id)
    .join(InvoiceLine, InvoiceLine.id == ChargedUnit.line_id)
    .where(_ON_INVOICES, ChargedUnit.session_id.is_not(None)),
    stays=select(ChargedUnit.stay_id)
    .join(InvoiceLine, InvoiceLine.id == ChargedUnit.line_id)
    .where(_ON_INVOICES, ChargedUnit.stay_id.is_not(None)),
    corrections=select(ChargedCorrection.correction_id)
    .join(InvoiceLine, InvoiceLine.id == ChargedCorrection.line_id)
    .where(_ON_INVOICES),
)


def _lock_units(session: Session, invoice: Invoice, draft: Draft, *, at: datetime) -> None:
    lines = (line for line in draft.lines if line.raised_from is None)
    charges = (charge for line in lines for charge in line.charges)
    units = {
        charge.unit.session_id or charge.unit.stay_id or charge.unit.correction_id
        for charge in charges
    }
    lock(session, WHAT_THEY_CHARGE, units=len(units), at=at, invoice_ids=[invoice.id])
