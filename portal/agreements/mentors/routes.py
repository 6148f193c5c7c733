"""A provider's mentors; for a council, those assigned to its agreements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.agreements.disclosing.queries import may_be_told
from portal.agreements.mentors import actions, queries
from portal.agreements.mentors.forms import MentorFilters, MentorForm, filled_in
from portal.agreements.mentors.rules import (
    AWAY_NAMES,
    CHECK_RESULT_NAMES,
    TRAINING_NAMES,
    say_hours_of_week,
)
from portal.agreements.models import Mentor
from portal.agreements.rules import covers
from portal.evidence.rules import standing
from portal.identity.people.open_work import Waiting, tells_open_work
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_count

routes = Blueprint("mentors", __name__, url_prefix="/mentors")


@routes.get("")
@requires(Permission.MENTOR_READ)
def index() -> ResponseReturnValue:
    """Mentors by name."""
    form = MentorFilters(request.args)
    today = local_date(now())
    page = queries.mentors(
        db(), name=form.name.data or "", today=today, cursor=request.args.get("page")
    )
    rows = [
        (mentor, queries.dbs_standing(mentor.clearances, today), assigned)
        for mentor, assigned in page.rows
    ]
    return render(
        "agreements/mentors/index.html",
        fragment="results",
        filters=form,
        page=page,
        rows=rows,
        for_council=viewer().is_council,
        may_keep=can(Permission.MENTOR_KEEP),
    )


@routes.get("/new")
@requires(Permission.MENTOR_KEEP)
def new() -> ResponseReturnValue:
    """Ask who the mentor is."""
    return _ask(MentorForm(), None)


@routes.post("/new")
@requires(Permission.MENTOR_KEEP)
def create() -> ResponseReturnValue:
    """Begin the record, or show what to change."""
    form = _offered(MentorForm())
    if not form.validate_on_submit():
        return _ask(form, None), 422
    try:
        mentor = actions.add_mentor(db(), actor(), form.about(), at=now())
    except actions.UnfitRecord as refused:
        form[refused.field].errors = [refused.sentence]
        return _ask(form, None), 422
    flash(f"{mentor.name} is added. Record the enhanced DBS check next.", "success")
    return redirect(url_for(".show", mentor_id=mentor.id), 303)


@routes.get("/<uuid:mentor_id>/edit")
@requires(Permission.MENTOR_KEEP)
def edit(mentor_id: UUID) -> ResponseReturnValue:
    """Show who the mentor is, to be changed."""
    mentor = queries.get_mentor(db(), mentor_id)
    return _ask(MentorForm(data=filled_in(mentor)), mentor)


@routes.post("/<uuid:mentor_id>/edit")
@requires(Permission.MENTOR_KEEP)
def save(mentor_id: UUID) -> ResponseReturnValue:
    """Change it, or show what to change; a stale form keeps what was typed."""
    mentor = queries.get_mentor(db(), mentor_id)
    form = _offered(MentorForm())
    if not form.validate_on_submit():
        return _ask(form, mentor), 422
    try:
        actions.change_mentor(
            db(), actor(), mentor_id, form.about(), version=form.opened_on, at=now()
        )
    except actions.UnfitRecord as refused:
        form[refused.field].errors = [refused.sentence]
        return _ask(form, mentor), 422
    except Stale:
        form.version.data, form.version.raw_data = str(mentor.version), None
        return _ask(form, mentor, stale=True), 409
    flash("The record is changed.", "success")
    return redirect(url_for(".show", mentor_id=mentor_id), 303)


@routes.get("/<uuid:mentor_id>")
@requires(Permission.MENTOR_READ)
def show(mentor_id: UUID) -> ResponseReturnValue:
    """One mentor with the assignments that one may see."""
    mentor = queries.get_mentor(db(), mentor_id)
    today = local_date(now())
    kept = queries.kept_of(db(), mentor_id)
    is_now = [covers(one.starts_on, one.ends_on, today) for one in mentor.assignments]
    return render(
        "agreements/mentors/show.html",
        mentor=mentor,
        dbs=queries.dbs_standing(mentor.clearances, today),
        assigned=sum(is_now),
        assignments=list(zip(mentor.assignments, is_now, strict=True))[::-1],
        for_council=viewer().is_council,
        kept=kept,
        checks=[
            (one, standing(one.checked_on, one.valid_until, today))
            for one in reversed(mentor.clearances)
        ],
        training=[(one, standing(one.taken_on, one.fresh_until, today)) for one in kept.training],
        hours=say_hours_of_week((one.weekday, one.starts, one.ends) for one in kept.hours),
        away=any(covers(one.first_day, one.last_day, today) for one in kept.absences),
        today=today,
        check_names=CHECK_RESULT_NAMES,
        training_names=TRAINING_NAMES,
        away_names=AWAY_NAMES,
        may_keep=can(Permission.MENTOR_KEEP),
    )


def _offered(form: MentorForm) -> MentorForm:
    form.offer(may_be_told(db(), viewer().organisation_id))
    return form


def _ask(form: MentorForm, mentor: Mentor | None, *, stale: bool = False) -> Response:
    return render("agreements/mentors/edit.html", form=_offered(form), mentor=mentor, stale=stale)


@tells_open_work
def assigned_agreements(
    session: Session, organisation_id: UUID, person_id: UUID, at: datetime
) -> Iterator[Waiting]:
    """The agreements that a person is assigned to today, which somebody else must take over."""
    for mentor, count in queries.caseloads_of(session, organisation_id, person_id, local_date(at)):
        if count:
            yield Waiting(
                f"Assigned to {say_count(count, 'agreement')} as a mentor",
                url_for("mentors.show", mentor_id=mentor.id),
            )
