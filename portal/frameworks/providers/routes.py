"""Providers as their councils see them: who they are, their places and their evidence."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.evidence.queries import wallet_of
from portal.frameworks import prices
from portal.frameworks.providers import queries
from portal.frameworks.providers.forms import ProviderFilters
from portal.frameworks.queries import framework_choices, places_of
from portal.frameworks.rules import PLACE_STATE_NAMES
from portal.identity.permissions import Permission
from portal.identity.viewing import can
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("providers", __name__, url_prefix="/providers")


@routes.get("")
@requires(Permission.PROVIDER_READ)
def index() -> ResponseReturnValue:
    """The providers on one's frameworks."""
    form = ProviderFilters(request.args)
    form.framework.offer(framework_choices(db()))
    page = queries.providers(
        db(),
        name=form.name.data or "",
        framework_id=form.framework.chosen_id,
        cursor=request.args.get("page"),
    )
    return render("frameworks/providers/index.html", fragment="results", filters=form, page=page)


@routes.get("/<uuid:provider_id>")
@requires(Permission.PROVIDER_READ)
def show(provider_id: UUID) -> ResponseReturnValue:
    """One provider; its evidence for those whose role reads evidence."""
    provider = queries.get_provider(db(), provider_id)
    today = local_date(now())
    wallet = wallet_of(db(), provider_id, today) if can(Permission.EVIDENCE_READ) else None
    places = places_of(db(), provider_id)
    return render(
        "frameworks/providers/show.html",
        provider=provider,
        wallet=wallet,
        places=[(place, prices.todays(place.prices, today)) for place in places],
        states=PLACE_STATE_NAMES,
        may_read_places=can(Permission.FRAMEWORK_READ),
    )
