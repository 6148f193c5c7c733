"""What was delivered: for the invoices that charge it, and for the pages that record it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.orm import Session, selectinload

from portal.agreements.models import Agreement
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import Nights, SessionState, Span, Term
from portal.kernel.months import Month

TO_BE_CHARGED: ColumnElement[bool] = and_(
    DeliverySession.locked_at.is_(None), DeliverySession.state == SessionState.DELIVERED
)
NIGHTS_TO_BE_CHARGED: ColumnElement[bool] = and_(Stay.locked_at.is_(None), Stay.present)

CORRECTIONS_TO_BE_CHARGED: ColumnElement[bool] = and_(
    DeliveryCorrection.locked_at.is_(None), DeliveryCorrection.before != DeliveryCorrection.after
)


@dataclass(frozen=True, slots=True)
class ChargeableTotal:
    """What one council owes for under one framework in one month of service, on no invoice yet.

    ``corrections`` are those of an earlier invoice that charge more, or take something off.
    """

    council_id: UUID
    framework_id: UUID
    month: Month
    sessions: int
    minutes: int
    nights: int
    corrections: int


def agreement_now(session: Session, agreement_id: UUID) -> Agreement:
    """An agreement and its suspensions as they stand now, past what was read before."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(selectinload(Agreement.suspensions))
        .execution_options(populate_existing=True)
    ).one()


def term_of(agreement: Agreement) -> Term:
    """When an agreement runs, as the rules ask it."""
    return Term(
        Span(agreement.starts_on, agreement.ends_on),
        agreement.state,
        tuple(Span(one.starts_on, one.ends_on) for one in agreement.suspensions),
    )


def chargeable_totals(session: Session, provider_id: UUID, through: date) -> list[ChargeableTotal]:
    """Delivered and on no invoice yet, summed per council, framework and month; three queries."""
    figures: dict[tuple[UUID, UUID, Month], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    year = extract("year", DeliverySession.service_date)
    month = extract("month", DeliverySession.service_date)
    for council_id, framework_id, in_year, in_month, number, minutes in session.execute(
        select(
            Agreement.council_id,
            Agreement.framework_id,
            year,
            month,
            func.count(DeliverySession.id),
            func.sum(DeliverySession.minutes),
        )
        .join(DeliverySession.agreement)
        .where(
            DeliverySession.provider_id == provider_id,
            TO_BE_CHARGED,
            DeliverySession.service_date <= through,
        )
        .group_by(Agreement.council_id, Agreement.framework_id, year, month)
    ):
        key = (council_id, framework_id, Month(int(in_year), int(in_month)))
        figures[key][:2] = number, int(minutes)
    for council_id, framework_id, first, number in session.execute(
        select(
            Agreement.council_id,
            Agreement.framework_id,
            DeliveryCorrection.first_day,
            func.count(DeliveryCorrection.id),
        )
        .join(DeliveryCorrection.agreement)
        .where(
            DeliveryCorrection.provider_id == provider_id,
            CORRECTIONS_TO_BE_CHARGED,
            DeliveryCorrection.first_day <= through,
        )
        .group_by(Agreement.council_id, Agreement.framework_id, DeliveryCorrection.first_day)
    ):
        figures[council_id, framework_id, Month.of(first)][3] += number
    for council_id, framework_id, first, last, number in session.execute(
        select(
            Agreement.council_id,
            Agreement.framework_id,
            Stay.first_night,
            Stay.last_night,
            func.count(Stay.id),
        )
        .join(Stay.agreement)
        .where(Stay.provider_id == provider_id, NIGHTS_TO_BE_CHARGED, Stay.last_night <= through)
        .group_by(Agreement.council_id, Agreement.framework_id, Stay.first_night, Stay.last_night)
    ):
        figures[council_id, framework_id, Month.of(first)][2] += number * len(Nights(first, last))
    return [
        ChargeableTotal(council_id, framework_id, month, *figures[council_id, framework_id, month])
        for council_id, framework_id, month in sorted(
            figures, key=lambda key: (key[2], str(key[0]), str(key[1]))
        )
    ]
