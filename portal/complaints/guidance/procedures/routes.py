"""An organisation's own procedure: how it reads, published, and what it said before."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.guidance import queries
from portal.complaints.guidance.procedures import actions
from portal.complaints.guidance.procedures.forms import ProcedureForm
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("procedures", __name__, url_prefix="/complaints/procedure")


@routes.get("")
@requires(Permission.PROCEDURE_PUBLISH)
def show() -> ResponseReturnValue:
    """What is published now, to change."""
    current = queries.current_procedure(db(), viewer().organisation_id, local_date(now()))
    return _ask(ProcedureForm(obj=current))


@routes.post("/preview")
@requires(Permission.PROCEDURE_PUBLISH)
def preview() -> ResponseReturnValue:
    """How the words read, without publishing them."""
    return _ask(ProcedureForm())


@routes.post("")
@requires(Permission.PROCEDURE_PUBLISH)
def publish() -> ResponseReturnValue:
    """Publish the words, or show what is missing."""
    form = ProcedureForm()
    if not form.validate_on_submit():
        return _ask(form), 422
    words = actions.OwnWords(
        how_to_tell=form.how_to_tell.data or "",
        who_answers=form.who_answers.data or "",
        how_soon=form.how_soon.data or "",
        not_happy=form.not_happy.data or "",
        registered=bool(form.registered.data) and not viewer().is_council,
    )
    actions.publish_procedure(
        db(), actor(), viewer().organisation_id, words, is_council=viewer().is_council, at=now()
    )
    flash("Your procedure is published for young people.", "success")
    return redirect(url_for(".show"), 303)


def _ask(form: ProcedureForm) -> Response:
    return render(
        "complaints/guidance/procedures/show.html",
        form=form,
        history=queries.procedures(db(), viewer().organisation_id),
        is_council=viewer().is_council,
    )
