"""Scheduled sessions on days on which their mentor does not work on the agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.agreements.changing.rules import RUNNING
from portal.agreements.models import Agreement, Assignment
from portal.agreements.rules import covers
from portal.delivery.models import DeliverySession
from portal.delivery.rules import SessionState
from portal.delivery.sessions.queries import load_book
from portal.delivery.sessions.rules import Timing
from portal.kernel.local_time import local_date

NOBODY = (
    "Nobody works on the agreement that day. Whoever is assigned from then on takes it over; "
    "otherwise move it to another day, or remove it."
)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A scheduled session without a mentor, and what stands against whoever works that day."""

    it: DeliverySession
    why: str


@dataclass(frozen=True, slots=True)
class ToArrange:
    """How many sessions of an agreement have no mentor, and on which day the first is."""

    agreement_id: UUID
    reference: str
    sessions: int
    first: date


def uncovered(session: Session, agreement: Agreement, *, at: datetime) -> list[Uncovered]:
    """An agreement's sessions without a mentor from today on, by time. Ten queries at most.

    ``agreement`` has its assignments.
    """
    rows = session.scalars(
        select(DeliverySession)
        .join(DeliverySession.agreement)
        .where(DeliverySession.agreement_id == agreement.id, _without_mentor(local_date(at)))
        .order_by(DeliverySession.starts_at, DeliverySession.id)
    ).all()
    working = {one.id: _working(agreement, one.service_date) for one in rows}
    mentor_ids = {mentor_id for mentor_id in working.values() if mentor_id is not None}
    if not mentor_ids:
        return [Uncovered(one, NOBODY) for one in rows]
    book = load_book(
        session,
        agreement_ids=[agreement.id],
        mentor_ids=mentor_ids,
        first=rows[0].service_date,
        last=rows[-1].service_date,
    )
    found = []
    for one in rows:
        why, mentor_id = NOBODY, working[one.id]
        if mentor_id is not None:
            timing = Timing(one.service_date, one.starts_at, one.minutes, one.state)
            refusals = book.refusals(agreement.id, mentor_id, timing, at=at)
            name = book.mentors[mentor_id].name
            why = refusals[0].sentence if refusals else f"{name} can take it: choose them in it."
        found.append(Uncovered(one, why))
    return found


def to_arrange(
    session: Session, provider_id: UUID, today: date, *, limit: int
) -> Sequence[ToArrange]:
    """A provider's agreements with sessions without a mentor, the first session first."""
    first = func.min(DeliverySession.service_date)
    rows = session.execute(
        select(Agreement.id, Agreement.reference, func.count(DeliverySession.id), first)
        .join(DeliverySession.agreement)
        .where(DeliverySession.provider_id == provider_id, _without_mentor(today))
        .group_by(Agreement.id, Agreement.reference)
        .order_by(first, Agreement.reference)
        .limit(limit)
    )
    return [ToArrange(*row) for row in rows]


def scheduled_from(
    session: Session, agreement_id: UUID, mentor_id: UUID, day: date
) -> Sequence[DeliverySession]:
    """What is scheduled from a day on for anybody but this mentor, held until the end, by time."""
    return session.scalars(
        select(DeliverySession)
        .where(
            DeliverySession.agreement_id == agreement_id,
            DeliverySession.mentor_id != mentor_id,
            DeliverySession.service_date >= day,
            DeliverySession.state == SessionState.SCHEDULED,
            DeliverySession.locked_at.is_(None),
        )
        .order_by(DeliverySession.starts_at, DeliverySession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _working(agreement: Agreement, day: date) -> UUID | None:
    for one in agreement.assignments:
        if one.over_at is None and covers(one.starts_on, one.ends_on, day):
            return one.mentor_id
    return None


def _without_mentor(today: date) -> ColumnElement[bool]:
    """Of sessions joined to their agreement."""
    works = (
        select(Assignment.id)
        .where(
            Assignment.agreement_id == DeliverySession.agreement_id,
            Assignment.mentor_id == DeliverySession.mentor_id,
            Assignment.over_at.is_(None),
            Assignment.starts_on <= DeliverySession.service_date,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= DeliverySession.service_date),
        )
        .exists()
    )
    return and_(
        DeliverySession.state == SessionState.SCHEDULED,
        DeliverySession.locked_at.is_(None),
        DeliverySession.service_date >= today,
        Agreement.state.in_(RUNNING),
        or_(Agreement.ends_on.is_(None), Agreement.ends_on >= DeliverySession.service_date),
        ~works,
    )
