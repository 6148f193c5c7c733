"""How long complaints are kept; a copy of one for the person it is about."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.handling.actions.taking_out import copy_taken
from portal.complaints.handling.queries import files_of, whole_of
from portal.complaints.keeping import actions, queries
from portal.complaints.keeping.copies import copy_of, sections
from portal.complaints.keeping.forms import YearsForm
from portal.complaints.learning.queries import learned_from
from portal.complaints.rules import Track
from portal.complaints.sharing.queries import provider_name
from portal.identity.permissions import Permission
from portal.identity.queries import colleagues
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.files import FileState, storage
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("complaint_copies", __name__, url_prefix="/complaints")


@routes.get("/kept")
@requires(Permission.COMPLAINT_HANDLE)
def years() -> ResponseReturnValue:
    """For how many years each track is kept."""
    kept = queries.years_kept(db(), viewer().organisation_id)
    form = YearsForm(
        children=kept[Track.CHILDREN],
        other=kept[Track.OTHER],
        data_protection=kept[Track.DATA_PROTECTION],
    )
    return render("complaints/keeping/years.html", form=form)


@routes.post("/kept")
@requires(Permission.COMPLAINT_HANDLE)
def set_years() -> ResponseReturnValue:
    """Set the years."""
    form = YearsForm()
    if not form.validate_on_submit():
        return render("complaints/keeping/years.html", form=form), 422
    actions.set_years(db(), actor(), form.said, at=now())
    flash("Saved. What is due is removed in the night.", "success")
    return redirect(url_for("complaints.index"), 303)


@routes.post("/<uuid:complaint_id>/copy/download")
@requires(Permission.COMPLAINT_HANDLE)
def download(complaint_id: UUID) -> ResponseReturnValue:
    """A copy of the whole case, as ZIP, with others masked; that it was taken is recorded."""
    whole = whole_of(db(), complaint_id, viewer().organisation_id)
    complaint = whole.complaint
    staff = [name for _, name in colleagues(db(), complaint.council_id)]
    names = [*staff, *(one.name for one in whole.people)]
    content = sections(
        whole,
        provider_name(db(), complaint.provider_id),
        [one.words for one in learned_from(db(), complaint_id)],
        names,
    )
    files = []
    for _, stored in files_of(db(), complaint_id):
        if stored.state is FileState.RELEASED:
            with storage().open(stored.id) as opened:
                files.append((stored.name, opened.read()))
    copy_taken(db(), actor(), complaint, at=now())
    answer = Response(copy_of(content, files), mimetype="application/zip")
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"complaint-{complaint.reference}.zip"
    )
    return answer
