"""Frameworks with their councils, lots and categories; the places on them and their prices."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.frameworks.models import Category, Framework, FrameworkCouncil, Lot, Place
from portal.frameworks.rules import PlaceState
from portal.identity.models import Organisation
from portal.kernel.database import scope_of
from portal.kernel.errors import NotFound
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of


class Term(StrEnum):
    """Where a framework's term stands today, to filter by."""

    IN_FORCE = "in-force"
    TO_COME = "to-come"
    ENDED = "ended"


def frameworks(
    session: Session, *, today: date, term: Term | None, cursor: str | None
) -> Page[Framework]:
    """The frameworks that the scope takes part in, by title, each with its councils."""
    statement = (
        select(Framework)
        .where(_takes_part(session))
        .options(selectinload(Framework.councils).joinedload(FrameworkCouncil.council))
    )
    if term is Term.IN_FORCE:
        statement = statement.where(Framework.starts_on <= today, Framework.ends_on >= today)
    elif term is Term.TO_COME:
        statement = statement.where(Framework.starts_on > today)
    elif term is Term.ENDED:
        statement = statement.where(Framework.ends_on < today)
    return page_of(session, statement, Framework.title, Framework.id, cursor=cursor)


def framework_choices(session: Session) -> list[tuple[str, str]]:
    """The frameworks of the scope as (id, title), for a filter."""
    found = session.execute(
        select(Framework.id, Framework.title)
        .where(_takes_part(session))
        .order_by(Framework.title, Framework.id)
    )
    return [(str(framework_id), title) for framework_id, title in found]


def _takes_part(session: Session) -> ColumnElement[bool]:
    """The frameworks that one's organisation buys from or has a place on.

    It sees more of them: every one that is open to applications.
    """
    own = scope_of(session).organisation_id
    return or_(
        Framework.id.in_(
            select(FrameworkCouncil.framework_id).where(FrameworkCouncil.council_id == own)
        ),
        Framework.id.in_(select(Place.framework_id).where(Place.provider_id == own)),
    )


def get_framework(session: Session, framework_id: UUID) -> Framework:
    """A framework with its councils, lots and categories. Raises NotFound."""
    found = session.scalars(
        select(Framework)
        .where(Framework.id == framework_id)
        .options(
            selectinload(Framework.councils).joinedload(FrameworkCouncil.council),
            selectinload(Framework.lots).selectinload(Lot.categories),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def place_counts(session: Session, framework_id: UUID) -> dict[UUID, dict[PlaceState, int]]:
    """How many places each category has in each state, by category id.

    A provider's scope sees only its own places, so that it never learns how many rivals it has.
    """
    found = session.execute(
        select(Place.category_id, Place.state, func.count())
        .where(Place.framework_id == framework_id)
        .group_by(Place.category_id, Place.state)
    )
    counts: dict[UUID, dict[PlaceState, int]] = defaultdict(dict)
    for category_id, state, number in found:
        counts[category_id][state] = number
    return counts


def own_places(session: Session, framework_id: UUID, provider_id: UUID) -> dict[UUID, list[Place]]:
    """One provider's places on a framework by category id, the newest first."""
    found = session.scalars(
        select(Place)
        .where(Place.framework_id == framework_id, Place.provider_id == provider_id)
        .order_by(Place.starts_on.desc(), Place.id)
    )
    places: dict[UUID, list[Place]] = defaultdict(list)
    for place in found:
        places[place.category_id].append(place)
    return places


def get_category(session: Session, framework_id: UUID, category_id: UUID) -> Category:
    """A category of this framework with its lot and framework. Raises NotFound."""
    found = session.scalars(
        select(Category)
        .where(Category.id == category_id, Category.framework_id == framework_id)
        .options(joinedload(Category.lot).joinedload(Lot.framework))
    ).first()
    if found is None:
        raise NotFound
    return found


def category_places(
    session: Session,
    category_id: UUID,
    *,
    state: PlaceState | None,
    name: str,
    cursor: str | None,
) -> Page[Place]:
    """The places in a category by provider's name, each with its provider and prices."""
    statement = (
        select(Place)
        .join(Place.provider)
        .where(Place.category_id == category_id)
        .options(contains_eager(Place.provider), selectinload(Place.prices))
    )
    if state is not None:
        statement = statement.where(Place.state == state)
    if (named := begins_with(Organisation.name, name)) is not None:
        statement = statement.where(named)
    return page_of(session, statement, Organisation.name, Place.id, cursor=cursor)


def get_place(session: Session, place_id: UUID) -> Place:
    """A place with its framework, category, provider and prices. Raises NotFound."""
    found = session.scalars(
        select(Place)
        .where(Place.id == place_id)
        .options(
            joinedload(Place.framework),
            joinedload(Place.category).joinedload(Category.lot),
            joinedload(Place.provider),
            selectinload(Place.prices),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def places_of(session: Session, provider_id: UUID) -> list[Place]:
    """A provider's places with framework, category and prices, by framework and category."""
    return list(
        session.scalars(
            select(Place)
            .join(Place.framework)
            .join(Place.category)
            .where(Place.provider_id == provider_id)
            .options(
                contains_eager(Place.framework),
                contains_eager(Place.category),
                selectinload(Place.prices),
            )
            .order_by(Framework.title, Framework.id, Category.code, Place.starts_on, Place.id)
        )
    )
