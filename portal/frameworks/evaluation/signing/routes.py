"""The council's side of signing: who has signed, countersigning, concluding the round."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.rules import OUTCOME_NAMES, places_may_start
from portal.frameworks.evaluation.signing import actions, queries
from portal.frameworks.evaluation.signing.forms import ConcludeForm, SignForm
from portal.frameworks.evaluation.signing.queries import Agreed
from portal.frameworks.evaluation.steps import NotNow
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, state
from portal.frameworks.rules import Unfit
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("signing", __name__, url_prefix="/rounds/<uuid:opened_id>/agreements")


@routes.get("")
@requires(Permission.ROUND_READ)
def index(opened_id: UUID) -> ResponseReturnValue:
    """Every provider that won something, with who has signed."""
    round_ = _round(opened_id)
    form = ConcludeForm(data={"starts_on": _first_day(round_)})
    return _list(round_, form)


@routes.get("/<uuid:bidder_id>")
@requires(Permission.ROUND_READ)
def show(opened_id: UUID, bidder_id: UUID) -> ResponseReturnValue:
    """The agreement with one provider: what it was awarded, at which prices, who has signed."""
    return _agreement(SignForm(), _round(opened_id), bidder_id)


@routes.post("/<uuid:bidder_id>")
@requires(Permission.AWARD_COUNTERSIGN)
def countersign(opened_id: UUID, bidder_id: UUID) -> ResponseReturnValue:
    """Countersign for the council, or show what is missing."""
    round_ = _round(opened_id)
    form = SignForm()
    if not form.validate_on_submit():
        return _agreement(form, round_, bidder_id), 422
    actions.countersign(
        db(), actor(), opened_id, bidder_id, signed_as=form.signed_as.data or "", at=now()
    )
    flash("Your council has countersigned.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.post("/conclude")
@requires(Permission.EVALUATION_RUN)
def conclude(opened_id: UUID) -> ResponseReturnValue:
    """Give the places, or show what is in the way."""
    round_ = _round(opened_id)
    form = ConcludeForm()
    if not form.validate_on_submit() or form.starts_on.data is None:
        return _list(round_, form), 422
    try:
        actions.conclude(
            db(),
            actor(),
            opened_id,
            starts_on=form.starts_on.data,
            without_unsigned=bool(form.without_unsigned.data),
            at=now(),
        )
    except Unfit as unfit:
        form.starts_on.errors = [unfit.sentence]
        return _list(round_, form), unfit.status
    except NotNow as refused:
        form.without_unsigned.errors = [refused.sentence]
        return _list(round_, form), 422
    flash("The round is concluded. The places stand with their prices.", "success")
    return redirect(url_for("evaluation.show", opened_id=opened_id), 303)


def _round(opened_id: UUID) -> Round:
    """A round whose outcome was sent. Raises NotFound before."""
    round_ = opened.opened_round(db(), opened_id, viewer().organisation_id)
    if round_.standstill_until is None:
        raise NotFound
    return round_


def _first_day(round_: Round) -> object:
    assert round_.standstill_until is not None
    return max(places_may_start(round_.standstill_until), round_.framework.starts_on)


def _over(round_: Round) -> bool:
    return round_.standstill_until is not None and now() >= round_.standstill_until


def _list(round_: Round, form: ConcludeForm) -> Response:
    found = queries.agreements(db(), round_)
    return render(
        "frameworks/evaluation/signing/index.html",
        round=round_,
        form=form,
        agreements=found,
        unsigned=[one for one in found if not one.standing.complete],
        outcomes=OUTCOME_NAMES,
        over=_over(round_),
        may_conclude=can(Permission.EVALUATION_RUN)
        and viewer().organisation_id == round_.lead_council_id
        and _over(round_)
        and state(round_, now()) is RoundState.STANDSTILL,
    )


def _agreement(form: SignForm, round_: Round, bidder_id: UUID) -> Response:
    agreed: Agreed = queries.agreement_with(db(), round_, bidder_id)
    return render(
        "frameworks/evaluation/signing/show.html",
        round=round_,
        form=form,
        agreed=agreed,
        outcomes=OUTCOME_NAMES,
        may_sign=can(Permission.AWARD_COUNTERSIGN)
        and _over(round_)
        and state(round_, now()) is RoundState.STANDSTILL
        and agreed.standing.may_countersign(viewer().organisation_id),
    )
