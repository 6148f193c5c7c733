"""The late doors of a round, asking for one, and answering."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.rounds import queries
from portal.frameworks.rounds.forms import moment
from portal.frameworks.rounds.late_doors import actions
from portal.frameworks.rounds.late_doors.forms import LateDoorForm
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, may, require
from portal.frameworks.rounds.second_person import is_another
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("late_doors", __name__, url_prefix="/rounds/<uuid:round_id>/late-doors")


@routes.get("")
@requires(Permission.ROUND_RUN)
def index(round_id: UUID) -> ResponseReturnValue:
    """Who was let in late, who asked and who agreed; the second person answers here."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    doors = queries.late_doors(db(), round_id)
    return render(
        "frameworks/rounds/late_doors/index.html",
        round=round_,
        doors=[(door, is_another(db(), actor(), door.asked_by_id)) for door in doors],
        may_ask=may(round_, Step.LET_IN_LATE, now()),
    )


@routes.get("/new")
@requires(Permission.ROUND_RUN)
def new(round_id: UUID) -> ResponseReturnValue:
    """Ask who, until when and why."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    require(round_, Step.LET_IN_LATE, now())
    return _ask(LateDoorForm(), round_)


@routes.post("/new")
@requires(Permission.ROUND_RUN)
def ask(round_id: UUID) -> ResponseReturnValue:
    """Keep the request for a second person."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    form = LateDoorForm()
    if not form.validate_on_submit() or (until := moment(form.until_on, form.until_time)) is None:
        return _ask(form, round_), 422
    try:
        actions.ask_for_door(
            db(),
            actor(),
            round_id,
            provider_name=form.provider.data or "",
            until=until,
            reason=form.reason.data or "",
            at=now(),
        )
    except (actions.NoSuchProvider, actions.AlreadyAsked) as refused:
        form.provider.errors = [refused.sentence]
        return _ask(form, round_), 422
    except actions.NotLater as refused:
        form.until_on.errors = [refused.sentence]
        return _ask(form, round_), 422
    flash("A second person has to agree before the provider can submit.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


@routes.post("/<uuid:door_id>/agree")
@requires(Permission.ROUND_RUN)
def agree(round_id: UUID, door_id: UUID) -> ResponseReturnValue:
    """The second person's word: the provider can submit."""
    door = actions.agree(db(), actor(), round_id, door_id, at=now())
    flash(f"{door.provider_name} can submit late, and is told.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


@routes.post("/<uuid:door_id>/refuse")
@requires(Permission.ROUND_RUN)
def refuse(round_id: UUID, door_id: UUID) -> ResponseReturnValue:
    """Let nobody in."""
    door = actions.refuse(db(), actor(), round_id, door_id, at=now())
    flash(f"{door.provider_name} is not let in late.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


def _ask(form: LateDoorForm, round_: Round) -> Response:
    return render("frameworks/rounds/late_doors/new.html", form=form, round=round_)
