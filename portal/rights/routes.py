"""How long things are kept here, what the next sweep will find, and legal holds."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.models import Person
from portal.identity.permissions import Permission
from portal.identity.queries import colleagues
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.database import working_as
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.rights import actions, queries
from portal.rights.due import preview, scope_for
from portal.rights.forms import HoldForm, LiftForm, PeriodsForm
from portal.rights.models import LegalHold
from portal.rights.rules import SCHEDULE, SETTABLE

routes = Blueprint("retention", __name__, url_prefix="/retention")


@routes.get("")
@requires(Permission.RETENTION_KEEP)
def index() -> ResponseReturnValue:
    """The whole schedule as it stands here, and how much the next sweep will find."""
    own = viewer().organisation_id
    numbers = queries.numbers_set(db(), own)
    with working_as(db(), scope_for(own)):
        found = preview(db(), own, now())
    return render(
        "rights/index.html",
        rows=[
            (kept, kept.said(numbers.get(category)), found.get(category))
            for category, kept in SCHEDULE.items()
        ],
    )


@routes.get("/change")
@requires(Permission.RETENTION_KEEP)
def periods() -> ResponseReturnValue:
    """Ask for the organisation's own periods."""
    numbers = queries.numbers_set(db(), viewer().organisation_id)
    held = {one.value: numbers.get(one, SCHEDULE[one].least) for one in SETTABLE}
    return render("rights/periods.html", form=PeriodsForm(**held))


@routes.post("/change")
@requires(Permission.RETENTION_KEEP)
def set_periods() -> ResponseReturnValue:
    """Keep them, or say which is too short."""
    form = PeriodsForm()
    if not form.validate_on_submit():
        return render("rights/periods.html", form=form), 422
    try:
        actions.keep_for(db(), actor(), form.said, at=now())
    except actions.TooShort as refused:
        form[refused.category.value].errors = [refused.sentence]
        return render("rights/periods.html", form=form), 422
    flash("Saved. The next sweep is at 3am.", "success")
    return redirect(url_for(".index"), 303)


@routes.get("/holds")
@requires(Permission.RETENTION_KEEP)
def holds() -> ResponseReturnValue:
    """Every hold of the organisation, the newest first."""
    page = queries.holds(db(), viewer().organisation_id, request.args.get("page"))
    return render("rights/holds.html", page=page, today=local_date(now()))


@routes.get("/holds/place")
@requires(Permission.RETENTION_KEEP)
def hold_form() -> ResponseReturnValue:
    """Ask what must be kept, why, and until when."""
    return _ask_hold(HoldForm())


@routes.post("/holds/place")
@requires(Permission.RETENTION_KEEP)
def place() -> ResponseReturnValue:
    """Place a hold."""
    form = HoldForm()
    form.offer(colleagues(db(), viewer().organisation_id))
    if not form.validate_on_submit():
        return _ask_hold(form), 422
    person = db().get_one(Person, form.person_id) if form.person_id else None
    try:
        actions.place_hold(
            db(), actor(), person, reason=form.reason.data, until=form.until.data, at=now()
        )
    except actions.HoldOver as refused:
        form.until.errors = [refused.sentence]
        return _ask_hold(form), 422
    flash("The hold stands. Nothing that it covers is erased while it does.", "success")
    return redirect(url_for(".holds"), 303)


@routes.get("/holds/<uuid:hold_id>/lift")
@requires(Permission.RETENTION_KEEP)
def lift_form(hold_id: UUID) -> ResponseReturnValue:
    """Ask why a hold is lifted."""
    return _ask_lift(LiftForm(), queries.get_hold(db(), viewer().organisation_id, hold_id))


@routes.post("/holds/<uuid:hold_id>/lift")
@requires(Permission.RETENTION_KEEP)
def lift(hold_id: UUID) -> ResponseReturnValue:
    """Lift a hold; what it kept goes on its schedule again."""
    hold = queries.get_hold(db(), viewer().organisation_id, hold_id)
    form = LiftForm()
    if not form.validate_on_submit():
        return _ask_lift(form, hold), 422
    actions.lift_hold(db(), actor(), hold_id, because=form.because.data, at=now())
    flash("The hold was lifted. What it kept goes on its schedule again.", "success")
    return redirect(url_for(".holds"), 303)


def _ask_hold(form: HoldForm) -> Response:
    form.offer(colleagues(db(), viewer().organisation_id))
    return render("rights/hold.html", form=form)


def _ask_lift(form: LiftForm, hold: LegalHold) -> Response:
    return render("rights/lift.html", form=form, hold=hold)
