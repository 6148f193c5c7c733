"""The case that somebody was asked to look into: nothing of it before they are free to."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.appointments import actions, queries
from portal.complaints.appointments.forms import DeclareForm
from portal.complaints.handling import presenting
from portal.complaints.handling.actions.case import complaint_subject
from portal.complaints.handling.queries import files_of, whole_of
from portal.complaints.handling.rules import OUTCOME_NAMES, PART_NAMES
from portal.complaints.sharing.queries import provider_name
from portal.identity.looking import shows_identity
from portal.identity.viewing import actor, viewer
from portal.kernel.access import signed_in
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.files import answer_with
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("appointments", __name__, url_prefix="/appointments")
WHY = "whoever has a part in a case sees that case, whatever their role"


@routes.get("/<uuid:appointment_id>")
@signed_in(WHY)
def show(appointment_id: UUID) -> ResponseReturnValue:
    """The case, once its investigator has said that nothing stands between."""
    return _show(appointment_id, DeclareForm())


@routes.post("/<uuid:appointment_id>")
@signed_in(WHY)
def declare(appointment_id: UUID) -> ResponseReturnValue:
    """Say whether anything stands between; a conflict ends the part at once."""
    form = DeclareForm()
    if not form.validate_on_submit():
        return _show(appointment_id, form), 422
    actions.declare_own(db(), actor(), appointment_id, conflict=form.said, at=now())
    if form.said:
        flash("Thank you. Somebody else will look into it.", "success")
        return redirect(url_for("home.show"), 303)
    flash("Thank you. You can read the case now.", "success")
    return redirect(url_for(".show", appointment_id=appointment_id), 303)


@routes.get("/<uuid:appointment_id>/files/<uuid:attachment_id>")
@signed_in(WHY)
def file(appointment_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """A file that came with the case, as a download."""
    own = queries.appointment(db(), appointment_id, viewer().person_id)
    if own.declared_on is None:
        raise NotFound
    found = (
        stored
        for attachment, stored in files_of(db(), own.complaint_id)
        if attachment.id == attachment_id
    )
    return answer_with(next(found, None))


def _show(appointment_id: UUID, form: DeclareForm) -> Response:
    own = queries.appointment(db(), appointment_id, viewer().person_id)
    whole, today = whole_of(db(), own.complaint_id, own.council_id), local_date(now())
    complaint = whole.complaint
    if own.declared_on is None:
        return render(
            "complaints/appointments/declare.html",
            own=own,
            reference=complaint.reference,
            provider=provider_name(db(), complaint.provider_id),
            part=PART_NAMES[own.part],
            form=form,
        )
    if complaint.tells_who:
        shows_identity(complaint_subject(complaint), reason="has a part in this complaint")
    return render(
        "complaints/appointments/show.html",
        own=own,
        complaint=complaint,
        part=PART_NAMES[own.part],
        stage=presenting.stage_title(whole),
        provider=provider_name(db(), complaint.provider_id),
        clocks=[
            shown
            for clock in whole.clocks
            if (shown := presenting.clock_shown(clock, today)).running
        ],
        points=[
            (one.words, OUTCOME_NAMES[one.outcome] if one.outcome else "Not decided yet")
            for one in whole.points
        ],
        people=presenting.people_rows(whole.people),
        files=files_of(db(), complaint.id),
    )
