"""How a young person's outcomes move: the picture, and the scores at the start."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.delivery.outcomes import actions, queries
from portal.delivery.outcomes.forms import ScoresForm, filled_in
from portal.delivery.outcomes.rules import (
    HIGHEST,
    LOWEST,
    SCORE_NAMES,
    NothingScored,
    courses,
    say_courses,
)
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("progress", __name__, url_prefix="/agreements/<uuid:agreement_id>/progress")


@routes.get("")
@requires(Permission.REPORT_READ)
def show(agreement_id: UUID) -> ResponseReturnValue:
    """Every indicator from the start to the latest term, as a picture with its table."""
    agreement = get_agreement(db(), agreement_id)
    occasions = queries.progress(db(), agreement_id)
    found = courses(occasions)
    return render(
        "delivery/outcomes/show.html",
        agreement=agreement,
        occasions=occasions,
        courses=found,
        described=say_courses(found),
        scale=SCORE_NAMES,
        lowest=LOWEST,
        highest=HIGHEST,
        may_score=can(Permission.REPORT_WRITE),
    )


@routes.get("/start")
@requires(Permission.REPORT_WRITE)
def start_form(agreement_id: UUID) -> ResponseReturnValue:
    """Ask how things stood when the agreement began."""
    return _ask(get_agreement(db(), agreement_id), _standing(agreement_id))


@routes.post("/start")
@requires(Permission.REPORT_WRITE)
def score_start(agreement_id: UUID) -> ResponseReturnValue:
    """Keep it, or show what to change."""
    agreement = get_agreement(db(), agreement_id)
    form = ScoresForm()
    if not form.validate_on_submit():
        return _ask(agreement, form), 422
    try:
        actions.score_start(db(), actor(), agreement, form.scores, version=form.opened_on, at=now())
    except NothingScored as refused:
        form.score_fields[0].errors = [refused.sentence]
        return _ask(agreement, form), refused.status
    except Stale:
        form.version.data, form.version.raw_data = _standing(agreement_id).version.data, None
        changed = "Somebody else scored this while your page was open. Check, then send it again"
        form.score_fields[0].errors = [changed]
        return _ask(agreement, form), 409
    flash("The scores at the start are saved.", "success")
    return redirect(url_for(".show", agreement_id=agreement_id), 303)


def _standing(agreement_id: UUID) -> ScoresForm:
    """A form with what is scored at the start already."""
    found = queries.scoring(db(), agreement_id, None)
    scores = {one.indicator: one.score for one in found.scores} if found else {}
    version = str(found.version if found else 0)
    return ScoresForm(formdata=None, data={**filled_in(scores), "version": version})


def _ask(agreement: Agreement, form: ScoresForm) -> Response:
    return render("delivery/outcomes/start.html", agreement=agreement, form=form, scale=SCORE_NAMES)
