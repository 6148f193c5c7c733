"""A place to be changed, the reserves behind it, and what happened to it so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.lots.models import CategoryTerms
from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.rules import PlaceState
from portal.frameworks.standing.models import PlaceChange
from portal.kernel.errors import NotFound

_WHOLE = (
    joinedload(Place.framework),
    joinedload(Place.category),
    joinedload(Place.provider),
)


def locked_place(session: Session, place_id: UUID) -> Place:
    """A place as it stands now, kept from other writers. Raises NotFound."""
    found = session.scalars(
        select(Place)
        .where(Place.id == place_id)
        .with_for_update(of=Place)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def unended_place(session: Session, category_id: UUID, provider_id: UUID) -> Place | None:
    """A provider's place in a category that has not ended, an active one before others."""
    return session.scalars(
        select(Place)
        .where(
            Place.category_id == category_id,
            Place.provider_id == provider_id,
            Place.state != PlaceState.ENDED,
        )
        .order_by(case((Place.state == PlaceState.ACTIVE, 0), else_=1), Place.starts_on)
        .limit(1)
    ).first()


def over(session: Session, today: date) -> Sequence[Place]:
    """The places whose last day has passed and which have not ended, with their categories."""
    return session.scalars(
        select(Place)
        .where(Place.ends_on < today, Place.state != PlaceState.ENDED)
        .options(*_WHOLE)
        .order_by(Place.category_id, Place.ends_on, Place.id)
    ).all()


def reserves(session: Session, category_id: UUID, today: date) -> Sequence[Place]:
    """Who waits on reserve for a category of a framework that is in force, kept from others."""
    return session.scalars(
        select(Place)
        .join(Framework, Framework.id == Place.framework_id)
        .where(
            Place.category_id == category_id,
            Place.state == PlaceState.RESERVE,
            Framework.ends_on >= today,
        )
        .with_for_update(of=Place)
        .execution_options(populate_existing=True)
        .order_by(Place.starts_on, Place.id)
    ).all()


def taken(session: Session, category_id: UUID) -> int:
    """How many places of a category providers hold, suspended ones counted.

    One without a price was made for an agreement from a quote, and takes nobody's place.
    """
    return session.scalars(
        select(func.count())
        .select_from(Place)
        .where(
            Place.category_id == category_id,
            Place.state.in_((PlaceState.ACTIVE, PlaceState.SUSPENDED)),
            Place.prices.any(),
        )
    ).one()


def most_places(session: Session, category_id: UUID) -> int | None:
    """How many places a category has; None for as many as qualify."""
    terms = session.get(CategoryTerms, category_id)
    return terms.places if terms else None


def changes_of(session: Session, place_id: UUID) -> Sequence[PlaceChange]:
    """What happened to a place, the newest first."""
    return session.scalars(
        select(PlaceChange)
        .where(PlaceChange.place_id == place_id)
        .order_by(PlaceChange.at.desc(), PlaceChange.id.desc())
    ).all()


def category_of(session: Session, place: Place) -> Category:
    """The category of a place that was just locked."""
    return session.get_one(Category, place.category_id)
