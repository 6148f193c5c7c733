"""Plans, their sessions, and which days of a pattern can hold one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement
from portal.delivery.models import DeliverySession
from portal.delivery.plans.models import SessionPlan
from portal.delivery.plans.rules import Pattern, Proposed
from portal.delivery.rules import Refusal, SessionState
from portal.delivery.sessions.queries import Book, load_book
from portal.delivery.sessions.rules import Timing, moment
from portal.kernel.errors import NotFound
from portal.kernel.working_days import bank_holiday


def get_plan(session: Session, plan_id: UUID) -> SessionPlan:
    """A plan. Raises NotFound."""
    found = session.scalars(select(SessionPlan).where(SessionPlan.id == plan_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def plans_of(session: Session, agreement_id: UUID) -> Sequence[SessionPlan]:
    """The plans of an agreement, the latest first."""
    return session.scalars(
        select(SessionPlan)
        .where(SessionPlan.agreement_id == agreement_id)
        .order_by(SessionPlan.first_day.desc(), SessionPlan.id)
    ).all()


def scheduled_of(
    session: Session, plan_id: UUID, since: date, *, hold: bool = False
) -> Sequence[DeliverySession]:
    """A plan's sessions from a day on of which nobody has said what happened, by time.

    ``hold`` reads them as they are now and keeps other writers from them until the transaction
    ends.
    """
    found = (
        select(DeliverySession)
        .where(
            DeliverySession.plan_id == plan_id,
            DeliverySession.service_date >= since,
            DeliverySession.state == SessionState.SCHEDULED,
            DeliverySession.locked_at.is_(None),
        )
        .order_by(DeliverySession.starts_at, DeliverySession.id)
        .options(
            joinedload(DeliverySession.agreement, innerjoin=True),
            joinedload(DeliverySession.mentor, innerjoin=True),
        )
    )
    if hold:
        found = found.with_for_update(of=DeliverySession).execution_options(populate_existing=True)
    return session.scalars(found).all()


def proposals(
    session: Session, agreement: Agreement, pattern: Pattern, *, at: datetime
) -> list[Proposed]:
    """Every day of the pattern, with what is against a session on it. Seven queries at most."""
    days = pattern.days()
    book = load_book(
        session,
        agreement_ids=[agreement.id],
        mentor_ids=[pattern.mentor_id],
        first=days[0],
        last=days[-1],
    )
    return [_proposed(book, agreement, pattern, day, at) for day in days]


def _proposed(
    book: Book, agreement: Agreement, pattern: Pattern, day: date, at: datetime
) -> Proposed:
    starts_at = moment(day, pattern.start, second=None)
    if isinstance(starts_at, Refusal):
        return Proposed(day, bank_holiday(day), starts_at)
    if pattern.mentor_id not in book.mentors:
        unknown = Refusal("mentor", "Choose a mentor from the list.")
        return Proposed(day, bank_holiday(day), unknown)
    timing = Timing(day, starts_at, pattern.minutes, SessionState.SCHEDULED)
    found = book.refusals(agreement.id, pattern.mentor_id, timing, at=at)
    return Proposed(day, bank_holiday(day), found[0] if found else None)
