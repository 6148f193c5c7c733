"""A council suspends an agreement, lets it go on, or ends it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.changing import actions
from portal.agreements.changing.forms import ChangeForm, EndForm, ResumeForm, SuspendForm
from portal.agreements.changing.queries import current_suspension
from portal.agreements.changing.rules import (
    STEPS,
    AgreementStep,
    EndOutcome,
    EndReason,
    UnfitChange,
)
from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.agreements.rules import AGREEMENT_STATE_NAMES
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date

routes = Blueprint("changing", __name__, url_prefix="/agreements/<uuid:agreement_id>")


@routes.get("/suspend")
@requires(Permission.AGREEMENT_CHANGE)
def suspend_form(agreement_id: UUID) -> ResponseReturnValue:
    """Ask for the days and the reason."""
    return _ask(_own(agreement_id), AgreementStep.SUSPEND, SuspendForm(first=_today()))


@routes.post("/suspend")
@requires(Permission.AGREEMENT_CHANGE)
def suspend(agreement_id: UUID) -> ResponseReturnValue:
    """Suspend it, or show what to change."""
    agreement, form = _own(agreement_id), SuspendForm()
    if not form.validate_on_submit() or (first := form.first.data) is None:
        return _ask(agreement, AgreementStep.SUSPEND, form), 422
    try:
        actions.suspend(
            db(), actor(), agreement_id, first=first, last=form.last.data,
            because=form.because.data or "", at=now(),
        )  # fmt: skip
    except UnfitChange as refused:
        form.refuse(refused)
        return _ask(agreement, AgreementStep.SUSPEND, form), refused.status
    flash(f"The agreement is suspended from {say_date(first)}. The provider is told.", "success")
    return _to_agreement(agreement_id)


@routes.get("/resume")
@requires(Permission.AGREEMENT_CHANGE)
def resume_form(agreement_id: UUID) -> ResponseReturnValue:
    """Ask for the day on which it goes on."""
    return _ask(_own(agreement_id), AgreementStep.RESUME, ResumeForm(back=_today()))


@routes.post("/resume")
@requires(Permission.AGREEMENT_CHANGE)
def resume(agreement_id: UUID) -> ResponseReturnValue:
    """Let it go on, or show what to change."""
    agreement, form = _own(agreement_id), ResumeForm()
    if not form.validate_on_submit() or (back := form.back.data) is None:
        return _ask(agreement, AgreementStep.RESUME, form), 422
    try:
        actions.resume(db(), actor(), agreement_id, back=back, at=now())
    except UnfitChange as refused:
        form.refuse(refused)
        return _ask(agreement, AgreementStep.RESUME, form), refused.status
    flash(f"The agreement goes on from {say_date(back)}. The provider is told.", "success")
    return _to_agreement(agreement_id)


@routes.get("/end")
@requires(Permission.AGREEMENT_CHANGE)
def end_form(agreement_id: UUID) -> ResponseReturnValue:
    """Ask for the last day, the reason and what came of it."""
    agreement = _own(agreement_id)
    return _ask(agreement, AgreementStep.END, EndForm(last_day=agreement.ends_on))


@routes.post("/end")
@requires(Permission.AGREEMENT_CHANGE)
def end(agreement_id: UUID) -> ResponseReturnValue:
    """End it, or show what to change."""
    agreement, form = _own(agreement_id), EndForm()
    if not form.validate_on_submit() or (last_day := form.last_day.data) is None:
        return _ask(agreement, AgreementStep.END, form), 422
    try:
        actions.end(
            db(), actor(), agreement_id, last_day=last_day, reason=EndReason(form.reason.data),
            outcome=EndOutcome(form.outcome.data), words=form.words.data or "", at=now(),
        )  # fmt: skip
    except UnfitChange as refused:
        form.refuse(refused)
        return _ask(agreement, AgreementStep.END, form), refused.status
    flash(f"The agreement ends after {say_date(last_day)}. The provider is told.", "success")
    return _to_agreement(agreement_id)


def _own(agreement_id: UUID) -> Agreement:
    agreement = get_agreement(db(), agreement_id)
    if agreement.council_id != viewer().organisation_id:
        raise actions.CouncilDecides
    return agreement


def _ask(agreement: Agreement, step: AgreementStep, form: ChangeForm) -> Response:
    suspension = current_suspension(agreement, _today())
    if step is not AgreementStep.RESUME or suspension is None:
        next_state(STEPS, agreement.state, step)
    return render(
        f"agreements/changing/{step.value}.html",
        agreement=agreement,
        form=form,
        suspension=suspension,
        states=AGREEMENT_STATE_NAMES,
    )


def _today() -> date:
    return local_date(now())


def _to_agreement(agreement_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("agreements.show", agreement_id=agreement_id), 303)
