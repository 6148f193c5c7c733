"""What was recorded of an agreement between two days, as it stands with its corrections."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.delivery.corrections.queries import corrected_sessions, nights_taken_off
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.reports.rules import Counts
from portal.delivery.rules import SessionState


def counts(session: Session, agreement_id: UUID, first_day: date, last_day: date) -> Counts:
    """The sessions and nights from one day to the other, both counted. Four queries."""
    numbers: Counter[SessionState] = Counter()
    interactions = minutes = 0
    corrected = corrected_sessions(session, first_day, last_day, agreement_ids=[agreement_id])
    for found in session.execute(
        select(
            DeliverySession.id,
            DeliverySession.state,
            DeliverySession.interactions,
            DeliverySession.minutes,
        )
        .where(
            DeliverySession.agreement_id == agreement_id,
            DeliverySession.service_date.between(first_day, last_day),
        )
        .order_by(DeliverySession.id)
    ):
        put_right = corrected.get(found.id)
        if put_right is not None and put_right.moved:
            continue
        one = put_right or found
        numbers[one.state] += 1
        if one.state is SessionState.DELIVERED:
            interactions += one.interactions
            minutes += one.minutes
    nights = _nights(session, agreement_id, first_day, last_day)
    return Counts(
        sessions=numbers[SessionState.DELIVERED],
        interactions=interactions,
        minutes=minutes,
        not_attended=numbers[SessionState.NOT_ATTENDED],
        cancelled=numbers[SessionState.CANCELLED],
        nights=nights[True],
        nights_absent=nights[False],
    )


def _nights(
    session: Session, agreement_id: UUID, first_day: date, last_day: date
) -> dict[bool, int]:
    """Nights present and absent; one that was charged by mistake is neither."""
    nights = {True: 0, False: 0}

    def within(first: date, last: date) -> int:
        return (min(last, last_day) - max(first, first_day)).days + 1

    for first, last, present in session.execute(
        select(Stay.first_night, Stay.last_night, Stay.present)
        .where(
            Stay.agreement_id == agreement_id,
            Stay.first_night <= last_day,
            Stay.last_night >= first_day,
        )
        .order_by(Stay.first_night)
    ):
        nights[present] += within(first, last)
    taken = nights_taken_off(session, [agreement_id], first_day, last_day)
    nights[True] -= sum(within(one.first, one.last) for one in taken.get(agreement_id, ()))
    return nights
