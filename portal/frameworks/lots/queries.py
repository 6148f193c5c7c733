"""What a framework asks of those who apply: terms, categories with their prices, evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from portal.frameworks.lots.models import (
    CategoryTerms,
    Demand,
    FrameworkChange,
    FrameworkTerms,
    PriceAsked,
    PriceBand,
)
from portal.frameworks.lots.rules import ordered_bands
from portal.frameworks.models import Category, Lot
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CategoryAsk:
    """A category with its lot, its terms, the prices it asks for and its published bands."""

    category: Category
    terms: CategoryTerms
    prices: tuple[PriceAsked, ...]
    bands: tuple[PriceBand, ...]


def terms_of(session: Session, framework_id: UUID) -> FrameworkTerms:
    """How a framework is awarded and uplifted. Raises NotFound where that was never said."""
    found = session.get(FrameworkTerms, framework_id)
    if found is None:
        raise NotFound
    return found


def category_asks(session: Session, framework_id: UUID) -> list[CategoryAsk]:
    """Each category with what it asks of a bid, by lot and code.

    A category of which that was never said is left out.
    """
    categories = session.scalars(
        select(Category)
        .join(Category.lot)
        .where(Category.framework_id == framework_id)
        .options(contains_eager(Category.lot))
        .order_by(Lot.number, Category.code)
    ).all()
    terms = {
        one.category_id: one
        for one in session.scalars(
            select(CategoryTerms).where(CategoryTerms.framework_id == framework_id)
        )
    }
    prices = _by_category(
        session.scalars(
            select(PriceAsked)
            .where(PriceAsked.framework_id == framework_id)
            .order_by(PriceAsked.position, PriceAsked.band)
        )
    )
    bands = _by_category(
        session.scalars(
            select(PriceBand)
            .where(PriceBand.framework_id == framework_id)
            .order_by(PriceBand.up_to, PriceBand.name)
        )
    )
    return [
        CategoryAsk(
            category,
            terms[category.id],
            tuple(prices[category.id]),
            tuple(ordered_bands(bands[category.id])),
        )
        for category in categories
        if category.id in terms
    ]


def demands_for(
    session: Session, framework_id: UUID, lot_ids: Collection[UUID] | None
) -> list[Demand]:
    """The evidence demanded of everybody and of those who bid for these lots, by kind.

    ``lot_ids`` None: of every lot.
    """
    statement = select(Demand).where(Demand.framework_id == framework_id)
    if lot_ids is not None:
        statement = statement.where(or_(Demand.lot_id.is_(None), Demand.lot_id.in_(lot_ids)))
    return list(session.scalars(statement.order_by(Demand.kind, Demand.lot_id, Demand.id)))


def changes_since(
    session: Session, framework_id: UUID, since: datetime | None
) -> list[FrameworkChange]:
    """What was changed after publishing, and after that moment, the newest first.

    A part of a draft that was last saved before a change of its category, its lot or of the
    whole framework is to be confirmed anew.
    """
    statement = select(FrameworkChange).where(FrameworkChange.framework_id == framework_id)
    if since is not None:
        statement = statement.where(FrameworkChange.at > since)
    return list(
        session.scalars(statement.order_by(FrameworkChange.at.desc(), FrameworkChange.id.desc()))
    )


P = TypeVar("P", PriceAsked, PriceBand)


def _by_category(rows: Iterable[P]) -> defaultdict[UUID, list[P]]:
    found: defaultdict[UUID, list[P]] = defaultdict(list)
    for row in rows:
        found[row.category_id].append(row)
    return found
