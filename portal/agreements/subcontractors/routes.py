"""A sub-contractor: asked for by the provider, agreed to by the council in writing, ended."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.changing.forms import TurnDownForm
from portal.agreements.changing.rules import (
    PROPOSAL_STATE_NAMES,
    RUNNING,
    ProposalState,
    UnfitChange,
    is_over,
)
from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.agreements.subcontractors import actions, queries
from portal.agreements.subcontractors.forms import AgreeForm, AskForm, UntilForm
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.variations.actions import NotRunning
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("subcontractors", __name__)


@routes.get("/agreements/<uuid:agreement_id>/subcontractors/new")
@requires(Permission.AGREEMENT_CHANGE)
def new(agreement_id: UUID) -> ResponseReturnValue:
    """Ask who is to deliver what."""
    return _ask(_delivered_by_us(agreement_id), AskForm())


@routes.post("/agreements/<uuid:agreement_id>/subcontractors/new")
@requires(Permission.AGREEMENT_CHANGE)
def ask(agreement_id: UUID) -> ResponseReturnValue:
    """Ask the council, or show what to change."""
    agreement, form = _delivered_by_us(agreement_id), AskForm()
    if not form.validate_on_submit() or (plan := form.plan()) is None:
        return _ask(agreement, form), 422
    try:
        asked = actions.ask(
            db(), actor(), agreement_id, plan, because=form.because.data or "", at=now()
        )
    except UnfitChange as refused:
        form.refuse(refused)
        return _ask(agreement, form), refused.status
    flash("The council is asked. Do not use the sub-contractor before it agrees.", "success")
    return redirect(url_for(".show", subcontractor_id=asked.id), 303)


@routes.get("/subcontractors/<uuid:subcontractor_id>")
@requires(Permission.AGREEMENT_READ)
def show(subcontractor_id: UUID) -> ResponseReturnValue:
    """Who delivers what, what it costs, and what the council wrote."""
    return _page(queries.get_subcontractor(db(), subcontractor_id))


@routes.post("/subcontractors/<uuid:subcontractor_id>/agree")
@requires(Permission.AGREEMENT_CHANGE)
def agree(subcontractor_id: UUID) -> ResponseReturnValue:
    """The council's written agreement."""
    form = AgreeForm()
    if not form.validate_on_submit():
        return _page(queries.get_subcontractor(db(), subcontractor_id), agree_form=form), 422
    actions.agree(db(), actor(), subcontractor_id, words=form.words.data or "", at=now())
    flash("You have agreed to the sub-contractor. The provider is told.", "success")
    return redirect(url_for(".show", subcontractor_id=subcontractor_id), 303)


@routes.post("/subcontractors/<uuid:subcontractor_id>/turn-down")
@requires(Permission.AGREEMENT_CHANGE)
def turn_down(subcontractor_id: UUID) -> ResponseReturnValue:
    """Do not agree, or take the request back."""
    form = TurnDownForm()
    if not form.validate_on_submit():
        return _page(queries.get_subcontractor(db(), subcontractor_id), form=form), 422
    actions.turn_down(db(), actor(), subcontractor_id, because=form.because.data or "", at=now())
    flash("The sub-contractor is not agreed. The other side is told.", "success")
    return redirect(url_for(".show", subcontractor_id=subcontractor_id), 303)


@routes.post("/subcontractors/<uuid:subcontractor_id>/end")
@requires(Permission.AGREEMENT_CHANGE)
def end(subcontractor_id: UUID) -> ResponseReturnValue:
    """Say until when it is used, or show what to change."""
    form = UntilForm()
    if not form.validate_on_submit() or (last_day := form.last_day.data) is None:
        return _page(queries.get_subcontractor(db(), subcontractor_id), until_form=form), 422
    try:
        actions.end(db(), actor(), subcontractor_id, last_day=last_day, at=now())
    except UnfitChange as refused:
        form.refuse(refused)
        found = queries.get_subcontractor(db(), subcontractor_id)
        return _page(found, until_form=form), refused.status
    flash("The last day is kept. The other side is told.", "success")
    return redirect(url_for(".show", subcontractor_id=subcontractor_id), 303)


def _delivered_by_us(agreement_id: UUID) -> Agreement:
    agreement = get_agreement(db(), agreement_id)
    if agreement.provider_id != viewer().organisation_id:
        raise actions.ProviderAsks
    if agreement.state not in RUNNING:
        raise NotRunning
    return agreement


def _ask(agreement: Agreement, form: AskForm) -> Response:
    return render("agreements/subcontractors/new.html", agreement=agreement, form=form)


def _page(
    found: Subcontractor,
    *,
    form: TurnDownForm | None = None,
    agree_form: AgreeForm | None = None,
    until_form: UntilForm | None = None,
) -> Response:
    may_change = can(Permission.AGREEMENT_CHANGE) and found.agreement.state in RUNNING
    used = found.state is ProposalState.AGREED and not is_over(found, local_date(now()))
    return render(
        "agreements/subcontractors/show.html",
        found=found,
        agreement=found.agreement,
        form=form or TurnDownForm(formdata=None),
        agree_form=agree_form or AgreeForm(formdata=None),
        until_form=until_form or UntilForm(formdata=None),
        wrong=form or agree_form or until_form,
        states=PROPOSAL_STATE_NAMES,
        own=found.from_id == viewer().organisation_id,
        may_answer=may_change and found.state is ProposalState.PROPOSED,
        may_end=may_change and used,
    )
