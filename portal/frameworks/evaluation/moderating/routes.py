"""The moderation: how far everybody is, one application's scores side by side, the consensus."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.evaluators.queries import evaluators
from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.moderating import actions, queries
from portal.frameworks.evaluation.moderating.actions import Agreed
from portal.frameworks.evaluation.moderating.queries import Moderated
from portal.frameworks.evaluation.rules import Duty, void_sentence
from portal.frameworks.evaluation.scores_form import ScoresForm, fields_of, say_left, scores_form
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, state
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("moderating", __name__, url_prefix="/rounds/<uuid:opened_id>/moderation")
CHANGED = "The consensus was changed in another window. Check each score, then save again"


@routes.get("")
@requires(Permission.ROUND_READ)
def index(opened_id: UUID) -> ResponseReturnValue:
    """How far the evaluators are; once moderation began, every application."""
    round_ = _round(opened_id)
    parts = evaluators(db(), opened_id)
    moderator = _moderator(parts)
    begun = moderator is not None and moderator.moderating_at is not None
    applications = queries.moderated(db(), round_, local_date(now())) if begun else []
    return render(
        "frameworks/evaluation/moderating/index.html",
        round=round_,
        parts=[part for part in parts if part.duty is Duty.EVALUATOR],
        moderator=moderator,
        begun=begun,
        applications=applications,
        left=sum(one.left for one in applications),
        void_sentence=void_sentence,
        least=terms_of(db(), round_.framework_id).least_evaluators,
        own=_is_own(moderator),
        open=state(round_, now()) is RoundState.EVALUATING,
    )


@routes.get("/<uuid:applied_id>")
@requires(Permission.ROUND_READ)
def show(opened_id: UUID, applied_id: UUID) -> ResponseReturnValue:
    """One application: each answer with everybody's scores, and the consensus."""
    round_, moderator, found = _whole(opened_id, applied_id)
    return _page(_form(found), round_, moderator, found)


@routes.post("/<uuid:applied_id>")
@requires(Permission.EVALUATION_SCORE)
def agree(opened_id: UUID, applied_id: UUID) -> ResponseReturnValue:
    """Keep the consensus scores, or show what to change with all that was typed."""
    round_, moderator, found = _whole(opened_id, applied_id)
    form = _form(found)
    if not form.validate_on_submit():
        return _page(form, round_, moderator, found), 422
    try:
        left = actions.agree(
            db(),
            actor(),
            opened_id,
            applied_id,
            {question_id: Agreed(*said) for question_id, said in form.given.items()},
            version=form.opened_on,
            at=now(),
        )
    except Stale:
        form.renew(found.version, CHANGED)
        return _page(form, round_, moderator, found), 409
    flash(f"Saved the consensus on {found.applicant.name}. {say_left(left)}", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/begin")
@requires(Permission.EVALUATION_SCORE)
def begin(opened_id: UUID) -> ResponseReturnValue:
    """Show everybody's scores."""
    _round(opened_id)
    actions.begin(db(), actor(), opened_id, at=now())
    flash("The moderation has begun. Everybody's scores are shown.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/finish")
@requires(Permission.EVALUATION_SCORE)
def finish(opened_id: UUID) -> ResponseReturnValue:
    """The round is moderated."""
    _round(opened_id)
    actions.finish(db(), actor(), opened_id, at=now())
    flash("The round is moderated. The lead council decides now.", "success")
    return redirect(url_for("evaluation.show", opened_id=opened_id), 303)


def _round(opened_id: UUID) -> Round:
    return opened.opened_round(db(), opened_id, viewer().organisation_id)


def _moderator(parts: list[Evaluator]) -> Evaluator | None:
    current = (part for part in parts if part.duty is Duty.MODERATOR and part.ended_at is None)
    return next(current, None)


def _is_own(moderator: Evaluator | None) -> bool:
    return (
        moderator is not None
        and moderator.person_id == viewer().person_id
        and can(Permission.EVALUATION_SCORE)
        and moderator.declared_at is not None
    )


def _whole(opened_id: UUID, applied_id: UUID) -> tuple[Round, Evaluator, Moderated]:
    """An application while it is moderated, or since. Raises NotFound before."""
    round_ = _round(opened_id)
    moderator = _moderator(evaluators(db(), opened_id))
    if moderator is None or moderator.moderating_at is None:
        raise NotFound
    found = queries.moderated_one(db(), round_, applied_id, local_date(now()))
    return round_, moderator, found


def _form(found: Moderated) -> ScoresForm:
    answers = [one.answered for one in found.answers]
    return scores_form(answers, found.saved, version=found.version)


def _page(form: ScoresForm, round_: Round, moderator: Evaluator, found: Moderated) -> Response:
    return render(
        "frameworks/evaluation/moderating/show.html",
        form=form,
        round=round_,
        moderator=moderator,
        found=found,
        files=opened.files_of(db(), round_.id),
        fields_of=fields_of,
        void_sentence=void_sentence,
        open=state(round_, now()) is RoundState.EVALUATING and _is_own(moderator),
    )
