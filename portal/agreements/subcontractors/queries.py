"""The sub-contractors of agreements."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement
from portal.agreements.subcontractors.models import Subcontractor
from portal.kernel.errors import NotFound


def get_subcontractor(session: Session, subcontractor_id: UUID) -> Subcontractor:
    """A sub-contractor with its agreement and the parties. Raises NotFound."""
    found = session.scalars(
        select(Subcontractor)
        .where(Subcontractor.id == subcontractor_id)
        .options(
            joinedload(Subcontractor.agreement).options(
                joinedload(Agreement.council), joinedload(Agreement.provider)
            )
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def subcontractors_of(session: Session, agreement_id: UUID) -> Sequence[Subcontractor]:
    """An agreement's sub-contractors, asked for, agreed or not, the newest first."""
    return session.scalars(
        select(Subcontractor)
        .where(Subcontractor.agreement_id == agreement_id)
        .order_by(Subcontractor.proposed_at.desc(), Subcontractor.id.desc())
    ).all()
