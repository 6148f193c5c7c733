"""A mentor's own sessions: of a day, and those of which nobody has said what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement, Assignment, Mentor
from portal.delivery.models import DeliverySession
from portal.delivery.rules import SessionState
from portal.frameworks.rules import Unit
from portal.kernel.errors import NotFound

DAYS_BACK = 62
MOST_UNSAID = 10


def _own(person_id: UUID) -> Select[DeliverySession]:
    return (
        select(DeliverySession)
        .join(Mentor, Mentor.id == DeliverySession.mentor_id)
        .where(Mentor.person_id == person_id)
        .order_by(DeliverySession.starts_at, DeliverySession.id)
        .options(
            joinedload(DeliverySession.agreement, innerjoin=True).joinedload(
                Agreement.council, innerjoin=True
            )
        )
    )


def own_day(session: Session, person_id: UUID, day: date) -> Sequence[DeliverySession]:
    """Somebody's sessions of a day on all their agreements, by time. One query."""
    return session.scalars(_own(person_id).where(DeliverySession.service_date == day)).all()


def unsaid(session: Session, person_id: UUID, today: date) -> Sequence[DeliverySession]:
    """Their earlier sessions still said to be scheduled, the oldest first. One query."""
    return session.scalars(
        _own(person_id)
        .where(
            DeliverySession.state == SessionState.SCHEDULED,
            DeliverySession.service_date < today,
            DeliverySession.service_date >= today - timedelta(days=DAYS_BACK),
        )
        .limit(MOST_UNSAID)
    ).all()


def next_day(session: Session, person_id: UUID, day: date) -> date | None:
    """The next day after this one on which they have a session that is not called off."""
    return session.scalar(
        select(func.min(DeliverySession.service_date))
        .join(Mentor, Mentor.id == DeliverySession.mentor_id)
        .where(
            Mentor.person_id == person_id,
            DeliverySession.service_date > day,
            DeliverySession.state != SessionState.CANCELLED,
        )
    )


def own_agreements(session: Session, person_id: UUID, day: date) -> Sequence[Agreement]:
    """The agreements charged for sessions that somebody is assigned to on a day, by reference."""
    return session.scalars(
        select(Agreement)
        .where(
            Agreement.unit != Unit.NIGHT,
            select(Assignment.id)
            .join(Mentor, Mentor.id == Assignment.mentor_id)
            .where(
                Assignment.agreement_id == Agreement.id,
                Mentor.person_id == person_id,
                Assignment.starts_on <= day,
                func.coalesce(Assignment.ends_on, day) >= day,
            )
            .exists(),
        )
        .order_by(Agreement.reference, Agreement.id)
    ).all()


def get_own(session: Session, person_id: UUID, session_id: UUID) -> DeliverySession:
    """One of somebody's own sessions, with its agreement. Raises NotFound."""
    found = session.scalars(_own(person_id).where(DeliverySession.id == session_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def ended(delivered: DeliverySession, at: datetime) -> bool:
    """Whether a session's time is over."""
    return delivered.starts_at + timedelta(minutes=delivered.minutes) <= at
