"""The review of access, and those before it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.identity.people.queries import current_members, held_roles, last_sign_ins
from portal.identity.people.reviews import actions, queries
from portal.identity.people.reviews.rules import EVERY_MONTHS, is_near, is_overdue, may_confirm
from portal.identity.people.routes.blueprint import routes
from portal.identity.people.rules import administers
from portal.identity.people.words import name_roles
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db


@routes.get("/review")
@requires(Permission.PEOPLE_READ)
def review() -> ResponseReturnValue:
    """Everybody who works here, confirmed or not yet."""
    return _show(FlaskForm())


@routes.post("/review")
@requires(Permission.PEOPLE_CHANGE)
def confirm_review() -> ResponseReturnValue:
    """Confirm the people who were ticked, as they were when the page was opened."""
    form = FlaskForm()
    seen = [_seen(ticked) for ticked in request.form.getlist("member")]
    if not seen:
        form.form_errors = ["Tick the people who still need their roles"]
        return _show(form), 422
    try:
        done = actions.confirm(db(), actor(), seen, at=now())
    except (actions.OwnConfirmation, actions.ChangedSince) as refused:
        form.form_errors = [refused.sentence]
        return _show(form), refused.status
    if done.finished_at is not None:
        flash("Everybody is confirmed: this review is finished.", "success")
    else:
        flash("Confirmed. The rest can be done later.", "success")
    return redirect(url_for(".review"), 303)


@routes.get("/reviews")
@requires(Permission.PEOPLE_READ)
def reviews() -> ResponseReturnValue:
    """The reviews that were finished, the newest first."""
    page = queries.finished_reviews(db(), viewer().organisation_id, cursor=request.args.get("page"))
    return render("identity/people/reviews.html", page=page, name_roles=name_roles)


def _seen(ticked: str) -> tuple[UUID, int]:
    """A membership and the version that was seen; what was made up names nobody."""
    member_id, _, version = ticked.partition(":")
    try:
        return UUID(member_id), int(version)
    except ValueError:
        return UUID(int=0), 0


def _show(form: FlaskForm) -> Response:
    own, today = viewer().organisation_id, local_date(now())
    found = queries.open_review(db(), own)
    confirmed = {one.membership_id: one for one in found.confirmations} if found else {}
    members = current_members(db(), own)
    in_charge = {m.person_id for m in members if administers(held_roles(m))}
    return render(
        "identity/people/review.html",
        form=form,
        review=found,
        near=found is not None and is_near(found.due_on, today),
        overdue=found is not None and is_overdue(found.due_on, today),
        every_months=EVERY_MONTHS,
        rows=[
            (
                member,
                name_roles(held_roles(member)),
                confirmed.get(member.id),
                may_confirm(member.person_id, viewer().person_id, in_charge),
            )
            for member in members
        ],
        last_sign_ins=last_sign_ins(db(), own, [member.id for member in members]),
        may_change=can(Permission.PEOPLE_CHANGE),
    )
