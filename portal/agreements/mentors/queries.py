"""Mentors with their caseload, as far as the scope sees them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.models import Agreement, Assignment, Clearance, Mentor
from portal.evidence.rules import Standing, standing
from portal.kernel.errors import NotFound
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of


def mentors(
    session: Session, *, name: str, today: date, cursor: str | None
) -> Page[tuple[Mentor, int]]:
    """Mentors by name with their clearances, each with how many agreements they have today.

    A council sees the mentors assigned to its agreements, and counts only those assignments.
    """
    statement = select(Mentor, _assigned(today)).options(selectinload(Mentor.clearances))
    if (named := begins_with(Mentor.name, name)) is not None:
        statement = statement.where(named)
    return page_of(session, statement, Mentor.name, Mentor.id, cursor=cursor)


def caseloads_of(
    session: Session, provider_id: UUID, person_id: UUID, today: date
) -> list[tuple[Mentor, int]]:
    """The mentors that a person is for a provider, each with how many agreements today."""
    found = session.execute(
        select(Mentor, _assigned(today))
        .where(Mentor.provider_id == provider_id, Mentor.person_id == person_id)
        .order_by(Mentor.name, Mentor.id)
    )
    return [(mentor, count) for mentor, count in found]


def _assigned(today: date) -> ScalarSelect[int]:
    """How many agreements a mentor is assigned to on a day."""
    return (
        select(func.count(Assignment.id))
        .where(
            Assignment.mentor_id == Mentor.id,
            Assignment.starts_on <= today,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
        )
        .correlate(Mentor)
        .scalar_subquery()
    )


def get_mentor(session: Session, mentor_id: UUID) -> Mentor:
    """A mentor with clearances and, newest last, the assignments one may see. Raises NotFound."""
    found = session.scalars(
        select(Mentor)
        .where(Mentor.id == mentor_id)
        .options(
            selectinload(Mentor.clearances),
            selectinload(Mentor.assignments)
            .joinedload(Assignment.agreement)
            .options(joinedload(Agreement.council), joinedload(Agreement.category)),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def dbs_standing(clearances: list[Clearance], today: date) -> Standing:
    """How the enhanced DBS check that is relied on the longest stands; never its number (C5)."""
    last = max(clearances, key=lambda one: one.valid_until, default=None)
    if last is None:
        return standing(None, None, today)
    return standing(last.checked_on, last.valid_until, today)
