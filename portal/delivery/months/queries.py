"""A month of delivery: over all agreements, and of one. A constant number of queries each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.models import Agreement, Assignment
from portal.delivery.corrections.queries import Corrected, corrected_sessions, nights_taken_off
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.months.rules import NightFigures, SessionFigures
from portal.delivery.nights.rules import missing_nights
from portal.delivery.queries import term_of
from portal.delivery.rules import Nights, SessionState
from portal.frameworks.rules import Unit
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import local_date
from portal.kernel.months import Month

PLANNED = func.coalesce(
    DeliverySession.planned_minutes,
    case((DeliverySession.state == SessionState.SCHEDULED, DeliverySession.minutes), else_=0),
)
"""How long a session was to be; nothing where it was recorded only once it had taken place."""


@dataclass(frozen=True, slots=True)
class AgreementMonth:
    """One agreement's month: figures of its sessions, or of its nights."""

    agreement: Agreement
    figures: SessionFigures | NightFigures


def agreements_in_month(provider_id: UUID, month: Month) -> Select[Any]:
    """A provider's agreements that run on some day of the month."""
    return (
        select(Agreement)
        .where(
            Agreement.provider_id == provider_id,
            Agreement.starts_on <= month.last,
            or_(Agreement.ends_on.is_(None), Agreement.ends_on >= month.first),
        )
        .order_by(Agreement.reference, Agreement.id)
        .options(
            joinedload(Agreement.council, innerjoin=True),
            joinedload(Agreement.category, innerjoin=True),
            selectinload(Agreement.suspensions),
        )
    )


def month_of_agreements(
    session: Session, provider_id: UUID, month: Month, *, cursor: str | None, at: datetime
) -> Page[AgreementMonth]:
    """A page of the provider's agreements with their figures. Four queries."""
    page: Page[Agreement] = page_of(
        session,
        agreements_in_month(provider_id, month),
        Agreement.reference,
        Agreement.id,
        cursor=cursor,
    )
    sessions = session_figures(session, page.rows, month, at=at)
    nights = night_figures(session, page.rows, month, today=local_date(at))
    rows = [
        AgreementMonth(
            agreement, (nights if agreement.unit is Unit.NIGHT else sessions)[agreement.id]
        )
        for agreement in page.rows
    ]
    return Page(rows, page.before, page.after)


def get_agreement(session: Session, agreement_id: UUID) -> Agreement:
    """An agreement with its council, category, assignments and their mentors.

    Raises NotFound.
    """
    found = session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(
            joinedload(Agreement.council, innerjoin=True),
            joinedload(Agreement.category, innerjoin=True),
            selectinload(Agreement.assignments).joinedload(Assignment.mentor, innerjoin=True),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def sessions_of_month(
    session: Session, agreement_id: UUID, month: Month
) -> Sequence[DeliverySession]:
    """The month's sessions of one agreement by time, each with its mentor."""
    return session.scalars(
        select(DeliverySession)
        .where(
            DeliverySession.agreement_id == agreement_id,
            DeliverySession.service_date.between(month.first, month.last),
        )
        .order_by(DeliverySession.starts_at, DeliverySession.id)
        .options(joinedload(DeliverySession.mentor, innerjoin=True))
    ).all()


def stays_of_month(session: Session, agreement_id: UUID, month: Month) -> Sequence[Stay]:
    """The month's nights of one agreement, by date."""
    return session.scalars(
        select(Stay)
        .where(
            Stay.agreement_id == agreement_id,
            Stay.first_night <= month.last,
            Stay.last_night >= month.first,
        )
        .order_by(Stay.first_night, Stay.id)
    ).all()


def session_figures(
    session: Session, agreements: Collection[Agreement], month: Month, *, at: datetime
) -> dict[UUID, SessionFigures]:
    """Counts of each agreement's sessions in the month as they stand corrected. Two queries."""
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    locked = DeliverySession.locked_at.is_not(None)
    passed = DeliverySession.starts_at <= at
    for agreement_id, state, is_locked, has_passed, number, minutes, planned in session.execute(
        select(
            DeliverySession.agreement_id,
            DeliverySession.state,
            locked,
            passed,
            func.count(DeliverySession.id),
            func.sum(DeliverySession.minutes),
            func.sum(PLANNED),
        )
        .where(
            DeliverySession.agreement_id.in_([agreement.id for agreement in agreements]),
            DeliverySession.service_date.between(month.first, month.last),
        )
        .group_by(DeliverySession.agreement_id, DeliverySession.state, locked, passed)
    ):
        count = counts[agreement_id]
        count[state.name.lower()] += number
        count["planned"] += int(planned)
        if state is SessionState.DELIVERED:
            count["minutes"] += int(minutes)
            count["invoiced"] += number if is_locked else 0
        if state is SessionState.SCHEDULED and has_passed:
            count["passed"] += number
    for put_right in corrected_sessions(
        session, month.first, month.last, agreement_ids=[agreement.id for agreement in agreements]
    ).values():
        count = counts[put_right.agreement_id]
        stand_corrected(count, put_right)
        count["invoiced"] -= put_right.state is not SessionState.DELIVERED
    return {agreement.id: SessionFigures(**counts[agreement.id]) for agreement in agreements}


def stand_corrected(count: dict[str, int], put_right: Corrected) -> None:
    """Count a session as its correction leaves it, instead of as the delivered one it was."""
    count["delivered"] -= 1
    if not put_right.moved:
        count[put_right.state.name.lower()] += 1
    count["minutes"] += put_right.minutes - put_right.charged


def night_figures(
    session: Session, agreements: Collection[Agreement], month: Month, *, today: date
) -> dict[UUID, NightFigures]:
    """Counts of each agreement's nights in the month as they stand corrected. Two queries."""
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    for stay in session.scalars(
        select(Stay)
        .where(
            Stay.agreement_id.in_([agreement.id for agreement in agreements]),
            Stay.first_night <= month.last,
            Stay.last_night >= month.first,
        )
        .order_by(Stay.first_night, Stay.id)
    ):
        stays[stay.agreement_id].append(stay)
    off = nights_taken_off(session, list(stays), month.first, month.last)
    return {
        agreement.id: figures_of(
            agreement, stays[agreement.id], off.get(agreement.id, ()), month, today=today
        )
        for agreement in agreements
    }


def figures_of(
    agreement: Agreement,
    stays: Sequence[Stay],
    off: Sequence[Nights],
    month: Month,
    *,
    today: date,
) -> NightFigures:
    """What one agreement's stays in a month come to, without the nights that were taken off."""
    term = term_of(agreement)
    recorded = [Nights(stay.first_night, stay.last_night) for stay in stays]

    def nights(counted: Sequence[bool]) -> int:
        return sum(len(part) for part, yes in zip(recorded, counted, strict=True) if yes)

    less = sum(len(nights) for nights in off)
    return NightFigures(
        within=sum(1 for day in month if day in term),
        present=nights([stay.present for stay in stays]) - less,
        absent=nights([not stay.present for stay in stays]) + less,
        invoiced=nights([stay.present and stay.locked_at is not None for stay in stays]) - less,
        missing=tuple(missing_nights(term, recorded, month, today)),
    )
