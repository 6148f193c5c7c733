"""The council's decision on a report."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.delivery.reports.deciding import actions
from portal.delivery.reports.deciding.forms import DecideForm
from portal.delivery.reports.page import report_page
from portal.delivery.reports.queries import get_paper
from portal.delivery.reports.rules import ReportStep
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.session import db

routes = Blueprint("deciding", __name__)


@routes.post("/agreements/<uuid:agreement_id>/reports/<uuid:term_id>/decide")
@requires(Permission.REPORT_DECIDE)
def decide(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """Accept the report or give it back, or show what is missing from the decision."""
    paper = get_paper(db(), agreement_id, term_id)
    form = DecideForm()
    if not form.validate_on_submit():
        return report_page(paper, form=form), 422
    actions.decide(
        db(),
        actor(),
        paper,
        form.chosen,
        because=form.because.data or "",
        number=form.read,
        at=now(),
    )
    accepted = form.chosen is ReportStep.ACCEPT
    flash(
        "The report is accepted." if accepted else "Given back. The provider is told why.",
        "success",
    )
    return redirect(url_for("reports.show", agreement_id=agreement_id, term_id=term_id), 303)
