"""A mentor's checks, training and hours: each is asked for on a page of its own."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.mentors.actions import UnfitRecord
from portal.agreements.mentors.keeping import actions
from portal.agreements.mentors.keeping.forms import (
    CheckForm,
    EndCheckForm,
    HoursForm,
    TrainingForm,
    hours_filled_in,
)
from portal.agreements.mentors.queries import get_mentor, kept_of
from portal.agreements.mentors.rules import CheckEnded, CheckResult, TrainingKind
from portal.agreements.models import Clearance, Mentor
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("mentor_records", __name__, url_prefix="/mentors/<uuid:mentor_id>")


@routes.get("/checks/new")
@requires(Permission.MENTOR_KEEP)
def new_check(mentor_id: UUID) -> ResponseReturnValue:
    """Ask for an enhanced DBS check."""
    return _check_page(get_mentor(db(), mentor_id), CheckForm())


@routes.post("/checks/new")
@requires(Permission.MENTOR_KEEP)
def add_check(mentor_id: UUID) -> ResponseReturnValue:
    """Record it, or show what to change."""
    mentor, form = get_mentor(db(), mentor_id), CheckForm()
    if not form.validate_on_submit():
        return _check_page(mentor, form), 422
    assert form.checked_on.data is not None
    assert form.valid_until.data is not None
    try:
        actions.record_check(
            db(),
            actor(),
            mentor_id,
            checked_on=form.checked_on.data,
            valid_until=form.valid_until.data,
            result=CheckResult(form.result.data),
            at=now(),
        )
    except UnfitRecord as refused:
        form[refused.field].errors = [refused.sentence]
        return _check_page(mentor, form), 422
    flash("The check is recorded.", "success")
    return _to_mentor(mentor_id)


@routes.get("/checks/<uuid:check_id>/end")
@requires(Permission.MENTOR_KEEP)
def ask_to_end_check(mentor_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Ask why a check is relied on no longer."""
    mentor = get_mentor(db(), mentor_id)
    return _end_page(mentor, _check_of(mentor, check_id), EndCheckForm())


@routes.post("/checks/<uuid:check_id>/end")
@requires(Permission.MENTOR_KEEP)
def end_check(mentor_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Rely on it no longer."""
    mentor, form = get_mentor(db(), mentor_id), EndCheckForm()
    check = _check_of(mentor, check_id)
    if not form.validate_on_submit():
        return _end_page(mentor, check, form), 422
    try:
        actions.end_check(
            db(), actor(), mentor_id, check_id, because=CheckEnded(form.because.data), at=now()
        )
    except UnfitRecord as refused:
        form[refused.field].errors = [refused.sentence]
        return _end_page(mentor, check, form), 422
    flash("The check is relied on no longer.", "success")
    return _to_mentor(mentor_id)


@routes.get("/training/new")
@requires(Permission.MENTOR_KEEP)
def new_training(mentor_id: UUID) -> ResponseReturnValue:
    """Ask for training."""
    return _training_page(get_mentor(db(), mentor_id), TrainingForm())


@routes.post("/training/new")
@requires(Permission.MENTOR_KEEP)
def add_training(mentor_id: UUID) -> ResponseReturnValue:
    """Record it, or show what to change."""
    mentor, form = get_mentor(db(), mentor_id), TrainingForm()
    if not form.validate_on_submit():
        return _training_page(mentor, form), 422
    assert form.taken_on.data is not None
    try:
        actions.record_training(
            db(),
            actor(),
            mentor_id,
            kind=TrainingKind(form.kind.data),
            title=form.title.data or "",
            taken_on=form.taken_on.data,
            at=now(),
        )
    except UnfitRecord as refused:
        form[refused.field].errors = [refused.sentence]
        return _training_page(mentor, form), 422
    flash("The training is recorded.", "success")
    return _to_mentor(mentor_id)


@routes.get("/hours")
@requires(Permission.MENTOR_KEEP)
def hours(mentor_id: UUID) -> ResponseReturnValue:
    """Ask when in the week a mentor can work."""
    mentor = get_mentor(db(), mentor_id)
    return _hours_page(mentor, HoursForm(data=hours_filled_in(kept_of(db(), mentor_id).hours)))


@routes.post("/hours")
@requires(Permission.MENTOR_KEEP)
def keep_hours(mentor_id: UUID) -> ResponseReturnValue:
    """Keep it, or show what to change."""
    mentor, form = get_mentor(db(), mentor_id), HoursForm()
    if not form.validate_on_submit():
        return _hours_page(mentor, form), 422
    actions.keep_hours(db(), actor(), mentor_id, form.hours(), at=now())
    flash("The hours are kept.", "success")
    return _to_mentor(mentor_id)


def _check_of(mentor: Mentor, check_id: UUID) -> Clearance:
    found = next((one for one in mentor.clearances if one.id == check_id), None)
    if found is None:
        raise NotFound
    return found


def _check_page(mentor: Mentor, form: CheckForm) -> Response:
    return render("agreements/mentors/keeping/check.html", mentor=mentor, form=form)


def _end_page(mentor: Mentor, check: Clearance, form: EndCheckForm) -> Response:
    yesterday = local_date(now()) - timedelta(days=1)
    return render(
        "agreements/mentors/keeping/end_check.html",
        mentor=mentor,
        check=check,
        form=form,
        yesterday=yesterday,
    )


def _training_page(mentor: Mentor, form: TrainingForm) -> Response:
    return render("agreements/mentors/keeping/training.html", mentor=mentor, form=form)


def _hours_page(mentor: Mentor, form: HoursForm) -> Response:
    return render("agreements/mentors/keeping/hours.html", mentor=mentor, form=form)


def _to_mentor(mentor_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("mentors.show", mentor_id=mentor_id), 303)
