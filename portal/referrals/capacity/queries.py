"""A provider's places with what it can take on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from portal.frameworks.models import Place
from portal.frameworks.queries import places_of
from portal.frameworks.rules import PlaceState
from portal.referrals.capacity.models import PlaceCapacity
from portal.referrals.occupancy import taken


@dataclass(frozen=True, slots=True)
class Room:
    """One place: what the provider said of it, if anything, and how many it has."""

    place: Place
    capacity: PlaceCapacity | None
    taken: int


def rooms(session: Session, provider_id: UUID, today: date) -> list[Room]:
    """A provider's places that have not ended, with their room. Five statements."""
    places = [
        place
        for place in places_of(session, provider_id)
        if place.state is not PlaceState.ENDED and (not place.ends_on or place.ends_on >= today)
    ]
    ids = [place.id for place in places]
    said = {
        one.place_id: one
        for one in session.query(PlaceCapacity)
        .where(PlaceCapacity.place_id.in_(ids))
        .order_by(PlaceCapacity.place_id)
    }
    counts = taken(session, ids, today)
    return [Room(place, said.get(place.id), counts[place.id]) for place in places]
