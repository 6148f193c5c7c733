"""What was contributed to meetings about the young person of an agreement."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.delivery.meetings import queries
from portal.delivery.meetings.contributions import actions
from portal.delivery.meetings.contributions.forms import ContributionForm
from portal.delivery.meetings.models import Contribution
from portal.delivery.meetings.rules import CONTRIBUTION_NAMES, MANNER_NAMES, WrongMeeting
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint(
    "contributions", __name__, url_prefix="/agreements/<uuid:agreement_id>/contributions"
)


@routes.get("")
@requires(Permission.REPORT_READ)
def index(agreement_id: UUID) -> ResponseReturnValue:
    """Every contribution, the latest meeting first."""
    agreement = get_agreement(db(), agreement_id)
    return render(
        "delivery/meetings/contributions/index.html",
        agreement=agreement,
        found=queries.contributions(db(), agreement_id),
        names=CONTRIBUTION_NAMES,
        manners=MANNER_NAMES,
        may_record=can(Permission.REPORT_WRITE),
    )


@routes.get("/add")
@requires(Permission.REPORT_WRITE)
def add_form(agreement_id: UUID) -> ResponseReturnValue:
    """Ask for a contribution."""
    return _ask(get_agreement(db(), agreement_id), ContributionForm(formdata=None), None)


@routes.post("/add")
@requires(Permission.REPORT_WRITE)
def add(agreement_id: UUID) -> ResponseReturnValue:
    """Keep it, or show what to change."""
    agreement = get_agreement(db(), agreement_id)
    form = ContributionForm()
    if not form.validate_on_submit():
        return _ask(agreement, form, None), 422
    try:
        actions.record_contribution(db(), actor(), agreement, **form.given, at=now())
    except WrongMeeting as wrong:
        form[wrong.field].errors = [wrong.sentence]
        return _ask(agreement, form, None), 422
    flash("The contribution is recorded.", "success")
    return redirect(url_for(".index", agreement_id=agreement_id), 303)


@routes.get("/<uuid:contribution_id>")
@requires(Permission.REPORT_WRITE)
def edit(agreement_id: UUID, contribution_id: UUID) -> ResponseReturnValue:
    """A contribution in its form."""
    agreement = get_agreement(db(), agreement_id)
    kept = queries.get_contribution(db(), agreement_id, contribution_id)
    form = ContributionForm(
        formdata=None,
        kind=kept.kind.value,
        held_on=kept.held_on,
        manner=kept.manner.value,
        words=kept.words,
        version=str(kept.version),
    )
    return _ask(agreement, form, kept)


@routes.post("/<uuid:contribution_id>")
@requires(Permission.REPORT_WRITE)
def change(agreement_id: UUID, contribution_id: UUID) -> ResponseReturnValue:
    """Put it right; a stale form keeps what was typed."""
    agreement = get_agreement(db(), agreement_id)
    kept = queries.get_contribution(db(), agreement_id, contribution_id)
    form = ContributionForm()
    if not form.validate_on_submit():
        return _ask(agreement, form, kept), 422
    try:
        actions.change_contribution(
            db(), actor(), agreement, kept, **form.given, version=form.opened_on, at=now()
        )
    except WrongMeeting as wrong:
        form[wrong.field].errors = [wrong.sentence]
        return _ask(agreement, form, kept), 422
    except Stale:
        form.version.data, form.version.raw_data = str(kept.version), None
        return _ask(agreement, form, kept, stale=True), 409
    flash("The contribution is changed.", "success")
    return redirect(url_for(".index", agreement_id=agreement_id), 303)


def _ask(
    agreement: Agreement,
    form: ContributionForm,
    kept: Contribution | None,
    *,
    stale: bool = False,
) -> Response:
    return render(
        "delivery/meetings/contributions/edit.html",
        agreement=agreement,
        form=form,
        kept=kept,
        stale=stale,
        names=CONTRIBUTION_NAMES,
        manners=MANNER_NAMES,
    )
