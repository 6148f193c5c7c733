"""A provider's place: its prices over time, and the agreements under it.

It stands here, not with the frameworks, because it shows agreements too.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.agreements.queries import agreements
from portal.agreements.rules import AGREEMENT_STATE_NAMES
from portal.frameworks import prices
from portal.frameworks.models import Place
from portal.frameworks.queries import get_place
from portal.frameworks.rules import MECHANISM_NAMES, PLACE_STATE_NAMES
from portal.frameworks.standing.queries import changes_of
from portal.frameworks.standing.rules import STEPS, PlaceStep
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.transitions import allowed_steps

routes = Blueprint("places", __name__, url_prefix="/places")


@routes.get("/<uuid:place_id>")
@requires(Permission.FRAMEWORK_READ)
def show(place_id: UUID) -> ResponseReturnValue:
    """One place; its agreements for those whose role reads agreements."""
    place = get_place(db(), place_id)
    under = None
    if can(Permission.AGREEMENT_READ):
        under = agreements(
            db(),
            viewer().organisation_id,
            reference="",
            state=None,
            framework_id=None,
            other_party_id=None,
            place_id=place_id,
            cursor=request.args.get("page"),
        )
    return render(
        "agreements/places/show.html",
        fragment=None if under is None else "agreements",
        place=place,
        bands=prices.by_band(place.prices, local_date(now())),
        under=under,
        mechanism=MECHANISM_NAMES[place.category.mechanism],
        states=PLACE_STATE_NAMES,
        agreement_states=AGREEMENT_STATE_NAMES,
        for_council=viewer().is_council,
        happened=changes_of(db(), place_id),
        steps=_steps(place),
    )


def _steps(place: Place) -> tuple[PlaceStep, ...]:
    """What the viewer may do to a place; nothing for anybody but the lead's commissioners."""
    leads = place.lead_council_id == viewer().organisation_id
    if not leads or not can(Permission.FRAMEWORK_EDIT):
        return ()
    return allowed_steps(STEPS, place.state)
