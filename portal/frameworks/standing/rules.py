"""The steps of a place, and which reserve follows when one ends. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from portal.frameworks.rules import PlaceState


class PlaceStep(StrEnum):
    """What is done to a place."""

    SUSPEND = "suspend"
    RESUME = "resume"
    PROMOTE = "promote"
    END = "end"


STEPS = {
    (PlaceState.ACTIVE, PlaceStep.SUSPEND): PlaceState.SUSPENDED,
    (PlaceState.SUSPENDED, PlaceStep.RESUME): PlaceState.ACTIVE,
    (PlaceState.RESERVE, PlaceStep.PROMOTE): PlaceState.ACTIVE,
    (PlaceState.ACTIVE, PlaceStep.END): PlaceState.ENDED,
    (PlaceState.SUSPENDED, PlaceStep.END): PlaceState.ENDED,
    (PlaceState.RESERVE, PlaceStep.END): PlaceState.ENDED,
}


class Waiting(Protocol):
    """A place on reserve."""

    @property
    def id(self) -> UUID: ...
    @property
    def rank(self) -> int | None: ...
    @property
    def starts_on(self) -> date: ...


W = TypeVar("W", bound=Waiting)


def next_reserve(reserves: Iterable[W]) -> W | None:
    """The reserve to promote: the best of the ranked, then whoever has waited longest."""
    return min(
        reserves,
        key=lambda place: (place.rank is None, place.rank or 0, place.starts_on, place.id),
        default=None,
    )


def room_for_reserve(*, taken: int, places: int | None) -> bool:
    """Whether a reserve follows a place that ended: yes, unless those that stay fill the lot.

    ``taken`` counts the active and suspended places that are left, ``places`` how many the
    category has (None: as many as qualify).
    """
    return places is None or taken < places
