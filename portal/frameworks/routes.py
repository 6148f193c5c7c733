"""Frameworks, and the places in their categories."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.frameworks import prices, queries
from portal.frameworks.forms import FrameworkFilters, PlaceFilters
from portal.frameworks.lots.queries import has_terms
from portal.frameworks.rules import (
    MECHANISM_NAMES,
    PLACE_STATE_NAMES,
    REGIME_NAMES,
    UNIT_NAMES,
    PlaceState,
    payment_clock,
)
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("frameworks", __name__, url_prefix="/frameworks")


@routes.get("")
@requires(Permission.FRAMEWORK_READ)
def index() -> ResponseReturnValue:
    """The frameworks that one's organisation takes part in."""
    form = FrameworkFilters(request.args)
    today = local_date(now())
    chosen = form.term.chosen
    page = queries.frameworks(
        db(),
        today=today,
        term=queries.Term(chosen) if chosen else None,
        cursor=request.args.get("page"),
    )
    return render(
        "frameworks/index.html",
        fragment="results",
        filters=form,
        page=page,
        today=today,
        may_edit=can(Permission.FRAMEWORK_EDIT),
    )


@routes.get("/<uuid:framework_id>")
@requires(Permission.FRAMEWORK_READ)
def show(framework_id: UUID) -> ResponseReturnValue:
    """One framework: a council sees how many places, a provider its own places only."""
    framework = queries.get_framework(db(), framework_id)
    counts = own = None
    if viewer().is_council:
        counts = queries.place_counts(db(), framework_id)
    else:
        own = queries.own_places(db(), framework_id, viewer().organisation_id)
    return render(
        "frameworks/show.html",
        framework=framework,
        regime=REGIME_NAMES[framework.regime],
        payment=payment_clock(framework.regime, framework.payment_days),
        counts=counts,
        own=own,
        today=local_date(now()),
        mechanisms=MECHANISM_NAMES,
        units=UNIT_NAMES,
        states=PLACE_STATE_NAMES,
        may_read_agreements=can(Permission.AGREEMENT_READ),
        may_read_providers=can(Permission.PROVIDER_READ),
        may_edit=can(Permission.FRAMEWORK_EDIT),
        may_read_uplifts=can(Permission.BUDGET_READ)
        and viewer().organisation_id in {one.council_id for one in framework.councils},
        says_what_it_asks=has_terms(db(), framework_id),
    )


@routes.get("/<uuid:framework_id>/categories/<uuid:category_id>")
@requires(Permission.PROVIDER_READ)
def category(framework_id: UUID, category_id: UUID) -> ResponseReturnValue:
    """The places in a category with their prices of today: no provider role may read this."""
    found = queries.get_category(db(), framework_id, category_id)
    form = PlaceFilters(request.args)
    chosen = form.state.chosen
    page = queries.category_places(
        db(),
        category_id,
        state=PlaceState(chosen) if chosen else None,
        name=form.name.data or "",
        cursor=request.args.get("page"),
    )
    today = local_date(now())
    return render(
        "frameworks/category.html",
        fragment="results",
        category=found,
        filters=form,
        page=page,
        places=[(place, prices.todays(place.prices, today)) for place in page.rows],
        mechanism=MECHANISM_NAMES[found.mechanism],
        unit=UNIT_NAMES[found.unit],
        states=PLACE_STATE_NAMES,
    )
