"""What was planned of an agreement month by month, against what was delivered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from portal.delivery.corrections.queries import corrected_sessions
from portal.delivery.models import DeliverySession
from portal.delivery.months.queries import PLANNED, stand_corrected
from portal.delivery.months.rules import SessionFigures
from portal.delivery.rules import SessionState
from portal.kernel.months import Month

MONTHS_BACK = 5


@dataclass(frozen=True, slots=True)
class PlannedMonth:
    """A month with the figures of its sessions."""

    month: Month
    figures: SessionFigures


def against_plan(session: Session, agreement_id: UUID, today: date) -> list[PlannedMonth]:
    """The last six months of an agreement with sessions, and the next, latest first. Two queries.

    What corrections made of sessions is counted, not what was charged at first.
    """
    this = Month.of(today)
    first, last = this.plus(-MONTHS_BACK).first, this.next.last
    year = extract("year", DeliverySession.service_date)
    month = extract("month", DeliverySession.service_date)
    counts: dict[Month, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for in_year, in_month, state, number, minutes, planned in session.execute(
        select(
            year,
            month,
            DeliverySession.state,
            func.count(DeliverySession.id),
            func.sum(DeliverySession.minutes),
            func.sum(PLANNED),
        )
        .where(
            DeliverySession.agreement_id == agreement_id,
            DeliverySession.service_date.between(first, last),
        )
        .group_by(year, month, DeliverySession.state)
    ):
        count = counts[Month(int(in_year), int(in_month))]
        count[state.name.lower()] += number
        count["planned"] += int(planned)
        if state is SessionState.DELIVERED:
            count["minutes"] += int(minutes)
    for put_right in corrected_sessions(
        session, first, last, agreement_ids=[agreement_id]
    ).values():
        stand_corrected(counts[Month.of(put_right.day)], put_right)
    return [
        PlannedMonth(month, SessionFigures(**counts[month]))
        for month in sorted(counts, reverse=True)
    ]
