"""A signed award becomes a place with prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.rules import Outcome
from portal.frameworks.models import Place, PlacePrice
from portal.frameworks.rules import PlaceState, PriceSource
from portal.frameworks.standing.models import PlaceChange
from portal.frameworks.standing.rules import PlaceStep

_STATES = {Outcome.PLACE: PlaceState.ACTIVE, Outcome.RESERVE: PlaceState.RESERVE}


def give(
    session: Session,
    actor: Actor,
    award: Award,
    places: Mapping[tuple[UUID, UUID], Place],
    starts_on: date,
    at: datetime,
) -> None:
    """Give a place as awarded, or new prices to the place of ``places`` that stands already.

    The prices are those of the bid, from ``starts_on``; earlier ones stay. Whoever calls records
    the audit event.
    """
    place = places.get((award.category_id, award.provider_id))
    if place is None:
        place = Place(
            framework_id=award.framework_id,
            lead_council_id=award.lead_council_id,
            category_id=award.category_id,
            provider_id=award.provider_id,
            state=_STATES[award.outcome],
            starts_on=starts_on,
        )
        session.add(place)
    elif award.outcome is Outcome.PLACE and place.state is PlaceState.RESERVE:
        place.state = PlaceState.ACTIVE
        session.add(_promotion(place, actor, starts_on, at))
    place.rank = award.rank
    session.flush()
    for bid in award.bid.prices:
        session.add(
            PlacePrice(
                place_id=place.id,
                framework_id=place.framework_id,
                lead_council_id=place.lead_council_id,
                provider_id=place.provider_id,
                band=bid.band,
                price=bid.price,
                starts_on=starts_on,
                source=PriceSource.BID,
            )
        )


def _promotion(place: Place, actor: Actor, starts_on: date, at: datetime) -> PlaceChange:
    return PlaceChange(
        place_id=place.id,
        framework_id=place.framework_id,
        lead_council_id=place.lead_council_id,
        provider_id=place.provider_id,
        step=PlaceStep.PROMOTE,
        state=PlaceState.ACTIVE,
        on_day=starts_on,
        because="It won a place in a later round.",
        by_id=actor.person_id,
        by_name=actor.name,
        at=at,
    )
