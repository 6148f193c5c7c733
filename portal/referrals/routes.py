"""A council's referrals, and one with its answers as they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.transitions import allowed_steps
from portal.referrals import queries
from portal.referrals.forms import ReferralFilters
from portal.referrals.models import Recipient
from portal.referrals.presenting import summary
from portal.referrals.rules import (
    DECLINE_NAMES,
    RECIPIENT_STATE_NAMES,
    REFERRAL_STATE_NAMES,
    REFERRAL_STEPS,
    ROUTE_NAMES,
    ReferralState,
)

routes = Blueprint("referrals", __name__, url_prefix="/referrals")


@routes.get("")
@requires(Permission.REFERRAL_READ)
def index() -> ResponseReturnValue:
    """The council's referrals, the newest first."""
    form = ReferralFilters(request.args)
    state = form.state.chosen
    page = queries.referrals(
        db(),
        viewer().organisation_id,
        state=ReferralState(state) if state else None,
        reference=form.reference.data or "",
        cursor=request.args.get("page"),
    )
    return render(
        "referrals/index.html",
        fragment="results",
        filters=form,
        narrowed=any(field.data for field in form),
        page=page,
        states=REFERRAL_STATE_NAMES,
        may_refer=can(Permission.REFERRAL_MAKE),
    )


@routes.get("/<uuid:referral_id>")
@requires(Permission.REFERRAL_READ)
def show(referral_id: UUID) -> ResponseReturnValue:
    """The need, who was asked with their answers, who was left out, and what providers ask."""
    referral = queries.get_referral(db(), referral_id)
    may_refer = can(Permission.REFERRAL_MAKE)
    if referral.state is ReferralState.DRAFT and may_refer:
        return redirect(url_for("referring.check", referral_id=referral_id), 303)
    return render(
        "referrals/show.html",
        referral=referral,
        summary=summary(referral),
        recipients=_answers_first(queries.recipients(db(), referral_id)),
        left_out=queries.left_out(db(), referral_id),
        questions=queries.questions(db(), referral_id),
        states=REFERRAL_STATE_NAMES,
        standings=RECIPIENT_STATE_NAMES,
        reasons=DECLINE_NAMES,
        route_name=ROUTE_NAMES[referral.route],
        steps=allowed_steps(REFERRAL_STEPS, referral.state) if may_refer else (),
        late=now() >= referral.respond_by,
        may_refer=may_refer,
        may_converse=can(Permission.REFERRAL_CONVERSE),
        may_read_record=can(Permission.AUDIT_READ),
    )


def _answers_first(recipients: Sequence[Recipient]) -> list[Recipient]:
    """Of each tier those that have answered, then the others."""
    return sorted(recipients, key=lambda one: (one.tier, one.answered_at is None))
