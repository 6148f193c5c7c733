"""A provider's outcomes: the list, one letter as a page and as a PDF, signing what was won."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation.letters.documents import letter_attached
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.letters.queries import letters_to, sent_letter
from portal.frameworks.evaluation.rules import OUTCOME_NAMES
from portal.frameworks.evaluation.signing import actions
from portal.frameworks.evaluation.signing.forms import SignForm
from portal.frameworks.evaluation.signing.queries import Agreed, agreement_with
from portal.frameworks.rounds.rules import RoundState, state
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("outcomes", __name__, url_prefix="/outcomes")


@routes.get("")
@requires(Permission.APPLICATION_MAKE)
def index() -> ResponseReturnValue:
    """The provider's outcomes, the newest first."""
    page = letters_to(db(), viewer().organisation_id, cursor=request.args.get("page"))
    return render("frameworks/evaluation/outcomes/index.html", page=page)


@routes.get("/<uuid:outcome_id>")
@requires(Permission.APPLICATION_MAKE)
def show(outcome_id: UUID) -> ResponseReturnValue:
    """The outcome of one round: marks, reasons, the standstill, and what may be signed."""
    return _page(SignForm(), _letter(outcome_id))


@routes.get("/<uuid:outcome_id>/pdf")
@requires(Permission.APPLICATION_MAKE)
def pdf(outcome_id: UUID) -> ResponseReturnValue:
    """The letter as a PDF."""
    sent = _letter(outcome_id)
    return letter_attached(sent.letter, sent.sent_at)


@routes.post("/<uuid:outcome_id>/sign")
@requires(Permission.AWARD_SIGN)
def sign(outcome_id: UUID) -> ResponseReturnValue:
    """Sign what was won, or show what is missing."""
    sent = _letter(outcome_id)
    form = SignForm()
    if not form.validate_on_submit():
        return _page(form, sent), 422
    actions.sign(db(), actor(), outcome_id, signed_as=form.signed_as.data or "", at=now())
    flash("You have signed. Each council is told, and countersigns.", "success")
    return redirect(url_for(".show", outcome_id=outcome_id), 303)


def _letter(outcome_id: UUID) -> OutcomeLetter:
    return sent_letter(db(), outcome_id, viewer().organisation_id)


def _agreed(sent: OutcomeLetter) -> Agreed | None:
    """What was won; None where nothing was."""
    try:
        return agreement_with(db(), sent.round, sent.provider_id)
    except NotFound:
        return None


def _page(form: SignForm, sent: OutcomeLetter) -> Response:
    agreed, round_ = _agreed(sent), sent.round
    assert round_.standstill_until is not None
    over = now() >= round_.standstill_until
    return render(
        "frameworks/evaluation/outcomes/show.html",
        form=form,
        sent=sent,
        letter=sent.letter,
        agreed=agreed,
        outcomes=OUTCOME_NAMES,
        over=over,
        open=state(round_, now()) is RoundState.STANDSTILL,
        may_sign=over
        and can(Permission.AWARD_SIGN)
        and agreed is not None
        and agreed.standing.by_provider is None
        and state(round_, now()) is RoundState.STANDSTILL,
    )
