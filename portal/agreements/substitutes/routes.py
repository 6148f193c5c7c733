"""Assigning and rejecting mentors, and saying that one is not available or back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.clocks.rules import Clock, ClockKind
from portal.agreements.mentors.models import Absence
from portal.agreements.mentors.queries import candidates, get_mentor
from portal.agreements.mentors.rules import Away, NotAssignable
from portal.agreements.models import Agreement, Mentor
from portal.agreements.queries import get_agreement
from portal.agreements.substitutes import queries
from portal.agreements.substitutes.actions import absences, assigning
from portal.agreements.substitutes.forms import AbsenceForm, AssignForm, RejectForm, ReturnForm
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_date, say_list

routes = Blueprint("substitutes", __name__)


@routes.get("/agreements/<uuid:agreement_id>/mentor")
@requires(Permission.MENTOR_KEEP)
def ask_mentor(agreement_id: UUID) -> ResponseReturnValue:
    """Ask who works on an agreement, and from when."""
    return _assign_page(get_agreement(db(), agreement_id), AssignForm())


@routes.post("/agreements/<uuid:agreement_id>/mentor")
@requires(Permission.MENTOR_KEEP)
def assign(agreement_id: UUID) -> ResponseReturnValue:
    """Assign a mentor, or show what stands against it."""
    agreement, form = get_agreement(db(), agreement_id), AssignForm()
    form.offer(candidates(db(), agreement.provider_id, local_date(now())))
    if not form.validate_on_submit():
        return _assign_page(agreement, form), 422
    assert form.starts_on.data is not None
    try:
        assigning.assign(
            db(),
            actor(),
            agreement_id,
            UUID(form.mentor.data),
            starts_on=form.starts_on.data,
            at=now(),
        )
    except NotAssignable as refused:
        form.mentor.errors = [refused.sentence]
        return _assign_page(agreement, form), 422
    flash("The mentor is assigned. The council is told.", "success")
    return _to_agreement(agreement_id)


@routes.get("/agreements/<uuid:agreement_id>/mentor/reject")
@requires(Permission.MENTOR_REJECT)
def ask_rejection(agreement_id: UUID) -> ResponseReturnValue:
    """Ask why the council rejects the mentor."""
    return _reject_page(get_agreement(db(), agreement_id), RejectForm())


@routes.post("/agreements/<uuid:agreement_id>/mentor/reject")
@requires(Permission.MENTOR_REJECT)
def reject(agreement_id: UUID) -> ResponseReturnValue:
    """Reject the mentor, which starts the clock for a substitute."""
    agreement, form = get_agreement(db(), agreement_id), RejectForm()
    if not form.validate_on_submit():
        return _reject_page(agreement, form), 422
    assigning.reject(db(), actor(), agreement_id, because=form.because.data or "", at=now())
    flash("The mentor is rejected. The provider is told to find a substitute.", "success")
    return _to_agreement(agreement_id)


@routes.get("/mentors/<uuid:mentor_id>/away")
@requires(Permission.MENTOR_KEEP)
def ask_absence(mentor_id: UUID) -> ResponseReturnValue:
    """Ask from when a mentor is not available."""
    return _absence_page(get_mentor(db(), mentor_id), AbsenceForm())


@routes.post("/mentors/<uuid:mentor_id>/away")
@requires(Permission.MENTOR_KEEP)
def record_absence(mentor_id: UUID) -> ResponseReturnValue:
    """Record it; the agreements that need a substitute wait for one."""
    mentor, form = get_mentor(db(), mentor_id), AbsenceForm()
    if not form.validate_on_submit():
        return _absence_page(mentor, form), 422
    assert form.first_day.data is not None
    try:
        absences.record_absence(
            db(),
            actor(),
            mentor_id,
            reason=Away(form.reason.data),
            first_day=form.first_day.data,
            last_day=form.last_day.data,
            at=now(),
        )
    except absences.UnfitAbsence as refused:
        form[refused.field].errors = [refused.sentence]
        return _absence_page(mentor, form), 422
    flash("It is recorded. The councils whose agreements need a substitute are told.", "success")
    return _to_mentor(mentor_id)


@routes.get("/mentors/<uuid:mentor_id>/away/<uuid:absence_id>")
@requires(Permission.MENTOR_KEEP)
def ask_return(mentor_id: UUID, absence_id: UUID) -> ResponseReturnValue:
    """Ask when a mentor is back."""
    mentor = get_mentor(db(), mentor_id)
    absence = queries.get_absence(db(), mentor_id, absence_id)
    return _return_page(mentor, absence, ReturnForm())


@routes.post("/mentors/<uuid:mentor_id>/away/<uuid:absence_id>")
@requires(Permission.MENTOR_KEEP)
def set_return(mentor_id: UUID, absence_id: UUID) -> ResponseReturnValue:
    """Keep when a mentor is back; agreements that need no substitute any more wait for none."""
    mentor, form = get_mentor(db(), mentor_id), ReturnForm()
    absence = queries.get_absence(db(), mentor_id, absence_id)
    if not form.validate_on_submit():
        return _return_page(mentor, absence, form), 422
    assert form.back_on.data is not None
    try:
        absences.set_return(
            db(), actor(), mentor_id, absence_id, back_on=form.back_on.data, at=now()
        )
    except absences.UnfitAbsence as refused:
        form[refused.field].errors = [refused.sentence]
        return _return_page(mentor, absence, form), 422
    flash(f"{mentor.name} is back from {say_date(form.back_on.data)}.", "success")
    return _to_mentor(mentor_id)


def _assign_page(agreement: Agreement, form: AssignForm) -> Response:
    today = local_date(now())
    history = queries.substitutions_of(db(), agreement.id)
    waiting = queries.open_among(history)
    day = form.starts_on.data or max(today, agreement.starts_on)
    if form.starts_on.typed is None:
        form.starts_on.data = day
    own = candidates(db(), agreement.provider_id, day, rejected=queries.rejected_among(history))
    barriers = {mentor_id: one.barriers(day) for mentor_id, one in own.items()}
    form.offer({mentor_id: one for mentor_id, one in own.items() if not barriers[mentor_id]})
    current = queries.standing_assignment(agreement, today)
    return render(
        "agreements/substitutes/assign.html",
        agreement=agreement,
        form=form,
        waiting=waiting,
        current=current,
        unfit=[(one.name, say_list(barriers[key])) for key, one in own.items() if barriers[key]],
        against=queries.wanting_evidence(db(), agreement, today),
        day=day,
    )


def _reject_page(agreement: Agreement, form: RejectForm) -> Response:
    today = local_date(now())
    return render(
        "agreements/substitutes/reject.html",
        agreement=agreement,
        form=form,
        current=queries.standing_assignment(agreement, today),
        clock=Clock(ClockKind.SUBSTITUTE, today),
    )


def _absence_page(mentor: Mentor, form: AbsenceForm) -> Response:
    return render("agreements/substitutes/away.html", mentor=mentor, form=form)


def _return_page(mentor: Mentor, absence: Absence, form: ReturnForm) -> Response:
    return render("agreements/substitutes/back.html", mentor=mentor, absence=absence, form=form)


def _to_agreement(agreement_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("agreements.show", agreement_id=agreement_id), 303)


def _to_mentor(mentor_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("mentors.show", mentor_id=mentor_id), 303)
