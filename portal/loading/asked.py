"""What the database holds already of what frameworks ask, and of their rounds."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.lots.models import (
    CategoryTerms,
    Demand,
    FrameworkTerms,
    PriceAsked,
    PriceBand,
)
from portal.frameworks.rounds.models import Round
from portal.loading.known import KnownFramework


def what_is_asked(session: Session, by_id: Mapping[UUID, KnownFramework]) -> None:
    """Add it to the frameworks that are known, by their ids."""
    for framework_id in session.scalars(select(FrameworkTerms.framework_id)):
        by_id[framework_id].terms = True
    for framework_id, category_id in session.execute(
        select(CategoryTerms.framework_id, CategoryTerms.category_id)
    ):
        by_id[framework_id].priced.add(category_id)
    for framework_id, category_id, band in session.execute(
        select(PriceAsked.framework_id, PriceAsked.category_id, PriceAsked.band)
    ):
        by_id[framework_id].asks.add((category_id, band))
    for framework_id, category_id, name in session.execute(
        select(PriceBand.framework_id, PriceBand.category_id, PriceBand.name)
    ):
        by_id[framework_id].bands.add((category_id, name))
    for framework_id, lot_id, kind in session.execute(
        select(Demand.framework_id, Demand.lot_id, Demand.kind)
    ):
        by_id[framework_id].demands.add((lot_id, kind))
    for framework_id, title in session.execute(select(Round.framework_id, Round.title)):
        by_id[framework_id].rounds.add(title)
