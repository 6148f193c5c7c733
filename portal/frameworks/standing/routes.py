"""A commissioner of the lead council changes how a provider stands in a category."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.models import Place
from portal.frameworks.queries import get_place
from portal.frameworks.rules import PLACE_STATE_NAMES, Unfit
from portal.frameworks.standing import actions
from portal.frameworks.standing.forms import EndForm, StepForm
from portal.frameworks.standing.rules import PlaceStep
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("standing", __name__, url_prefix="/places/<uuid:place_id>")

DONE = {
    PlaceStep.SUSPEND: "The place is suspended. The provider is told why.",
    PlaceStep.RESUME: "The suspension is lifted. The provider is told.",
    PlaceStep.PROMOTE: "The place is active. The provider is told.",
}


@routes.get("/end")
@requires(Permission.FRAMEWORK_EDIT)
def end_form(place_id: UUID) -> ResponseReturnValue:
    """Ask for the last day and the reason."""
    return _page(get_place(db(), place_id), PlaceStep.END, EndForm())


@routes.post("/end")
@requires(Permission.FRAMEWORK_EDIT)
def end(place_id: UUID) -> ResponseReturnValue:
    """Say which day is the place's last, or show what to change."""
    place, form = get_place(db(), place_id), EndForm()
    if not form.validate_on_submit():
        return _page(place, PlaceStep.END, form), 422
    assert form.last_day.data is not None
    try:
        actions.end(
            db(), actor(), place_id, form.last_day.data, because=form.because.data or "", at=now()
        )
    except Unfit as unfit:
        form.last_day.errors = [unfit.sentence]
        return _page(place, PlaceStep.END, form), unfit.status
    flash("The place ends after that day. The provider is told why.", "success")
    return redirect(url_for("places.show", place_id=place_id), 303)


@routes.get("/<place_step>")
@requires(Permission.FRAMEWORK_EDIT)
def step_form(place_id: UUID, place_step: str) -> ResponseReturnValue:
    """Ask for the reason to suspend, resume or promote."""
    return _page(get_place(db(), place_id), _known(place_step), StepForm())


@routes.post("/<place_step>")
@requires(Permission.FRAMEWORK_EDIT)
def take_step(place_id: UUID, place_step: str) -> ResponseReturnValue:
    """Suspend, resume or promote, or show what is missing."""
    place, step, form = get_place(db(), place_id), _known(place_step), StepForm()
    if not form.validate_on_submit():
        return _page(place, step, form), 422
    actions.take_step(db(), actor(), place_id, step, because=form.because.data or "", at=now())
    flash(DONE[step], "success")
    return redirect(url_for("places.show", place_id=place_id), 303)


def _known(code: str) -> PlaceStep:
    if code not in {step.value for step in DONE}:
        raise NotFound
    return PlaceStep(code)


def _page(place: Place, step: PlaceStep, form: StepForm) -> Response:
    return render(
        "frameworks/standing/step.html",
        place=place,
        step=step,
        form=form,
        states=PLACE_STATE_NAMES,
    )
