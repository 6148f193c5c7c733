"""Safeguarding alerts for the designated lead, and what the Virtual School is told."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.alerts import actions, queries
from portal.complaints.alerts.forms import TakeForm
from portal.complaints.handling.actions.case import complaint_subject
from portal.complaints.handling.presenting import ANSWER_NAMES
from portal.complaints.learning.actions import read_report
from portal.complaints.learning.queries import get_report, reports
from portal.complaints.sharing.queries import provider_name, told_to
from portal.complaints.sharing.rules import CATEGORY_NAMES
from portal.identity.looking import shows_identity
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("alerts", __name__, url_prefix="/alerts")


@routes.get("")
@requires(Permission.COMPLAINT_ALERT)
def index() -> ResponseReturnValue:
    """Alerts, those that nobody took first; for the Virtual School, its reports too."""
    council_id = viewer().organisation_id
    told = can(Permission.COMPLAINT_REPORT_READ)
    return render(
        "complaints/alerts/index.html",
        alerts=queries.alerts(db(), council_id),
        school=told,
        reports=reports(db(), council_id) if told else (),
        providers=told_to(db(), council_id) if told else (),
        categories=CATEGORY_NAMES,
    )


@routes.get("/<uuid:complaint_id>")
@requires(Permission.COMPLAINT_ALERT)
def show(complaint_id: UUID) -> ResponseReturnValue:
    """One alert: what they say, and how they can be reached safely."""
    return _ask(complaint_id, TakeForm())


@routes.post("/<uuid:complaint_id>")
@requires(Permission.COMPLAINT_ALERT)
def take(complaint_id: UUID) -> ResponseReturnValue:
    """Take the alert; the time and the name are kept."""
    form = TakeForm()
    if not form.validate_on_submit():
        return _ask(complaint_id, form), 422
    actions.take(db(), actor(), complaint_id, doing=form.doing.data or "", at=now())
    flash("You have taken this alert.", "success")
    return redirect(url_for(".show", complaint_id=complaint_id), 303)


@routes.get("/reports/<uuid:report_id>")
@requires(Permission.COMPLAINT_REPORT_READ)
def report(report_id: UUID) -> ResponseReturnValue:
    """What the Virtual School is told of a complaint, without who complained."""
    return render(
        "complaints/alerts/report.html",
        report=get_report(db(), report_id, viewer().organisation_id),
    )


@routes.post("/reports/<uuid:report_id>")
@requires(Permission.COMPLAINT_REPORT_READ)
def read(report_id: UUID) -> ResponseReturnValue:
    """Note that it was read."""
    read_report(db(), actor(), report_id, at=now())
    return redirect(url_for(".report", report_id=report_id), 303)


def _ask(complaint_id: UUID, form: TakeForm) -> Response:
    complaint = queries.alert(db(), complaint_id, viewer().organisation_id)
    if complaint.tells_who:
        shows_identity(complaint_subject(complaint), reason="answers a safeguarding alert")
    return render(
        "complaints/alerts/show.html",
        complaint=complaint,
        taken=queries.taken(db(), complaint_id),
        provider=provider_name(db(), complaint.provider_id),
        answer_by=ANSWER_NAMES[complaint.answer_by],
        form=form,
        reads=can(Permission.COMPLAINT_READ),
    )
