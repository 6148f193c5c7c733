"""A provider says what it can take on a place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.frameworks.models import Place
from portal.kernel.errors import NotFound
from portal.referrals.capacity.models import PlaceCapacity
from portal.referrals.events import Event


def keep(
    session: Session,
    actor: Actor,
    place: Place,
    *,
    most: int | None,
    emergencies: bool,
    outside_area: bool,
    specialist: bool,
    at: datetime,
) -> PlaceCapacity:
    """Say how many young people at once, None without limit, and which kinds it selects.

    Raises NotFound for another provider's place.
    """
    if place.provider_id != actor.organisation_id:
        raise NotFound
    capacity = session.get(PlaceCapacity, place.id)
    if capacity is None:
        capacity = PlaceCapacity(
            place_id=place.id,
            framework_id=place.framework_id,
            lead_council_id=place.lead_council_id,
            provider_id=place.provider_id,
        )
        session.add(capacity)
    capacity.most, capacity.emergencies = most, emergencies
    capacity.outside_area, capacity.specialist = outside_area, specialist
    capacity.kept_by_name, capacity.kept_at = actor.name, at
    session.flush()
    label = f"{place.category.code} {place.category.title}"
    subject = Subject("place", place.id, label, place.lead_council_id, place.provider_id)
    record(session, actor, Event.CAPACITY_KEPT, subject, at=at, most=most)
    return capacity
