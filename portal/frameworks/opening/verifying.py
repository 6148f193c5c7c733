"""Whether what was opened is still what the receipt was given for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.frameworks.applications.models import Submission
from portal.frameworks.applications.opened import Bid, OpenedAnswer
from portal.frameworks.opening.models import OpenedSubmission
from portal.frameworks.sealing.content import Content

Parts = tuple[dict[str, dict[str, int]], dict[str, Any]]


class Standing(StrEnum):
    """What became of a submission that has a receipt."""

    SEALED = "sealed"
    UNALTERED = "unaltered"
    ALTERED = "altered"
    NOT_OPENED = "not-opened"


def standing_of(session: Session, submission: Submission, *, opened: bool) -> Standing:
    """Compare a receipt's submission with what was opened and with what is evaluated.

    ``opened``: whether the round has been. Of several submissions only the last is; one that was
    replaced or withdrawn stays closed for ever.
    """
    if not opened:
        return Standing.SEALED
    kept = session.get(OpenedSubmission, submission.id)
    if kept is None:
        return Standing.NOT_OPENED
    if kept.salt is None or kept.text is None:
        return Standing.ALTERED
    content = Content(kept.salt, kept.text)
    same = content.digest == submission.digest and _parts(content.value) == _evaluated(
        session, submission.id
    )
    return Standing.UNALTERED if same else Standing.ALTERED


def _parts(content: dict[str, Any]) -> Parts:
    """What a content says: the prices of each category by band, and the answers."""
    prices = {code: content["prices"].get(code, {}) for code in content["categories"]}
    return prices, content["answers"]


def _evaluated(session: Session, submission_id: UUID) -> Parts:
    """The same as its rows say it, which is what is scored and ranked."""
    bids = session.scalars(
        select(Bid)
        .where(Bid.submission_id == submission_id)
        .options(selectinload(Bid.category), selectinload(Bid.prices))
        .order_by(Bid.id)
        .execution_options(populate_existing=True)
    )
    answers = session.execute(
        select(OpenedAnswer.question_version_id, OpenedAnswer.answer)
        .where(OpenedAnswer.submission_id == submission_id)
        .order_by(OpenedAnswer.id)
    )
    prices = {
        bid.category.code: {price.band: price.price.pence for price in bid.prices} for bid in bids
    }
    return prices, {str(version_id): answer for version_id, answer in answers}
