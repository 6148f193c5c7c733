"""A round's opening: who is named, how far it is, and giving one's share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.opening import actions, queries
from portal.frameworks.opening.forms import OpenerForm, ShareForm
from portal.frameworks.opening.naming import actions as naming
from portal.frameworks.opening.naming.queries import who_may_open
from portal.frameworks.opening.rules import OPENERS, WhyNot, drill_overdue, why_not_yet
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import bids_openable_from
from portal.frameworks.rounds.rules import Step, may
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_count

routes = Blueprint("opening", __name__, url_prefix="/rounds/<uuid:round_id>/opening")


@routes.get("")
@requires(Permission.ROUND_OPEN)
def show(round_id: UUID) -> ResponseReturnValue:
    """Who opens the bids, from when, and what they have done."""
    return _show(queries.council_round(db(), round_id, viewer().organisation_id), ShareForm())


@routes.post("")
@requires(Permission.ROUND_OPEN)
def give(round_id: UUID) -> ResponseReturnValue:
    """Give one's share; the second one opens the bids."""
    round_ = queries.council_round(db(), round_id, viewer().organisation_id)
    form = ShareForm()
    if not form.validate_on_submit():
        return _show(round_, form), 422
    try:
        round_ = actions.give_share(db(), actor(), round_id, phrase=form.phrase.data or "")
    except actions.OpeningRefused as refused:
        if refused.why is not WhyNot.WRONG_PHRASE:
            raise
        form.phrase.errors = [refused.sentence]
        return _show(round_, form), 422
    if round_.opened_at is None:
        flash("Your share is kept. The bids open when the other person gives theirs.", "success")
    else:
        opened, _altered = queries.opened_count(db(), round_id)
        flash(f"The bids are open: {say_count(opened, 'application')}.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@routes.get("/name")
@requires(Permission.ROUND_RUN)
def name_form(round_id: UUID) -> ResponseReturnValue:
    """Ask who opens the bids."""
    round_ = queries.council_round(db(), round_id, viewer().organisation_id)
    return _ask(_naming_form(round_), round_)


@routes.post("/name")
@requires(Permission.ROUND_RUN)
def name(round_id: UUID) -> ResponseReturnValue:
    """Name them."""
    round_ = queries.council_round(db(), round_id, viewer().organisation_id)
    form = _naming_form(round_)
    if not form.validate_on_submit():
        return _ask(form, round_), 422
    try:
        named = naming.name_opener(db(), actor(), round_id, form.person_id, at=now())
    except naming.CannotBeNamed as refused:
        form.person.errors = [refused.sentence]
        return _ask(form, round_), 422
    flash(f"{named.name} is named to open the bids, and is told.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@routes.post("/people/<uuid:opener_id>/take-back")
@requires(Permission.ROUND_RUN)
def take_back(round_id: UUID, opener_id: UUID) -> ResponseReturnValue:
    """Take a name back."""
    naming.take_back(db(), actor(), round_id, opener_id, at=now())
    flash("They are not named any more.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


def _show(round_: Round, form: ShareForm) -> Response:
    at = now()
    openers = queries.openers_of(db(), round_.id)
    openable_from = bids_openable_from(db(), round_)
    own = next((one for one in openers if one.person_id == viewer().person_id), None)
    waits = why_not_yet(round_, openable_from, at)
    escrow = queries.newest_escrow_key(db())
    return render(
        "frameworks/opening/show.html",
        form=form,
        round=round_,
        openers=openers,
        with_key=queries.keys_of(db(), openers),
        councils={one.council_id: one.council.name for one in round_.framework.councils},
        own=own,
        own_id=viewer().organisation_id,
        waits=waits and waits[1],
        openable_from=openable_from,
        escrow=escrow,
        drill_overdue=escrow is not None and drill_overdue(escrow.drilled_at, at),
        may_give=own is not None and own.given is None and waits is None,
        may_name=can(Permission.ROUND_RUN) and may(round_, Step.EDIT, at),
        full=len(openers) >= OPENERS,
        **_opened(round_),
    )


def _opened(round_: Round) -> dict[str, Any]:
    if round_.opened_at is None:
        return {"opened": None, "altered": None}
    opened, altered = queries.opened_count(db(), round_.id)
    return {"opened": opened, "altered": altered}


def _naming_form(round_: Round) -> OpenerForm:
    form = OpenerForm()
    named = {one.person_id for one in queries.openers_of(db(), round_.id)}
    form.offer(who_may_open(db(), viewer().organisation_id, besides=named))
    return form


def _ask(form: OpenerForm, round_: Round) -> Response:
    return render("frameworks/opening/name.html", form=form, round=round_)
