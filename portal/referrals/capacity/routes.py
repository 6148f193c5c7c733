"""A provider keeps what it can take on each of its places."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.models import Place
from portal.frameworks.queries import get_place
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.referrals.capacity import actions, queries
from portal.referrals.capacity.forms import KINDS, CapacityForm
from portal.referrals.capacity.models import PlaceCapacity

routes = Blueprint("capacity", __name__, url_prefix="/capacity")


@routes.get("")
@requires(Permission.REFERRAL_ANSWER)
def index() -> ResponseReturnValue:
    """Each place with how many it has and can take."""
    return render(
        "referrals/capacity/index.html",
        rooms=queries.rooms(db(), viewer().organisation_id, local_date(now())),
        kinds=KINDS,
    )


@routes.get("/<uuid:place_id>")
@requires(Permission.REFERRAL_ANSWER)
def edit_form(place_id: UUID) -> ResponseReturnValue:
    """What was said, to change it."""
    place = _own(place_id)
    said = db().get(PlaceCapacity, place_id)
    known = (
        {"most": said.most, "kinds": [kind for kind in KINDS if getattr(said, kind)]}
        if said
        else {}
    )
    return _edit(place, CapacityForm(data={"version": _version(said), **known}))


@routes.post("/<uuid:place_id>")
@requires(Permission.REFERRAL_ANSWER)
def edit(place_id: UUID) -> ResponseReturnValue:
    """Keep it, unless somebody else was quicker."""
    place, form = _own(place_id), CapacityForm()
    if not form.validate_on_submit():
        return _edit(place, form), 422
    said = db().get(PlaceCapacity, place_id, with_for_update=True)
    if form.version.data != _version(said):
        form.version.data = _version(said)
        return _edit(place, form, said=said), 409
    kinds = form.kinds.data or []
    actions.keep(
        db(),
        actor(),
        place,
        most=form.most.data,
        emergencies="emergencies" in kinds,
        outside_area="outside_area" in kinds,
        specialist="specialist" in kinds,
        at=now(),
    )
    flash("Saved. Councils see it when they refer.", "success")
    return redirect(url_for(".index"), 303)


def _own(place_id: UUID) -> Place:
    place = get_place(db(), place_id)
    if place.provider_id != viewer().organisation_id:
        raise NotFound
    return place


def _version(said: PlaceCapacity | None) -> str:
    return str(said.version if said else 0)


def _edit(place: Place, form: CapacityForm, *, said: PlaceCapacity | None = None) -> Response:
    return render("referrals/capacity/edit.html", form=form, place=place, said=said, kinds=KINDS)
