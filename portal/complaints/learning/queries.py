"""What was learned, by framework; what the Virtual School was told."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.complaints.learning.models import LearningPoint, SchoolReport
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of


def learned(
    session: Session, council_id: UUID, *, framework_id: UUID | None, cursor: str | None
) -> Page[LearningPoint]:
    """What a council learned, the newest first, for one framework or for all."""
    statement = (
        select(LearningPoint)
        .where(LearningPoint.council_id == council_id)
        .options(joinedload(LearningPoint.framework), joinedload(LearningPoint.provider))
    )
    if framework_id is not None:
        statement = statement.where(LearningPoint.framework_id == framework_id)
    return page_of(
        session,
        statement,
        LearningPoint.learned_on,
        LearningPoint.id,
        cursor=cursor,
        descending=True,
    )


def learned_from(session: Session, complaint_id: UUID) -> Sequence[LearningPoint]:
    """What was learned from one complaint."""
    return session.scalars(
        select(LearningPoint)
        .where(LearningPoint.complaint_id == complaint_id)
        .options(joinedload(LearningPoint.framework), joinedload(LearningPoint.provider))
        .order_by(LearningPoint.id)
    ).all()


def reports(session: Session, council_id: UUID) -> Sequence[SchoolReport]:
    """What the Virtual School was told, what it has not read first, then the newest fifty."""
    return session.scalars(
        select(SchoolReport)
        .where(SchoolReport.council_id == council_id)
        .options(joinedload(SchoolReport.provider))
        .order_by(SchoolReport.read_at.is_not(None), SchoolReport.at.desc(), SchoolReport.id)
        .limit(50)
    ).all()


def reports_of(session: Session, complaint_id: UUID) -> Sequence[SchoolReport]:
    """What the Virtual School was told of one complaint."""
    return session.scalars(
        select(SchoolReport)
        .where(SchoolReport.complaint_id == complaint_id)
        .order_by(SchoolReport.at, SchoolReport.id)
    ).all()


def get_report(session: Session, report_id: UUID, council_id: UUID) -> SchoolReport:
    """One report to the Virtual School. Raises NotFound."""
    found = session.scalars(
        select(SchoolReport)
        .where(SchoolReport.id == report_id, SchoolReport.council_id == council_id)
        .options(joinedload(SchoolReport.provider))
    ).first()
    if found is None:
        raise NotFound
    return found
