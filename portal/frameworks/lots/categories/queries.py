"""One lot or category of a framework, a price that it asks for, a band; each with its framework."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.lots.models import CategoryTerms, PriceAsked, PriceBand
from portal.frameworks.models import Lot, Place
from portal.frameworks.questions.models import Question
from portal.frameworks.rounds.models import RoundCategory
from portal.kernel.errors import NotFound


def get_lot(session: Session, framework_id: UUID, lot_id: UUID) -> Lot:
    """A lot with its framework. Raises NotFound."""
    found = session.scalars(
        select(Lot)
        .where(Lot.id == lot_id, Lot.framework_id == framework_id)
        .options(joinedload(Lot.framework))
    ).first()
    if found is None:
        raise NotFound
    return found


def category_terms(session: Session, category_id: UUID) -> CategoryTerms | None:
    """How a category's bids are priced; None where that was never said."""
    return session.get(CategoryTerms, category_id)


def locked_category_terms(session: Session, category_id: UUID) -> CategoryTerms | None:
    """The same, kept from other writers."""
    return session.scalars(
        select(CategoryTerms)
        .where(CategoryTerms.category_id == category_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def get_price(session: Session, category_id: UUID, price_id: UUID) -> PriceAsked:
    """A price that a category asks for. Raises NotFound."""
    found = session.get(PriceAsked, price_id)
    if found is None or found.category_id != category_id:
        raise NotFound
    return found


def get_band(session: Session, category_id: UUID, band_id: UUID) -> PriceBand:
    """A price band of a category. Raises NotFound."""
    found = session.get(PriceBand, band_id)
    if found is None or found.category_id != category_id:
        raise NotFound
    return found


def has_places(session: Session, category_id: UUID) -> bool:
    """Whether a provider ever had a place in a category."""
    first = select(Place.id).where(Place.category_id == category_id).limit(1)
    return session.scalars(first).first() is not None


def in_a_round(session: Session, category_id: UUID) -> bool:
    """Whether a round takes bids for a category, be it a draft."""
    first = select(RoundCategory.round_id).where(RoundCategory.category_id == category_id).limit(1)
    return session.scalars(first).first() is not None


def is_asked_about(session: Session, lot_id: UUID) -> bool:
    """Whether a round has questions for those who bid for a lot."""
    first = select(Question.id).where(Question.lot_id == lot_id).limit(1)
    return session.scalars(first).first() is not None
