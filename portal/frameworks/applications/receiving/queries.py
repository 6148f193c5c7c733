"""What is asked while an application is received, and what was received."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.models import Category
from portal.frameworks.opening.verifying import Standing, standing_of
from portal.frameworks.rounds.models import Round, RoundCategory
from portal.frameworks.sealing.receipts import Receipt
from portal.kernel.database import working_as
from portal.kernel.errors import NotFound
from portal.kernel.tenancy import Scope, Task


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


def get_submission(session: Session, submission_id: UUID, provider_id: UUID) -> Submission:
    """What a provider submitted, with its application and round. Raises NotFound."""
    found = session.scalars(
        select(Submission)
        .where(Submission.id == submission_id, Submission.provider_id == provider_id)
        .options(
            joinedload(Submission.application).options(
                joinedload(Application.round), joinedload(Application.provider)
            )
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def checked(session: Session, receipt: Receipt) -> Standing:
    """What became of the submission that a receipt was given for.

    Whoever shows a receipt that the portal signed may know. Nothing is told of anything else.
    """
    with working_as(session, Scope.system(Task.ROUNDS)):
        found = session.execute(
            select(Submission, Round.opened_at)
            .join(Round, Round.id == Submission.round_id)
            .where(Submission.reference == receipt.reference)
        ).first()
        if found is None:
            return Standing.ALTERED
        submission, opened_at = found
        if (submission.received_at, submission.digest) != (receipt.received_at, receipt.digest):
            return Standing.ALTERED
        return standing_of(session, submission, opened=opened_at is not None)
