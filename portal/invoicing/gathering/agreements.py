"""The agreements concerned: terms, prices, and what has been charged and delivered elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, AgreementPrice
from portal.agreements.variations.models import Variation
from portal.agreements.variations.queries import authorised_by
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.frameworks.lots.models import CategoryTerms
from portal.frameworks.models import Category, Place
from portal.frameworks.rules import Mechanism, PlaceState, Unit
from portal.invoicing.adjustments.models import ChargedAdjustment
from portal.invoicing.checks.facts import AgreementFacts, Term
from portal.invoicing.mechanisms import AgreedPrice
from portal.invoicing.models import Invoice, InvoiceLine, InvoiceSection
from portal.invoicing.rules import LineState
from portal.kernel.database import prepared
from portal.kernel.months import Month


class Agreed(NamedTuple):
    """An agreement's terms and its place's, with its prices by the days they start on."""

    id: UUID
    reference: str
    title: str
    mechanism: Mechanism
    unit: Unit
    starts_on: date
    ends_on: date | None
    authorised_weekly: int | None
    authorised_total: int | None
    cost_code: str | None
    purchase_order: str | None
    place_starts_on: date
    place_ends_on: date | None
    place_state: PlaceState
    taxed: bool
    varied: bool
    prices: tuple[AgreedPrice, ...]


_AGREED = (
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
        Place.starts_on,
        Place.ends_on,
        Place.state,
        func.coalesce(CategoryTerms.taxed, False),
        select(Variation.id).where(Variation.agreement_id == Agreement.id).exists(),
        AgreementPrice.starts_on,
        AgreementPrice.price,
        AgreementPrice.backdated_on,
    )
    .join(Category, Category.id == Agreement.category_id)
    .join(Place, Place.id == Agreement.place_id)
    .outerjoin(CategoryTerms, CategoryTerms.category_id == Category.id)
    .outerjoin(AgreementPrice, AgreementPrice.agreement_id == Agreement.id)
    .order_by(Agreement.reference, Agreement.id, AgreementPrice.starts_on)
)
_OF_IDS = prepared(_AGREED.where(Agreement.id.in_(bindparam("ids", expanding=True))))
_ON_INVOICE = prepared(
    _AGREED.join(InvoiceSection, InvoiceSection.agreement_id == Agreement.id).where(
        InvoiceSection.invoice_id == bindparam("invoice_id")
    )
)


def agreements_of(session: Session, ids: Sequence[UUID]) -> list[Agreed]:
    return _with_prices(session.execute(_OF_IDS, {"ids": ids}))


def agreements_on(session: Session, invoice: Invoice) -> list[Agreed]:
    return _with_prices(session.execute(_ON_INVOICE, {"invoice_id": invoice.id}))


def _with_prices(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Agreed]:
    """One of each agreement, of rows that each hold one of its prices."""
    found: list[Agreed] = []
    for _, group in groupby(rows, key=itemgetter(0)):
        priced = list(group)
        prices = tuple(AgreedPrice(*row[-3:]) for row in priced if row[-3] is not None)
        found.append(Agreed._make((*priced[0][:-3], prices)))
    return found


def agreement_facts(
    session: Session,
    agreements: Sequence[Agreed],
    days: Sequence[date],
    month: Month,
    invoice_id: UUID | None,
) -> dict[UUID, AgreementFacts]:
    authorised = authorised_by(
        session, agreements, varied=[row.id for row in agreements if row.varied]
    )
    weekly = [row for row in agreements if any(one.weekly for one in authorised[row.id])]
    in_all = [row.id for row in agreements if any(one.total for one in authorised[row.id])]
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
            prices=row.prices,
            authorised=authorised[row.id],
            parts_by_day=by_day.get(row.id, {}),
            charged_elsewhere=parts,
            charged_until=until,
            months_invoiced=invoiced.get(row.id, {}),
        )
        for row in agreements
        for parts, until in [elsewhere.get(row.id, (0, date.min))]
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
    corrections = session.execute(
        select(
            DeliveryCorrection.agreement_id,
            DeliveryCorrection.first_day,
            DeliveryCorrection.last_day,
            DeliveryCorrection.before,
            DeliveryCorrection.after,
        )
        .where(
            DeliveryCorrection.agreement_id.in_(units),
            DeliveryCorrection.first_day <= last,
            DeliveryCorrection.last_day >= first,
        )
        .order_by(DeliveryCorrection.agreement_id, DeliveryCorrection.first_day)
    )
    for agreement_id, first_day, last_day, before, after in corrections:
        unit = units[agreement_id]
        less = -1 if unit is Unit.NIGHT else after - before
        if unit is Unit.SESSION:
            less = (after > 0) - (before > 0)
        for number in range((last_day - first_day).days + 1):
            by_day[agreement_id][first_day + timedelta(days=number)] += less
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
) -> Mapping[UUID, tuple[int, date]]:
    """The parts on other invoices, and their last day."""
    if not ids:
        return {}
    rows = session.execute(
        select(
            InvoiceLine.agreement_id, func.sum(InvoiceLine.parts), func.max(InvoiceLine.last_day)
        )
        .where(
            InvoiceLine.agreement_id.in_(ids),
            InvoiceLine.state != LineState.REFUSED,
            InvoiceLine.invoice_id.is_distinct_from(invoice_id),
            ~select(ChargedAdjustment.id)
            .where(ChargedAdjustment.line_id == InvoiceLine.id)
            .exists(),
        )
        .group_by(InvoiceLine.agreement_id)
        .order_by(InvoiceLine.agreement_id)
    )
    return {agreement_id: (int(parts), until) for agreement_id, parts, until in rows}


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
