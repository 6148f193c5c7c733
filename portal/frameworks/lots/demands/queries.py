"""The evidence demanded of everybody alone, or of one lot alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.lots.models import Demand


def demands_of(session: Session, framework_id: UUID, lot_id: UUID | None) -> Sequence[Demand]:
    """What is demanded beside everything else: of everybody (no lot), or for one lot."""
    return session.scalars(
        select(Demand)
        .where(
            Demand.framework_id == framework_id,
            Demand.lot_id.is_(None) if lot_id is None else Demand.lot_id == lot_id,
        )
        .order_by(Demand.kind, Demand.id)
    ).all()
