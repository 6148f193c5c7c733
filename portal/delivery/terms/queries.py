"""A council's terms, and how soon after them its reports are due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.delivery.terms.models import ReportSetting, SchoolTerm
from portal.delivery.terms.rules import DEFAULT_WITHIN
from portal.kernel.errors import NotFound


def terms_of(session: Session, council_id: UUID) -> Sequence[SchoolTerm]:
    """Every term of a council, the latest first."""
    return session.scalars(
        select(SchoolTerm)
        .where(SchoolTerm.council_id == council_id)
        .order_by(SchoolTerm.first_day.desc(), SchoolTerm.id)
    ).all()


def get_term(session: Session, term_id: UUID, council_id: UUID) -> SchoolTerm:
    """A term of this council. Raises NotFound."""
    found = session.scalars(
        select(SchoolTerm).where(SchoolTerm.id == term_id, SchoolTerm.council_id == council_id)
    ).first()
    if found is None:
        raise NotFound
    return found


def setting_of(session: Session, council_id: UUID) -> ReportSetting | None:
    """What a council set; None where the default stands."""
    return session.get(ReportSetting, council_id)


def within_of(session: Session, council_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many working days after a term reports are due, for each of these councils."""
    found = session.execute(
        select(ReportSetting.council_id, ReportSetting.within)
        .where(ReportSetting.council_id.in_(council_ids))
        .order_by(ReportSetting.council_id)
    )
    return dict.fromkeys(council_ids, DEFAULT_WITHIN) | dict(found.all())
