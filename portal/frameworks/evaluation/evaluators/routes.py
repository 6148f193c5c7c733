"""Who evaluates a round: the list, naming, declaring, standing down, beginning to score."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.evaluators import actions, queries
from portal.frameworks.evaluation.evaluators.forms import DeclareForm, NameForm, StandDownForm
from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.rules import DUTY_NAMES, Duty, void_sentence
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, may
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("evaluators", __name__, url_prefix="/rounds/<uuid:opened_id>/evaluation")


@routes.get("/people")
@requires(Permission.ROUND_READ)
def index(opened_id: UUID) -> ResponseReturnValue:
    """Everybody with a part in the evaluation, and how far each is."""
    return _list(_round(opened_id), _name_form(opened_id))


@routes.post("/people")
@requires(Permission.EVALUATION_RUN)
def name(opened_id: UUID) -> ResponseReturnValue:
    """Name one of the council's own people, or show what to change."""
    round_ = _round(opened_id)
    form = _name_form(opened_id)
    if not form.validate_on_submit():
        return _list(round_, form), 422
    try:
        named = actions.name(
            db(), actor(), opened_id, UUID(form.person.data), Duty(form.duty.data), at=now()
        )
    except actions.NotNamed as refused:
        form.person.errors = [refused.sentence]
        return _list(round_, form), refused.status
    flash(f"{named.name} is named, and is asked about conflicts of interest.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.get("/declaration")
@requires(Permission.EVALUATION_SCORE)
def declare_form(opened_id: UUID) -> ResponseReturnValue:
    """Ask somebody who was named about conflicts of interest, with who applied."""
    return _ask(DeclareForm(), _round(opened_id))


@routes.post("/declaration")
@requires(Permission.EVALUATION_SCORE)
def declare(opened_id: UUID) -> ResponseReturnValue:
    """Take the declaration, or show what is missing from it."""
    round_ = _round(opened_id)
    form = DeclareForm()
    if not form.validate_on_submit():
        return _ask(form, round_), 422
    own = actions.declare(db(), actor(), opened_id, conflict=form.conflict, at=now())
    flash(_declared(own), "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.get("/people/<uuid:person_id>/stand-down")
@requires(Permission.EVALUATION_RUN)
def stand_down_form(opened_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Ask why somebody's part ends."""
    return _ask_why(StandDownForm(), _round(opened_id), person_id)


@routes.post("/people/<uuid:person_id>/stand-down")
@requires(Permission.EVALUATION_RUN)
def stand_down(opened_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """End the part, or show what is missing."""
    round_ = _round(opened_id)
    form = StandDownForm()
    if not form.validate_on_submit():
        return _ask_why(form, round_, person_id), 422
    part = actions.stand_down(
        db(), actor(), opened_id, person_id, reason=form.reason.data or "", at=now()
    )
    flash(f"{part.name} has no part in this evaluation any more.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/begin")
@requires(Permission.EVALUATION_RUN)
def begin(opened_id: UUID) -> ResponseReturnValue:
    """Let the evaluators score from now on."""
    _round(opened_id)
    actions.begin(db(), actor(), opened_id, at=now())
    flash("The evaluators can score now. Each of them is told.", "success")
    return redirect(url_for("evaluation.show", opened_id=opened_id), 303)


def _round(opened_id: UUID) -> Round:
    return opened.opened_round(db(), opened_id, viewer().organisation_id)


def _name_form(opened_id: UUID) -> NameForm:
    form = NameForm()
    if can(Permission.EVALUATION_RUN):
        form.offer(queries.may_be_named(db(), opened_id, viewer().organisation_id))
    return form


def _list(round_: Round, form: NameForm) -> Response:
    at = now()
    return render(
        "frameworks/evaluation/evaluators/index.html",
        round=round_,
        parts=queries.evaluators(db(), round_.id),
        form=form,
        duties=DUTY_NAMES,
        least=terms_of(db(), round_.framework_id).least_evaluators,
        void_sentence=void_sentence,
        may_name=can(Permission.EVALUATION_RUN)
        and (may(round_, Step.EVALUATE, at) or may(round_, Step.MODERATE, at)),
        may_stand_down=can(Permission.EVALUATION_RUN),
        may_change=any(may(round_, step, at) for step in _CHANGING),
    )


_CHANGING = (Step.EVALUATE, Step.MODERATE, Step.DECIDE)


def _ask(form: DeclareForm, round_: Round) -> Response:
    own = queries.part_of(db(), round_.id, viewer().person_id)
    if own is None or own.council_id != viewer().organisation_id:
        raise NotFound
    return render(
        "frameworks/evaluation/evaluators/declare.html",
        form=form,
        round=round_,
        own=own,
        duty=DUTY_NAMES[own.duty],
        applicants=opened.applicants(db(), round_.id),
    )


def _ask_why(form: StandDownForm, round_: Round, person_id: UUID) -> Response:
    part = queries.part_of(db(), round_.id, person_id)
    if part is None or part.council_id != viewer().organisation_id:
        raise NotFound
    return render(
        "frameworks/evaluation/evaluators/stand_down.html", form=form, round=round_, part=part
    )


def _declared(own: Evaluator) -> str:
    if not own.conflict:
        return "You declared that you have no conflict of interest."
    return "Your conflict is declared, and your part in this evaluation has ended." + (
        " Every score that you gave is void." if own.duty is Duty.EVALUATOR else ""
    )
