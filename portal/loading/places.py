"""Providers' places on frameworks, with their prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from portal.frameworks.models import (
    Place,
    PlacePrice,
)
from portal.frameworks.rules import PlaceState
from portal.identity.rules import OrganisationKind
from portal.kernel.ids import new_id
from portal.kernel.wording import say_date
from portal.loading.entries import (
    PlaceEntry,
)
from portal.loading.known import KnownFramework, KnownPlace
from portal.loading.plan import Work


def plan_places(work: Work, entries: Iterable[PlaceEntry]) -> None:
    """Places with their prices; one that is there already may gain prices."""
    stated: set[tuple[UUID, UUID, date]] = set()
    for entry in entries:
        if entry.lacks("framework", "provider", "category"):
            continue
        framework = work.known.framework(entry, "framework", entry.framework)
        provider = work.known.organisation(
            entry, "provider", entry.provider, OrganisationKind.PROVIDER
        )
        if framework is None or provider is None:
            continue
        category = work.known.category(entry, "category", entry.category, framework)
        if category is None:
            continue
        places = work.known.places.setdefault((category.id, provider.id), [])
        if entry.broken:
            work.known.broken.add(f"{category.id} {provider.id}")
            continue
        name = (category.id, provider.id, entry.starts_on)
        if name in stated:
            entry.wrong("", "this place is described twice")
            continue
        stated.add(name)
        if not framework.starts_on <= entry.starts_on <= framework.ends_on:
            entry.wrong("starts_on", f"is outside the framework's term, {_term(framework)}")
        if entry.ends_on and entry.ends_on < entry.starts_on:
            entry.wrong("ends_on", "is before starts_on")
        place = next((one for one in places if one.starts_on == entry.starts_on), None)
        if place is not None:
            work.plan.is_there(Place)
        else:
            place = KnownPlace(
                id=new_id(),
                category_id=category.id,
                provider_id=provider.id,
                starts_on=entry.starts_on,
                ends_on=entry.ends_on,
                reserve=entry.state is PlaceState.RESERVE,
            )
            places.append(place)
            work.plan.add(
                entry.place.file,
                Place,
                id=place.id,
                framework_id=framework.id,
                lead_council_id=framework.lead_id,
                category_id=category.id,
                provider_id=provider.id,
                state=entry.state,
                starts_on=entry.starts_on,
                ends_on=entry.ends_on,
                rank=entry.rank,
            )
        _plan_place_prices(work, entry, place, framework)


def _plan_place_prices(
    work: Work, entry: PlaceEntry, place: KnownPlace, framework: KnownFramework
) -> None:
    stated: set[tuple[str, date]] = set()
    for price in entry.prices:
        if price.broken:
            continue
        name = (price.band, price.starts_on)
        if name in stated:
            price.wrong("starts_on", "another price of this band starts the same day")
            continue
        stated.add(name)
        if name in place.prices:
            work.plan.is_there(PlacePrice)
            continue
        place.prices.add(name)
        work.plan.add(
            price.place.file,
            PlacePrice,
            id=new_id(),
            place_id=place.id,
            framework_id=framework.id,
            lead_council_id=framework.lead_id,
            provider_id=place.provider_id,
            band=price.band,
            price=price.price,
            starts_on=price.starts_on,
            source=price.source,
            note=price.note,
        )
    if not entry.prices:
        entry.wrong("prices", "gives no price")


def _term(framework: KnownFramework) -> str:
    return f"{say_date(framework.starts_on)} to {say_date(framework.ends_on)}"
