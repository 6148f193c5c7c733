"""Marks and decisions: the categories, one category's ranking, and fixing the decisions."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.deciding import actions, queries, reopening
from portal.frameworks.evaluation.deciding.actions import Decision, Undecided
from portal.frameworks.evaluation.deciding.forms import (
    DecideForm,
    ReopenForm,
    decide_form,
    fields_of,
    saved_words,
)
from portal.frameworks.evaluation.deciding.queries import CategoryMarks
from portal.frameworks.evaluation.rules import OUTCOME_NAMES, Outcome, as_points
from portal.frameworks.lots.comparing import Clashes, clashes
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.lots.rules import METHOD_NAMES, METHOD_WORDS
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Step, may
from portal.frameworks.rounds.second_person import is_another
from portal.frameworks.rules import Unfit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound, Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("deciding", __name__, url_prefix="/rounds/<uuid:opened_id>/decisions")


@routes.get("")
@requires(Permission.ROUND_READ)
def index(opened_id: UUID) -> ResponseReturnValue:
    """Every category with its bids in their ranking and what was decided."""
    return _index(_round(opened_id), ReopenForm())


@routes.get("/<uuid:bid_category_id>")
@requires(Permission.ROUND_READ)
def show(opened_id: UUID, bid_category_id: UUID) -> ResponseReturnValue:
    """One category's bids with their marks line by line, and the decisions."""
    round_ = _round(opened_id)
    found = queries.marks_of(db(), round_, bid_category_id, local_date(now()))
    return _page(decide_form(found), round_, found)


@routes.post("/<uuid:bid_category_id>")
@requires(Permission.EVALUATION_RUN)
def decide(opened_id: UUID, bid_category_id: UUID) -> ResponseReturnValue:
    """Keep the decisions, or show what to change with all that was typed."""
    round_ = _round(opened_id)
    found = queries.marks_of(db(), round_, bid_category_id, local_date(now()))
    form = decide_form(found)
    if not form.validate_on_submit():
        return _page(form, round_, found), 422
    decisions = {}
    for one in found.bids:
        if one.ranked is not None:
            outcome, reason = form.given(one.bid.id)
            decisions[one.bid.id] = Decision(Outcome(outcome), reason)
    try:
        actions.decide(
            db(),
            actor(),
            opened_id,
            bid_category_id,
            decisions,
            tier_size=form.tier_size.data,
            version=form.opened_on,
            at=now(),
        )
    except Undecided as undecided:
        form[fields_of(undecided.bid_id)[1]].errors = [undecided.sentence]
        return _page(form, round_, found), undecided.status
    except Unfit as unfit:
        form.version.errors = [unfit.sentence]
        return _page(form, round_, found), unfit.status
    except Stale:
        form.renew(found.version)
        differs = clashes(saved_words(found), form.words(found))
        return _page(form, round_, found, stale=differs), 409
    flash(f"The decisions on {found.category.code} are saved.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/fix")
@requires(Permission.EVALUATION_RUN)
def fix(opened_id: UUID) -> ResponseReturnValue:
    """The decisions stand."""
    _round(opened_id)
    actions.fix(db(), actor(), opened_id, at=now())
    flash("The decisions stand. Read the letters, then send them.", "success")
    return redirect(url_for("letters.index", opened_id=opened_id), 303)


@routes.post("/reopen")
@requires(Permission.EVALUATION_RUN)
def ask_to_reopen(opened_id: UUID) -> ResponseReturnValue:
    """Keep the request for a second person."""
    round_ = _round(opened_id)
    form = ReopenForm()
    if not form.validate_on_submit():
        return _index(round_, form), 422
    reopening.ask(db(), actor(), opened_id, reason=form.reason.data or "", at=now())
    flash("A second person has to agree before the decisions are open again.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/reopen/<uuid:reopening_id>/agree")
@requires(Permission.EVALUATION_RUN)
def reopen(opened_id: UUID, reopening_id: UUID) -> ResponseReturnValue:
    """The second person's word: the decisions are open again."""
    _round(opened_id)
    reopening.agree(db(), actor(), opened_id, reopening_id, at=now())
    flash("The decisions are open again. Change them, then fix them once more.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/reopen/<uuid:reopening_id>/refuse")
@requires(Permission.EVALUATION_RUN)
def let_stand(opened_id: UUID, reopening_id: UUID) -> ResponseReturnValue:
    """The decisions stand as they are."""
    _round(opened_id)
    reopening.refuse(db(), actor(), opened_id, reopening_id, at=now())
    flash("The decisions stand.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


def _round(opened_id: UUID) -> Round:
    """A round whose scores are agreed. Raises NotFound before."""
    round_ = opened.opened_round(db(), opened_id, viewer().organisation_id)
    if round_.moderated_at is None:
        raise NotFound
    return round_


def _may(round_: Round, step: Step) -> bool:
    return (
        can(Permission.EVALUATION_RUN)
        and viewer().organisation_id == round_.lead_council_id
        and may(round_, step, now())
    )


def _index(round_: Round, form: ReopenForm) -> Response:
    waiting = queries.waiting_reopening(db(), round_.id)
    return render(
        "frameworks/evaluation/deciding/index.html",
        round=round_,
        categories=queries.marks(db(), round_, local_date(now())),
        terms=terms_of(db(), round_.framework_id),
        outcomes=OUTCOME_NAMES,
        as_points=as_points,
        open=_may(round_, Step.DECIDE),
        may_reopen=_may(round_, Step.REOPEN),
        waiting=waiting,
        may_agree=waiting is not None and is_another(db(), actor(), waiting.asked_by_id),
        form=form,
    )


def _page(
    form: DecideForm, round_: Round, found: CategoryMarks, *, stale: Clashes | None = None
) -> Response:
    return render(
        "frameworks/evaluation/deciding/show.html",
        form=form,
        stale=stale,
        round=round_,
        found=found,
        priced=found.priced,
        terms=terms_of(db(), round_.framework_id),
        fields_of=fields_of,
        outcomes=OUTCOME_NAMES,
        method=METHOD_NAMES[found.ask.terms.price_method],
        method_words=METHOD_WORDS[found.ask.terms.price_method],
        open=_may(round_, Step.DECIDE),
    )
