"""The review that is open, whom it has confirmed, and those before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.identity.models import Organisation
from portal.identity.people.reviews.models import AccessReview
from portal.identity.people.reviews.rules import REMIND_BEFORE
from portal.kernel.keyset import Page, page_of


def open_review(session: Session, organisation_id: UUID) -> AccessReview | None:
    """The organisation's review that is not finished, with whom it has confirmed."""
    return session.scalars(
        select(AccessReview)
        .where(AccessReview.organisation_id == organisation_id, AccessReview.finished_at.is_(None))
        .options(selectinload(AccessReview.confirmations))
        .execution_options(populate_existing=True)
    ).first()


def finished_reviews(
    session: Session, organisation_id: UUID, *, cursor: str | None
) -> Page[AccessReview]:
    """Reviews that were finished, the newest first, with whom each confirmed."""
    return page_of(
        session,
        select(AccessReview)
        .where(
            AccessReview.organisation_id == organisation_id, AccessReview.finished_at.is_not(None)
        )
        .options(selectinload(AccessReview.confirmations)),
        AccessReview.due_on,
        AccessReview.id,
        cursor=cursor,
        descending=True,
        size=10,
    )


def without_review(session: Session) -> Sequence[UUID]:
    """Organisations that no review is open for."""
    reviewed = select(AccessReview.organisation_id).where(AccessReview.finished_at.is_(None))
    return session.scalars(
        select(Organisation.id).where(Organisation.id.not_in(reviewed)).order_by(Organisation.id)
    ).all()


def reviews_near(session: Session, today: date) -> Sequence[AccessReview]:
    """Open reviews that are due within 14 days or overdue, the oldest first."""
    return session.scalars(
        select(AccessReview)
        .where(AccessReview.finished_at.is_(None), AccessReview.due_on <= today + REMIND_BEFORE)
        .order_by(AccessReview.due_on, AccessReview.id)
    ).all()
