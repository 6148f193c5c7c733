"""New terms of an agreement: proposed by one side, looked at and answered by the other."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.changing.forms import TurnDownForm
from portal.agreements.changing.rules import PROPOSAL_STATE_NAMES, RUNNING, UnfitChange
from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.agreements.variations import actions, queries
from portal.agreements.variations.forms import FORM_OF, VariationForm
from portal.agreements.variations.models import Variation
from portal.agreements.variations.rules import LABELS, say_term
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("variations", __name__)


@routes.get("/agreements/<uuid:agreement_id>/variations/new")
@requires(Permission.AGREEMENT_CHANGE)
def new(agreement_id: UUID) -> ResponseReturnValue:
    """Ask for the new terms and their first day."""
    agreement = get_agreement(db(), agreement_id)
    return _ask(agreement, FORM_OF[agreement.unit]())


@routes.post("/agreements/<uuid:agreement_id>/variations/new")
@requires(Permission.AGREEMENT_CHANGE)
def propose(agreement_id: UUID) -> ResponseReturnValue:
    """Propose them to the other side, or show what to change."""
    agreement = get_agreement(db(), agreement_id)
    form = FORM_OF[agreement.unit]()
    if not form.validate_on_submit() or (starts_on := form.starts_on.data) is None:
        return _ask(agreement, form), 422
    try:
        variation = actions.propose(
            db(), actor(), agreement_id, form.terms(), starts_on=starts_on,
            because=form.because.data or "", at=now(),
        )  # fmt: skip
    except UnfitChange as refused:
        form.refuse(refused)
        return _ask(agreement, form), refused.status
    flash("The new terms are proposed. Nothing changes before the other side agrees.", "success")
    return redirect(url_for(".show", variation_id=variation.id), 303)


@routes.get("/variations/<uuid:variation_id>")
@requires(Permission.AGREEMENT_READ)
def show(variation_id: UUID) -> ResponseReturnValue:
    """The terms before and after, who proposed them and who answered."""
    return _page(queries.get_variation(db(), variation_id), TurnDownForm())


@routes.post("/variations/<uuid:variation_id>/agree")
@requires(Permission.AGREEMENT_CHANGE)
def agree(variation_id: UUID) -> ResponseReturnValue:
    """Agree to what the other side proposed."""
    actions.agree(db(), actor(), variation_id, at=now())
    flash("The new terms are agreed. The other side is told.", "success")
    return redirect(url_for(".show", variation_id=variation_id), 303)


@routes.post("/variations/<uuid:variation_id>/turn-down")
@requires(Permission.AGREEMENT_CHANGE)
def turn_down(variation_id: UUID) -> ResponseReturnValue:
    """Do not agree, or take one's own proposal back."""
    form = TurnDownForm()
    if not form.validate_on_submit():
        return _page(queries.get_variation(db(), variation_id), form), 422
    actions.turn_down(db(), actor(), variation_id, because=form.because.data or "", at=now())
    flash("The agreement keeps its terms. The other side is told.", "success")
    return redirect(url_for(".show", variation_id=variation_id), 303)


def _ask(agreement: Agreement, form: VariationForm) -> Response:
    if agreement.state not in RUNNING:
        raise actions.NotRunning
    now_ = queries.terms_on(db(), agreement, local_date(now()))
    return render(
        "agreements/variations/new.html",
        agreement=agreement,
        form=form,
        now_is={name: say_term(now_, name, agreement.unit) for name in LABELS},
    )


def _page(variation: Variation, form: TurnDownForm) -> Response:
    agreement = variation.agreement
    now_ = queries.terms_on(db(), agreement, variation.starts_on)
    wanted = queries.terms_of(variation)
    names = [name for name in LABELS if getattr(wanted, name) is not None]
    return render(
        "agreements/variations/show.html",
        variation=variation,
        agreement=agreement,
        form=form,
        terms=[
            (
                LABELS[name],
                say_term(now_, name, agreement.unit),
                say_term(wanted, name, agreement.unit),
            )
            for name in names
        ],
        states=PROPOSAL_STATE_NAMES,
        own=variation.from_id == viewer().organisation_id,
        may_answer=can(Permission.AGREEMENT_CHANGE) and agreement.state in RUNNING,
        for_council=viewer().is_council,
    )
