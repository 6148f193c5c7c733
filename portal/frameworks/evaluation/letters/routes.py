"""The council's side of the letters: reading each before it is sent, and sending them all."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.evaluation import opened
from portal.frameworks.evaluation.letters import actions, queries
from portal.frameworks.evaluation.letters.documents import letter_attached
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

routes = Blueprint("letters", __name__, url_prefix="/rounds/<uuid:opened_id>/letters")


@routes.get("")
@requires(Permission.ROUND_READ)
def index(opened_id: UUID) -> ResponseReturnValue:
    """Every provider's letter in a line, as it would be sent now or was sent."""
    round_ = _round(opened_id)
    return render(
        "frameworks/evaluation/letters/index.html",
        round=round_,
        letters=queries.letters_of(db(), round_, now()),
        days=terms_of(db(), round_.framework_id).standstill_days,
        may_send=can(Permission.EVALUATION_RUN)
        and viewer().organisation_id == round_.lead_council_id
        and may(round_, Step.STAND_STILL, now()),
    )


@routes.post("")
@requires(Permission.EVALUATION_RUN)
def send(opened_id: UUID) -> ResponseReturnValue:
    """Send every letter; the standstill begins."""
    _round(opened_id)
    actions.send(db(), actor(), opened_id, at=now())
    flash("The letters are sent, and the standstill has begun.", "success")
    return redirect(url_for(".index", opened_id=opened_id), 303)


@routes.get("/<uuid:bidder_id>")
@requires(Permission.ROUND_READ)
def show(opened_id: UUID, bidder_id: UUID) -> ResponseReturnValue:
    """One provider's letter."""
    round_ = _round(opened_id)
    return render(
        "frameworks/evaluation/letters/show.html",
        round=round_,
        addressed=queries.letter_of(db(), round_, bidder_id, now()),
        sent=round_.standstill_until is not None,
    )


@routes.get("/<uuid:bidder_id>/pdf")
@requires(Permission.ROUND_READ)
def pdf(opened_id: UUID, bidder_id: UUID) -> ResponseReturnValue:
    """The same as a PDF."""
    round_ = _round(opened_id)
    addressed = queries.letter_of(db(), round_, bidder_id, now())
    return letter_attached(addressed.letter, addressed.at)


def _round(opened_id: UUID) -> Round:
    """A round that is decided. Raises NotFound before."""
    round_ = opened.opened_round(db(), opened_id, viewer().organisation_id)
    if round_.decided_at is None:
        raise NotFound
    return round_
