"""The evidence demanded of everybody alone, of one lot alone, and of a category in all."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.evidence.rules import ASKED_OF_EVERYBODY, INSURANCE, LEAST_COVER, EvidenceKind
from portal.frameworks.lots.models import Demand
from portal.frameworks.models import Category
from portal.kernel.money import Money


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


def asked_in(session: Session, category_id: UUID | None) -> dict[EvidenceKind, Money | None]:
    """The evidence asked of whoever delivers in a category, with the least cover of each kind.

    The kinds that are asked of everybody, and those that the framework demands there. An insurance
    that is asked of everybody covers LEAST_COVER where the framework states no sum of its own.
    """
    demanded = session.execute(
        select(Demand.kind, Demand.least_cover)
        .join(Category, Category.framework_id == Demand.framework_id)
        .where(
            Category.id == category_id,
            or_(Demand.lot_id.is_(None), Demand.lot_id == Category.lot_id),
        )
        .order_by(Demand.kind, Demand.id)
    )
    asked: dict[EvidenceKind, Money | None] = dict.fromkeys(ASKED_OF_EVERYBODY)
    for kind, least in demanded:
        asked[kind] = max((one for one in (asked.get(kind), least) if one), default=None)
    return {
        kind: LEAST_COVER if least is None and kind in INSURANCE else least
        for kind, least in asked.items()
    }
