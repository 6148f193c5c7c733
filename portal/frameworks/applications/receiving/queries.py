"""What is asked while an application is received, and what was received."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.models import Category
from portal.frameworks.rounds.models import Round, RoundCategory
from portal.kernel.errors import NotFound


def codes_of(session: Session, round_id: UUID) -> list[str]:
    """The codes of the categories that a round takes bids for."""
    return list(
        session.scalars(
            select(Category.code)
            .join(RoundCategory, RoundCategory.category_id == Category.id)
            .where(RoundCategory.round_id == round_id)
            .order_by(Category.code)
        )
    )


def held_round(session: Session, round_id: UUID) -> Round:
    """A round as it stands now, shared with other submissions and kept from being opened.

    For the task of rounds: a provider may not hold a council's row. Raises NotFound.
    """
    found = session.scalars(
        select(Round)
        .where(Round.id == round_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def locked_application(session: Session, application_id: UUID) -> Application:
    """An application as it stands now, kept from a colleague's submission. Raises NotFound."""
    found = session.scalars(
        select(Application)
        .where(Application.id == application_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def submissions_so_far(session: Session, application_id: UUID) -> int:
    """The number of the newest submission of an application, 0 before the first."""
    newest = select(func.max(Submission.number)).where(Submission.application_id == application_id)
    return session.execute(newest).scalar_one() or 0
