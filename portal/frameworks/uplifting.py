"""The prices of a framework's places as an uplift finds them, and the new ones it adds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from portal.frameworks.models import Category, Framework, Place, PlacePrice
from portal.frameworks.rules import PlaceState, PriceSource
from portal.identity.models import Organisation
from portal.kernel.bulk import insert_rows
from portal.kernel.ids import new_id
from portal.kernel.keyset import Page, page_of
from portal.kernel.money import Money

Priced = tuple[PlacePrice, Place]


def prices_before(
    session: Session, framework_id: UUID, day: date, *, cursor: str | None
) -> Page[Priced]:
    """The prices that an uplift from a day raises, by category, provider and band."""
    return page_of(
        session,
        _raised(framework_id, day),
        Category.code,
        Organisation.name,
        PlacePrice.band,
        PlacePrice.id,
        cursor=cursor,
    )


def every_price_before(session: Session, framework_id: UUID, day: date) -> list[Priced]:
    """The same, all at once."""
    found = session.execute(_raised(framework_id, day).order_by(PlacePrice.id))
    return [(price, place) for price, place in found]


def raise_prices(
    session: Session,
    framework: Framework,
    raised: Callable[[Money], Money],
    *,
    starts_on: date,
    note: str,
) -> list[Place]:
    """Give each place of a framework that goes on its new price from a day, beside the old one.

    Whoever calls records the event. A price that begins on that day or later stays alone. Gives
    the places, once for each band of theirs.
    """
    before = every_price_before(session, framework.id, starts_on)
    insert_rows(
        session,
        PlacePrice,
        [
            {
                "id": new_id(),
                "place_id": price.place_id,
                "framework_id": price.framework_id,
                "lead_council_id": price.lead_council_id,
                "provider_id": price.provider_id,
                "band": price.band,
                "price": raised(price.price),
                "starts_on": starts_on,
                "source": PriceSource.UPLIFT,
                "note": note,
            }
            for price, _ in before
        ],
    )
    return [place for _, place in before]


def _raised(framework_id: UUID, day: date) -> Select[PlacePrice, Place]:
    """The last price before a day, where none but an uplift begins on it or later."""
    later = aliased(PlacePrice)
    of_this_uplift: Any = and_(later.starts_on == day, later.source == PriceSource.UPLIFT)
    replaced = select(later.id).where(
        later.place_id == PlacePrice.place_id,
        later.band == PlacePrice.band,
        later.starts_on > PlacePrice.starts_on,
        ~of_this_uplift,
    )
    return (
        select(PlacePrice, Place)
        .join(Place, Place.id == PlacePrice.place_id)
        .join(Place.category)
        .join(Place.provider)
        .where(
            PlacePrice.framework_id == framework_id,
            PlacePrice.starts_on < day,
            or_(Place.ends_on.is_(None), Place.ends_on >= day),
            or_(Place.state != PlaceState.ENDED, Place.ends_on.is_not(None)),
            ~replaced.exists(),
        )
        .options(contains_eager(Place.category), contains_eager(Place.provider))
    )
