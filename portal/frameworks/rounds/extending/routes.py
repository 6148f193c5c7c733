"""Asking for a later closing, and answering."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.rounds import queries
from portal.frameworks.rounds.extending import actions
from portal.frameworks.rounds.extending.forms import AnswerForm, ExtendForm
from portal.frameworks.rounds.forms import moment
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, require
from portal.frameworks.rounds.second_person import is_another
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_datetime

routes = Blueprint("extending", __name__, url_prefix="/rounds/<uuid:round_id>/extension")


@routes.get("")
@requires(Permission.ROUND_RUN)
def show(round_id: UUID) -> ResponseReturnValue:
    """Ask for a later closing; or the request that waits, with the buttons to answer it."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    require(round_, Step.EXTEND, now())
    return _page(ExtendForm(), round_)


@routes.post("")
@requires(Permission.ROUND_RUN)
def ask(round_id: UUID) -> ResponseReturnValue:
    """Keep the request for a second person."""
    round_ = queries.led_round(db(), round_id, viewer().organisation_id)
    form = ExtendForm()
    if not form.validate_on_submit():
        return _page(form, round_), 422
    closes_at = moment(form.closes_on, form.closes_time)
    if closes_at is None:
        return _page(form, round_), 422
    try:
        actions.ask_to_extend(
            db(),
            actor(),
            round_id,
            closes_at=closes_at,
            reason=form.reason.data or "",
            at=now(),
        )
    except actions.NotLater as refused:
        form.closes_on.errors = [refused.sentence]
        return _page(form, round_), 422
    flash("A second person has to agree before the round closes later.", "success")
    return redirect(url_for("rounds.show", round_id=round_id), 303)


@routes.post("/<uuid:extension_id>/agree")
@requires(Permission.ROUND_RUN)
def agree(round_id: UUID, extension_id: UUID) -> ResponseReturnValue:
    """The second person's word: it closes later for everybody."""
    round_ = actions.agree(db(), actor(), round_id, extension_id, at=now())
    flash(f"The round now closes on {say_datetime(round_.closes_at)}.", "success")
    return redirect(url_for("rounds.show", round_id=round_id), 303)


@routes.post("/<uuid:extension_id>/refuse")
@requires(Permission.ROUND_RUN)
def refuse(round_id: UUID, extension_id: UUID) -> ResponseReturnValue:
    """Leave the closing as it stands."""
    round_ = actions.refuse(db(), actor(), round_id, extension_id, at=now())
    flash(f"The round still closes on {say_datetime(round_.closes_at)}.", "success")
    return redirect(url_for("rounds.show", round_id=round_id), 303)


def _page(form: ExtendForm, round_: Round) -> Response:
    waiting = queries.waiting_extension(db(), round_.id)
    return render(
        "frameworks/rounds/extending/show.html",
        form=form,
        answer=AnswerForm(),
        round=round_,
        waiting=waiting,
        may_agree=waiting is not None and is_another(db(), actor(), waiting.asked_by_id),
    )
