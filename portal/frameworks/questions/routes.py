"""The questions of a round: what is asked, and writing, ordering and withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from portal.frameworks.lots.queries import terms_of
from portal.frameworks.questions import actions, queries
from portal.frameworks.questions.fields import field_for
from portal.frameworks.questions.forms import QuestionForm, filled_in
from portal.frameworks.questions.presenting import (
    conditions,
    history,
    say_kind,
    scores,
    sections,
)
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rewording import may_reword, round_to_reword
from portal.frameworks.questions.sets import routes as sets
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import get_round
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("questions", __name__, url_prefix="/rounds/<uuid:round_id>/questions")
routes.register_blueprint(sets.routes)


@routes.get("")
@requires(Permission.ROUND_READ)
def index(round_id: UUID) -> ResponseReturnValue:
    """Everything that a round asks, by who is asked; its lead council changes it here."""
    round_ = get_round(db(), round_id)
    asks = queries.asked(db(), round_id, None)
    lots = queries.lots_of(db(), round_id)
    wanted = terms_of(db(), round_.framework_id).quality_points
    return render(
        "frameworks/questions/index.html",
        round=round_,
        sections=sections(asks, lots),
        scores=scores(asks, lots, wanted),
        may_change=may_reword(round_),
        say_kind=say_kind,
        conditions=_conditions(asks),
    )


@routes.get("/add")
@requires(Permission.ROUND_RUN)
def add_form(round_id: UUID) -> ResponseReturnValue:
    """Ask for a new question."""
    return _ask_new(QuestionForm(lot=request.args.get("lot", "")), round_to_reword(round_id))


@routes.post("/add")
@requires(Permission.ROUND_RUN)
def add(round_id: UUID) -> ResponseReturnValue:
    """Ask it of the round's bidders, or show what to change."""
    round_ = round_to_reword(round_id)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _ask_new(form, round_), 422
    new = form.drafted()
    try:
        actions.add_question(db(), actor(), round_id, new, at=now())
    except actions.Faulty as refused:
        form.refuse(refused.faults, new.code)
        return _ask_new(form, round_), 422
    flash("The question is asked now.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


@routes.get("/<uuid:question_id>")
@requires(Permission.ROUND_READ)
def show(round_id: UUID, question_id: UUID) -> ResponseReturnValue:
    """One question as applicants see it, and what it said before."""
    round_ = get_round(db(), round_id)
    asks = queries.asked(db(), round_id, None)
    one = queries.found_in(asks, question_id)
    preview = type("Preview", (Form,), {"answer": field_for(one.version)})()
    return render(
        "frameworks/questions/show.html",
        round=round_,
        one=one,
        preview=preview,
        versions=history(queries.versions_of(db(), question_id)),
        may_change=may_reword(round_),
        say_kind=say_kind,
        conditions=_conditions(asks),
    )


@routes.get("/<uuid:question_id>/change")
@requires(Permission.ROUND_RUN)
def change_form(round_id: UUID, question_id: UUID) -> ResponseReturnValue:
    """The question in the form that it was written in."""
    round_ = round_to_reword(round_id)
    one = queries.get_asked(db(), round_id, question_id)
    form = QuestionForm(data=filled_in(one.version), seen=actions.stamp(one.version))
    return _ask_again(form, round_, one)


@routes.post("/<uuid:question_id>/change")
@requires(Permission.ROUND_RUN)
def change(round_id: UUID, question_id: UUID) -> ResponseReturnValue:
    """Change it; a stale form keeps what was typed, beside what was saved meanwhile."""
    round_ = round_to_reword(round_id)
    one = queries.get_asked(db(), round_id, question_id)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _ask_again(form, round_, one), 422
    says, seen = form.says(), form.seen.data or ""
    try:
        actions.change_question(db(), actor(), round_id, question_id, says, seen=seen, at=now())
    except actions.Faulty as refused:
        form.refuse(refused.faults, one.code)
        return _ask_again(form, round_, one), 422
    except Stale:
        form.seen.data, form.seen.raw_data = actions.stamp(one.version), None
        return _ask_again(form, round_, one, changed=True), 409
    flash("The question was changed.", "success")
    return redirect(url_for(".show", round_id=round_id, question_id=question_id), 303)


@routes.post("/<uuid:question_id>/move")
@requires(Permission.ROUND_RUN)
def move(round_id: UUID, question_id: UUID) -> ResponseReturnValue:
    """Ask it one place earlier or later."""
    up = request.form.get("direction") == "up"
    actions.move_question(db(), actor(), round_id, question_id, up=up, at=now())
    return redirect(url_for(".index", round_id=round_id, _anchor=f"q-{question_id}"), 303)


@routes.get("/<uuid:question_id>/withdraw")
@requires(Permission.ROUND_RUN)
def withdraw_form(round_id: UUID, question_id: UUID) -> ResponseReturnValue:
    """Say what withdrawing means, beside the button."""
    round_ = round_to_reword(round_id)
    one = queries.get_asked(db(), round_id, question_id)
    return render("frameworks/questions/withdraw.html", round=round_, one=one)


@routes.post("/<uuid:question_id>/withdraw")
@requires(Permission.ROUND_RUN)
def withdraw(round_id: UUID, question_id: UUID) -> ResponseReturnValue:
    """Ask it no longer."""
    actions.withdraw_question(db(), actor(), round_id, question_id, at=now())
    flash("The question is no longer asked.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


def _ask_new(form: QuestionForm, round_: Round) -> Response:
    form.offer(queries.lots_of(db(), round_.id), queries.asked(db(), round_.id, None))
    return render("frameworks/questions/add.html", form=form, round=round_)


def _ask_again(form: QuestionForm, round_: Round, one: Asked, *, changed: bool = False) -> Response:
    asks = queries.asked(db(), round_.id, None)
    form.offer([], [other for other in asks if other.code != one.code])
    return render(
        "frameworks/questions/change.html",
        form=form,
        round=round_,
        one=one,
        changed=changed,
        say_kind=say_kind,
        conditions=_conditions(asks),
    )


def _conditions(asks: Sequence[Asked]) -> dict[str, str]:
    return conditions({one.code: one.version for one in asks})
