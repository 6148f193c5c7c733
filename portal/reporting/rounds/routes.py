"""A framework and a round in pictures; for councils alone, since they compare providers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.frameworks.lots.queries import CategoryAsk, category_asks
from portal.frameworks.models import Framework
from portal.frameworks.queries import get_framework
from portal.frameworks.rounds.queries import get_round
from portal.frameworks.rounds.rules import STATE_NAMES, state
from portal.identity.permissions import Permission
from portal.identity.viewing import viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.reporting.rounds import queries
from portal.reporting.rounds.rules import PricePicture, Range, price_picture, providers_after

routes = Blueprint("pictures", __name__)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of prices, and what it is of: a category, or one band of it."""

    ask: CategoryAsk
    band: str
    picture: PricePicture


@routes.get("/frameworks/<uuid:framework_id>/pictures")
@requires(Permission.PROVIDER_READ)
def framework_(framework_id: UUID) -> ResponseReturnValue:
    """Providers per lot over the rounds, and the prices of today against optimum and bands."""
    found = get_framework(db(), framework_id)
    _refuse_others(found)
    rounds = queries.rounds_over(db(), framework_id)
    after = providers_after(rounds, queries.places_taken(db(), framework_id))
    prices = queries.place_prices(db(), framework_id, local_date(now()))
    return render(
        "reporting/rounds/framework.html",
        framework=found,
        rounds=rounds,
        lots=[(lot, after[lot.number]) for lot in found.lots if lot.number in after],
        drawn=_draw(category_asks(db(), framework_id), prices),
    )


@routes.get("/rounds/<uuid:opened_id>/pictures")
@requires(Permission.PROVIDER_READ)
def round_(opened_id: UUID) -> ResponseReturnValue:
    """Applications by state, marks by criterion, prices; nothing before the bids are opened."""
    found = get_round(db(), opened_id)
    _refuse_others(found.framework)
    opened = found.opened_at is not None
    applications = marks = drawn = None
    if opened:
        asks = category_asks(db(), found.framework_id)
        applications = queries.applications_by_state(db(), opened_id)
        drawn = _draw(asks, queries.bid_prices(db(), opened_id))
    if found.moderated_at is not None:
        marks = queries.marks_by_question(db(), opened_id)
    return render(
        "reporting/rounds/round.html",
        round=found,
        state=STATE_NAMES[state(found, now())],
        applications=applications,
        marks=marks,
        drawn=drawn,
    )


def _refuse_others(framework: Framework) -> None:
    """An announced round is public; how its providers compare is its councils' business."""
    if viewer().organisation_id not in {one.council_id for one in framework.councils}:
        raise NotFound


def _draw(asks: Sequence[CategoryAsk], prices: queries.Prices) -> list[Drawn]:
    drawn = []
    for ask in asks:
        bands = [Range(band.name, band.up_to) for band in ask.bands]
        for asked in ask.prices:
            found = prices.get((ask.category.id, asked.band), ())
            picture = price_picture(found, asked.optimum, bands)
            if picture is not None:
                drawn.append(Drawn(ask, asked.band, picture))
    return drawn
