"""The evaluator's own pages: what waits, one application's answers with scores, finishing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.evaluators.queries import part_of
from portal.frameworks.evaluation.models import Evaluator
from portal.frameworks.evaluation.rules import SCORE_WORDS, Duty
from portal.frameworks.evaluation.scores_form import ScoresForm, fields_of, say_left, scores_form
from portal.frameworks.evaluation.scoring import actions, queries
from portal.frameworks.evaluation.scoring.actions import Given
from portal.frameworks.evaluation.scoring.queries import Paper
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, state
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("scoring", __name__, url_prefix="/rounds/<uuid:opened_id>/scoring")
CHANGED = "You saved scores of this application in another window. Check them, then save again"


@routes.get("")
@requires(Permission.EVALUATION_SCORE)
def index(opened_id: UUID) -> ResponseReturnValue:
    """Every application that the person scores, with what is left."""
    round_, own = _own(opened_id)
    papers = queries.papers(db(), round_, own.person_id, local_date(now()))
    return render(
        "frameworks/evaluation/scoring/index.html",
        round=round_,
        own=own,
        papers=papers,
        left=sum(paper.left for paper in papers),
        open=_open(round_, own),
        words=SCORE_WORDS,
    )


@routes.get("/<uuid:applied_id>")
@requires(Permission.EVALUATION_SCORE)
def show(opened_id: UUID, applied_id: UUID) -> ResponseReturnValue:
    """One application's answers, with the person's own scores."""
    round_, own = _own(opened_id)
    paper = queries.paper_of(db(), round_, own.person_id, applied_id, local_date(now()))
    return _page(_form(paper), round_, own, paper)


@routes.post("/<uuid:applied_id>")
@requires(Permission.EVALUATION_SCORE)
def save(opened_id: UUID, applied_id: UUID) -> ResponseReturnValue:
    """Save what was scored so far, or show what to change with all that was typed."""
    round_, own = _own(opened_id)
    paper = queries.paper_of(db(), round_, own.person_id, applied_id, local_date(now()))
    form = _form(paper)
    if not form.validate_on_submit():
        return _page(form, round_, own, paper), 422
    try:
        left = actions.save(
            db(),
            actor(),
            opened_id,
            applied_id,
            {question_id: Given(*said) for question_id, said in form.given.items()},
            version=form.opened_on,
            at=now(),
        )
    except Stale:
        form.renew(paper.version, CHANGED)
        return _page(form, round_, own, paper), 409
    flash(f"Saved your scores of {paper.applicant.name}. {say_left(left)}", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/finish")
@requires(Permission.EVALUATION_SCORE)
def finish(opened_id: UUID) -> ResponseReturnValue:
    """Fix the person's scores."""
    _own(opened_id)
    actions.finish(db(), actor(), opened_id, at=now())
    flash("Your scores are finished. The moderator sees them when everybody has.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


def _own(opened_id: UUID) -> tuple[Round, Evaluator]:
    """The round with the person's part as an evaluator. Raises NotFound."""
    round_ = opened.opened_round(db(), opened_id, viewer().organisation_id)
    own = part_of(db(), opened_id, viewer().person_id)
    if own is None or own.duty is not Duty.EVALUATOR:
        raise NotFound
    return round_, own


def _open(round_: Round, own: Evaluator) -> bool:
    return (
        state(round_, now()) is RoundState.EVALUATING
        and own.part.counts
        and own.finished_at is None
    )


def _form(paper: Paper) -> ScoresForm:
    return scores_form(paper.answers, paper.scores, version=paper.version)


def _page(form: ScoresForm, round_: Round, own: Evaluator, paper: Paper) -> Response:
    return render(
        "frameworks/evaluation/scoring/show.html",
        form=form,
        round=round_,
        own=own,
        paper=paper,
        files=opened.files_of(db(), round_.id),
        fields_of=fields_of,
        open=_open(round_, own),
    )
