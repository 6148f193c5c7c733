"""What corrections make of sessions and nights that are on an invoice already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession
from portal.delivery.rules import Nights, SessionState
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Corrected:
    """A session as its latest correction leaves it.

    ``charged`` are the minutes it was delivered with at first, ``minutes`` those that stand now.
    One that was ``moved`` counts where it was recorded again, and nowhere here.
    """

    agreement_id: UUID
    day: date
    charged: int
    state: SessionState
    minutes: int
    interactions: int
    moved: bool


def corrected_sessions(
    session: Session,
    first: date,
    last: date,
    *,
    agreement_ids: Collection[UUID] = (),
    mentor_ids: Collection[UUID] = (),
) -> dict[UUID, Corrected]:
    """The corrected sessions from one day to another, by id, of these agreements or mentors.

    One query. The day before and the day after come along where mentors are asked for, as what
    is held against midnight needs them.
    """
    around = timedelta(days=1 if mentor_ids else 0)
    rows = session.execute(
        select(
            DeliveryCorrection.session_id,
            DeliveryCorrection.agreement_id,
            DeliverySession.service_date,
            DeliverySession.minutes,
            DeliveryCorrection.state,
            DeliveryCorrection.after,
            DeliveryCorrection.interactions,
            DeliveryCorrection.instead_id,
        )
        .join(DeliverySession, DeliverySession.id == DeliveryCorrection.session_id)
        .where(
            DeliveryCorrection.first_day.between(first - around, last + around),
            DeliverySession.mentor_id.in_(mentor_ids)
            if mentor_ids
            else DeliveryCorrection.agreement_id.in_(agreement_ids),
        )
        .order_by(DeliveryCorrection.recorded_at, DeliveryCorrection.id)
    )
    return {
        row.session_id: Corrected(
            row.agreement_id,
            row.service_date,
            row.minutes,
            row.state,
            row.after,
            row.interactions,
            row.instead_id is not None,
        )
        for row in rows
    }


def nights_taken_off(
    session: Session, agreement_ids: Collection[UUID], first: date, last: date
) -> dict[UUID, list[Nights]]:
    """The nights that corrections took off, by agreement, where they touch these days."""
    taken: dict[UUID, list[Nights]] = defaultdict(list)
    for agreement_id, first_day, last_day in session.execute(
        select(
            DeliveryCorrection.agreement_id,
            DeliveryCorrection.first_day,
            DeliveryCorrection.last_day,
        )
        .where(
            DeliveryCorrection.agreement_id.in_(agreement_ids),
            DeliveryCorrection.stay_id.is_not(None),
            DeliveryCorrection.first_day <= last,
            DeliveryCorrection.last_day >= first,
        )
        .order_by(DeliveryCorrection.first_day, DeliveryCorrection.id)
    ):
        taken[agreement_id].append(Nights(first_day, last_day))
    return taken


def corrections_of_session(session: Session, session_id: UUID) -> Sequence[DeliveryCorrection]:
    """Every correction of a session, the first one first, with what was recorded instead."""
    return session.scalars(
        select(DeliveryCorrection)
        .where(DeliveryCorrection.session_id == session_id)
        .options(joinedload(DeliveryCorrection.instead))
        .order_by(DeliveryCorrection.recorded_at, DeliveryCorrection.id)
    ).all()


def corrections_of_stay(session: Session, stay_id: UUID) -> Sequence[DeliveryCorrection]:
    """Every correction of a stay, by its nights."""
    return session.scalars(
        select(DeliveryCorrection)
        .where(DeliveryCorrection.stay_id == stay_id)
        .order_by(DeliveryCorrection.first_day, DeliveryCorrection.id)
    ).all()


def get_correction(session: Session, correction_id: UUID) -> DeliveryCorrection:
    """A correction with its agreement. Raises NotFound."""
    found = session.scalars(
        select(DeliveryCorrection)
        .where(DeliveryCorrection.id == correction_id)
        .options(joinedload(DeliveryCorrection.agreement, innerjoin=True))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
