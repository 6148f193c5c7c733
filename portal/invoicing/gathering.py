"""Gathering what a draft and its checks need, in a constant number of queries.

A draft and a submitted invoice give the same facts, so that provider and approver see the same
checks. Rows are read as columns, not objects: an invoice may have thousands of sessions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, AgreementPrice, Clearance, Mentor
from portal.budgets.queries import budgets_for
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.evidence.models import BankDetails, Evidence, VatStanding
from portal.evidence.rules import EvidenceKind
from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.rules import Unit
from portal.invoicing.checks import (
    AgreementFacts,
    ChargedSession,
    Facts,
    LineFacts,
    Term,
)
from portal.invoicing.drafting import Draft, VatTreatment, assemble
from portal.invoicing.mechanisms import AgreedPrice, Delivered, Terms
from portal.invoicing.models import ChargedUnit, Invoice, InvoiceLine
from portal.invoicing.rules import OPEN, LineState
from portal.invoicing.vat import VatEvidence
from portal.kernel.errors import NotFound
from portal.kernel.money import Money
from portal.kernel.months import Month


@dataclass(frozen=True, slots=True)
class Stream:
    """Who invoices whom under which framework: one invoice a month."""

    provider_id: UUID
    council_id: UUID
    framework_id: UUID


@dataclass(frozen=True, slots=True)
class Gathered:
    """A draft with the facts for its checks, and the sessions by their ids."""

    draft: Draft
    facts: Facts


def gather_draft(session: Session, stream: Stream, month: Month, *, today: date) -> Gathered:
    """This month's invoice as it would be now.

    Raises NotFound when the framework is not one that the session may see.
    """
    framework_starts = session.scalar(
        select(Framework.starts_on).where(Framework.id == stream.framework_id)
    )
    if framework_starts is None:
        raise NotFound
    sessions = _chargeable_sessions(session, stream, month.last)
    delivered: dict[UUID, list[Delivered]] = defaultdict(list)
    meetings: dict[UUID, tuple[UUID, datetime, date, int]] = {}
    for session_id, agreement_id, mentor_id, starts_at, day, minutes, hands in sessions:
        meetings[session_id] = (mentor_id, starts_at, day, minutes)
        delivered[agreement_id].append(Delivered(day, day, minutes, tuple(hands), session_id))
    for stay_id, agreement_id, first, last, hands in _chargeable_stays(session, stream, month.last):
        nights = (last - first).days + 1
        delivered[agreement_id].append(
            Delivered(first, last, nights, tuple(hands), stay_id=stay_id)
        )
    days = [unit.first_day for units in delivered.values() for unit in units]
    ids = list(delivered)
    agreements = _agreements(session, ids)
    prices = _prices(session, ids)
    terms = {
        row.id: Terms(
            row.id,
            row.reference,
            row.title,
            row.mechanism,
            row.unit,
            framework_starts,
            prices[row.id],
            row.cost_code,
            row.purchase_order,
        )
        for row in agreements
    }
    draft = assemble(month, terms, delivered, _vat_treatment(session, stream, month))
    standing = _mentors(session, {meeting[0] for meeting in meetings.values()})
    lines = [
        LineFacts(
            position,
            line.terms.agreement_id,
            line.service_month,
            line.contract_year,
            line.first_day,
            line.last_day,
            line.parts,
            line.price,
            line.net,
            sessions=tuple(
                _session_facts(*meetings[charge.unit.session_id], standing)
                for charge in line.charges
                if charge.unit.session_id is not None
            ),
        )
        for position, line in enumerate(draft.lines, 1)
    ]
    facts = Facts(
        month=month,
        today=today,
        lines=tuple(lines),
        agreements=_agreement_facts(session, agreements, prices, days, month, None),
        unpriced=tuple(
            (section.terms.reference, charge.first_day)
            for section in draft.sections
            for charge in section.unpriced
        ),
        has_vat_evidence=draft.vat is not None,
    )
    return Gathered(draft, _with_surroundings(session, facts, stream))


def gather_invoice(session: Session, invoice: Invoice, *, today: date) -> Facts:
    """The same facts for an invoice that was submitted; refused lines are left out."""
    stream = Stream(invoice.provider_id, invoice.council_id, invoice.framework_id)
    submitted = session.execute(
        select(
            InvoiceLine.id,
            InvoiceLine.position,
            InvoiceLine.agreement_id,
            InvoiceLine.service_month,
            InvoiceLine.contract_year,
            InvoiceLine.first_day,
            InvoiceLine.last_day,
            InvoiceLine.parts,
            InvoiceLine.price,
            InvoiceLine.net,
            InvoiceLine.state,
        )
        .where(InvoiceLine.invoice_id == invoice.id, InvoiceLine.state != LineState.REFUSED)
        .order_by(InvoiceLine.position)
    ).all()
    charged = session.execute(
        select(
            ChargedUnit.line_id,
            DeliverySession.mentor_id,
            DeliverySession.starts_at,
            DeliverySession.service_date,
            ChargedUnit.parts.label("charged"),
            DeliverySession.minutes,
        )
        .join(InvoiceLine, InvoiceLine.id == ChargedUnit.line_id)
        .join(DeliverySession, DeliverySession.id == ChargedUnit.session_id)
        .where(InvoiceLine.invoice_id == invoice.id, ChargedUnit.parts > 0)
        .order_by(DeliverySession.starts_at, DeliverySession.id)
    ).all()
    standing = _mentors(session, {row.mentor_id for row in charged})
    sessions: dict[UUID, list[ChargedSession]] = defaultdict(list)
    for row in charged:
        sessions[row.line_id].append(
            _session_facts(row.mentor_id, row.starts_at, row.service_date, row.minutes, standing)
        )
    ids = list({row.agreement_id for row in submitted})
    agreements = _agreements(session, ids)
    facts = Facts(
        month=invoice.month,
        today=max(today, invoice.month.next.first),
        lines=tuple(
            LineFacts(
                row.position,
                row.agreement_id,
                row.service_month,
                row.contract_year,
                row.first_day,
                row.last_day,
                row.parts,
                row.price,
                row.net,
                counts_towards_cap=row.state in OPEN,
                sessions=tuple(sessions[row.id]),
            )
            for row in submitted
        ),
        agreements=_agreement_facts(
            session,
            agreements,
            _prices(session, ids),
            [row.first_day for row in submitted],
            invoice.month,
            invoice.id,
        ),
    )
    return _with_surroundings(session, facts, stream)


def _chargeable_sessions(
    session: Session, stream: Stream, through: date
) -> Sequence[Row[UUID, UUID, UUID, datetime, date, int, list[str]]]:
    return session.execute(
        select(
            DeliverySession.id,
            DeliverySession.agreement_id,
            DeliverySession.mentor_id,
            DeliverySession.starts_at,
            DeliverySession.service_date,
            DeliverySession.minutes,
            DeliverySession.hands,
        )
        .join(Agreement, Agreement.id == DeliverySession.agreement_id)
        .where(
            DeliverySession.provider_id == stream.provider_id,
            DeliverySession.council_id == stream.council_id,
            Agreement.framework_id == stream.framework_id,
            DeliverySession.locked_at.is_(None),
            DeliverySession.state == SessionState.DELIVERED,
            DeliverySession.service_date <= through,
        )
        .order_by(DeliverySession.starts_at, DeliverySession.id)
    ).all()


def _chargeable_stays(
    session: Session, stream: Stream, through: date
) -> Sequence[Row[UUID, UUID, date, date, list[str]]]:
    return session.execute(
        select(Stay.id, Stay.agreement_id, Stay.first_night, Stay.last_night, Stay.hands)
        .join(Agreement, Agreement.id == Stay.agreement_id)
        .where(
            Stay.provider_id == stream.provider_id,
            Stay.council_id == stream.council_id,
            Agreement.framework_id == stream.framework_id,
            Stay.locked_at.is_(None),
            Stay.present,
            Stay.first_night <= through,
        )
        .order_by(Stay.first_night, Stay.id)
    ).all()


AgreementRow = Row[*tuple[Any, ...]]


def _agreements(session: Session, ids: Sequence[UUID]) -> Sequence[AgreementRow]:
    return session.execute(
        select(
            Agreement.id,
            Agreement.reference,
            Category.title,
            Agreement.mechanism,
            Agreement.unit,
            Agreement.starts_on,
            Agreement.ends_on,
            Agreement.authorised_weekly,
            Agreement.authorised_total,
            Agreement.cost_code,
            Agreement.purchase_order,
            Place.starts_on.label("place_starts_on"),
            Place.ends_on.label("place_ends_on"),
            Place.state.label("place_state"),
        )
        .join(Category, Category.id == Agreement.category_id)
        .join(Place, Place.id == Agreement.place_id)
        .where(Agreement.id.in_(ids))
        .order_by(Agreement.reference)
    ).all()


def _prices(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, tuple[AgreedPrice, ...]]:
    prices: dict[UUID, tuple[AgreedPrice, ...]] = defaultdict(tuple)
    rows = session.execute(
        select(AgreementPrice.agreement_id, AgreementPrice.starts_on, AgreementPrice.price)
        .where(AgreementPrice.agreement_id.in_(ids))
        .order_by(AgreementPrice.agreement_id, AgreementPrice.starts_on)
    )
    for agreement_id, starts_on, price in rows:
        prices[agreement_id] += (AgreedPrice(starts_on, price),)
    return prices


@dataclass(frozen=True, slots=True)
class Standing:
    """A mentor's name and clearances."""

    name: str
    volunteer: bool
    clearances: tuple[Term, ...]


def _mentors(session: Session, ids: set[UUID]) -> dict[UUID, Standing]:
    if not ids:
        return {}
    standing: dict[UUID, Standing] = {}
    rows = session.execute(
        select(
            Mentor.id,
            Mentor.name,
            Mentor.volunteer,
            Clearance.checked_on,
            Clearance.valid_until,
        )
        .outerjoin(Clearance, Clearance.mentor_id == Mentor.id)
        .where(Mentor.id.in_(ids))
        .order_by(Mentor.id, Clearance.checked_on)
    )
    for mentor_id, name, volunteer, checked_on, valid_until in rows:
        term = _held(checked_on, valid_until)
        known = standing.get(mentor_id, Standing(name, volunteer, ()))
        standing[mentor_id] = replace(known, clearances=known.clearances + term)
    return standing


def _held(checked_on: date | None, valid_until: date) -> tuple[Term, ...]:
    """The clearance of an outer join, which gives none for a mentor without one."""
    return () if checked_on is None else (Term(checked_on, valid_until),)


NOT_TOLD = Standing("A mentor no longer shown to you", False, ())


def _session_facts(
    mentor_id: UUID,
    starts_at: datetime,
    day: date,
    minutes: int,
    standing: Mapping[UUID, Standing],
) -> ChargedSession:
    mentor = standing.get(mentor_id, NOT_TOLD)
    return ChargedSession(starts_at, day, minutes, mentor.name, mentor.volunteer, mentor.clearances)


def _agreement_facts(
    session: Session,
    agreements: Sequence[AgreementRow],
    prices: Mapping[UUID, tuple[AgreedPrice, ...]],
    days: Sequence[date],
    month: Month,
    invoice_id: UUID | None,
) -> dict[UUID, AgreementFacts]:
    weekly = [row for row in agreements if row.authorised_weekly is not None]
    in_all = [row.id for row in agreements if row.authorised_total is not None]
    late = [row.id for row in agreements] if days and min(days) < month.first else []
    by_day = _parts_by_day(session, {row.id: row.unit for row in weekly}, days)
    elsewhere = _charged_elsewhere(session, in_all, invoice_id)
    invoiced = _months_invoiced(session, late, days, month)
    return {
        row.id: AgreementFacts(
            reference=row.reference,
            unit=row.unit,
            term=Term(row.starts_on, row.ends_on),
            place=Term(row.place_starts_on, row.place_ends_on),
            place_state=row.place_state,
            prices=prices[row.id],
            authorised_weekly=row.authorised_weekly,
            authorised_total=row.authorised_total,
            parts_by_day=by_day.get(row.id, {}),
            charged_elsewhere=elsewhere.get(row.id, 0),
            months_invoiced=invoiced.get(row.id, {}),
        )
        for row in agreements
    }


def _parts_by_day(
    session: Session, units: Mapping[UUID, Unit], days: Sequence[date]
) -> Mapping[UUID, Mapping[date, int]]:
    """What was delivered on each day around these: minutes, sessions or nights by the unit."""
    if not units:
        return {}
    first, last = min(days) - timedelta(days=6), max(days) + timedelta(days=31)
    by_day: dict[UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    meetings = session.execute(
        select(
            DeliverySession.agreement_id,
            DeliverySession.service_date,
            func.sum(DeliverySession.minutes),
            func.count(DeliverySession.id),
        )
        .where(
            DeliverySession.agreement_id.in_(units),
            DeliverySession.state == SessionState.DELIVERED,
            DeliverySession.service_date.between(first, last),
        )
        .group_by(DeliverySession.agreement_id, DeliverySession.service_date)
        .order_by(DeliverySession.agreement_id, DeliverySession.service_date)
    )
    for agreement_id, day, minutes, number in meetings:
        by_day[agreement_id][day] = number if units[agreement_id] is Unit.SESSION else int(minutes)
    stays = session.execute(
        select(Stay.agreement_id, Stay.first_night, Stay.last_night)
        .where(
            Stay.agreement_id.in_(units),
            Stay.present,
            Stay.first_night <= last,
            Stay.last_night >= first,
        )
        .order_by(Stay.agreement_id, Stay.first_night)
    )
    for agreement_id, first_night, last_night in stays:
        for number in range((last_night - first_night).days + 1):
            by_day[agreement_id][first_night + timedelta(days=number)] += 1
    return by_day


def _charged_elsewhere(
    session: Session, ids: Sequence[UUID], invoice_id: UUID | None
) -> Mapping[UUID, int]:
    if not ids:
        return {}
    rows = session.execute(
        select(InvoiceLine.agreement_id, func.sum(InvoiceLine.parts))
        .where(
            InvoiceLine.agreement_id.in_(ids),
            InvoiceLine.state != LineState.REFUSED,
            InvoiceLine.invoice_id.is_distinct_from(invoice_id),
        )
        .group_by(InvoiceLine.agreement_id)
        .order_by(InvoiceLine.agreement_id)
    )
    return {agreement_id: int(parts) for agreement_id, parts in rows}


def _months_invoiced(
    session: Session, ids: Sequence[UUID], days: Sequence[date], month: Month
) -> Mapping[UUID, Mapping[Month, str]]:
    """The earlier months' invoices of agreements with a late line, by month."""
    if not ids:
        return {}
    invoiced: dict[UUID, dict[Month, str]] = defaultdict(dict)
    rows = session.execute(
        select(InvoiceLine.agreement_id, InvoiceLine.service_month, Invoice.reference)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            InvoiceLine.agreement_id.in_(ids),
            InvoiceLine.service_month >= Month.of(min(days)),
            InvoiceLine.service_month < month,
            Invoice.month < month,
        )
        .order_by(InvoiceLine.agreement_id, InvoiceLine.service_month, Invoice.reference)
    )
    for agreement_id, service_month, reference in rows:
        invoiced[agreement_id][service_month] = reference
    return invoiced


def vat_evidence(session: Session, provider_id: UUID, on: date) -> VatEvidence | None:
    """The provider's newest VAT evidence that had started by a day."""
    standing = session.scalars(
        select(VatStanding)
        .where(VatStanding.provider_id == provider_id, VatStanding.starts_on <= on)
        .order_by(VatStanding.starts_on.desc())
        .limit(1)
    ).first()
    if standing is None:
        return None
    return VatEvidence(
        starts_on=standing.starts_on,
        vat_number=standing.vat_number,
        charity_number=standing.charity_number,
        ofsted_urn=standing.ofsted_urn,
        public_body=standing.public_body,
    )


def bank_details(session: Session, provider_id: UUID, on: date) -> BankDetails | None:
    """Where the provider is paid on a day."""
    return session.scalars(
        select(BankDetails)
        .where(BankDetails.provider_id == provider_id, BankDetails.starts_on <= on)
        .order_by(BankDetails.starts_on.desc())
        .limit(1)
    ).first()


def _vat_treatment(session: Session, stream: Stream, month: Month) -> VatTreatment | None:
    return VatTreatment.of(vat_evidence(session, stream.provider_id, month.last), month.last)


def _with_surroundings(session: Session, facts: Facts, stream: Stream) -> Facts:
    evidence: dict[EvidenceKind, tuple[Term, ...]] = defaultdict(tuple)
    for kind, valid_from, valid_until in session.execute(
        select(Evidence.kind, Evidence.valid_from, Evidence.valid_until)
        .where(Evidence.provider_id == stream.provider_id)
        .order_by(Evidence.kind, Evidence.valid_from)
    ):
        evidence[kind] += (Term(valid_from, valid_until),)
    budgets = budgets_for(session, stream.framework_id, stream.council_id)
    caps: dict[date, tuple[Money, Money]] = {
        year: (budget.cap, budget.approved) for year, budget in budgets.items()
    }
    return replace(
        facts,
        evidence=evidence,
        has_bank_details=bank_details(session, stream.provider_id, facts.today) is not None,
        caps=caps,
    )
