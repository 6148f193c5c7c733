"""Termly reports: the list of them, one of them, and what is taken out as a file."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.delivery.reports import outstanding, queries
from portal.delivery.reports.deciding import actions
from portal.delivery.reports.deciding import routes as deciding
from portal.delivery.reports.documents import report_pdf
from portal.delivery.reports.forms import ReportFilters
from portal.delivery.reports.page import report_page
from portal.delivery.reports.presenting import state_tag
from portal.delivery.reports.writing import routes as writing
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.files import answer_with
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("reports", __name__)
routes.register_blueprint(writing.routes)
routes.register_blueprint(deciding.routes)
ONE = "/agreements/<uuid:agreement_id>/reports/<uuid:term_id>"


@routes.get("/reports")
@requires(Permission.REPORT_READ)
def index() -> ResponseReturnValue:
    """The reports of one's agreements, the oldest term first."""
    today = local_date(now())
    filters = ReportFilters(request.args)
    terms = outstanding.terms_with_reports(db(), today)
    council = viewer().is_council
    filters.term.offer(
        [
            (str(term.id), term.name if council else f"{term.name}, {term.council.name}")
            for term in terms
        ]
    )
    page = outstanding.page_of_reports(
        db(),
        viewer().organisation_id,
        council=council,
        state=filters.state.chosen,
        term_id=filters.term.chosen_id,
        today=today,
        cursor=request.args.get("page"),
    )
    return render(
        "delivery/reports/index.html",
        fragment="results",
        filters=filters,
        narrowed=any(field.data for field in filters),
        page=page,
        rows=[(one, *state_tag(one, today)) for one in page.rows],
        for_council=council,
        any_terms=bool(terms),
    )


@routes.get(ONE)
@requires(Permission.REPORT_READ)
def show(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """One report: what it counts and says, where it stands, what happens next."""
    return report_page(queries.get_paper(db(), agreement_id, term_id))


@routes.get(f"{ONE}/files/<uuid:report_file_id>")
@requires(Permission.REPORT_READ)
def file(agreement_id: UUID, term_id: UUID, report_file_id: UUID) -> ResponseReturnValue:
    """A file that shows what the report says."""
    paper = queries.get_paper(db(), agreement_id, term_id)
    return answer_with(queries.get_file(paper, report_file_id).file)


@routes.post(f"{ONE}/pdf")
@requires(Permission.REPORT_READ)
def pdf(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """What was submitted last, as a PDF; that it was taken is recorded."""
    paper, at = queries.get_paper(db(), agreement_id, term_id), now()
    actions.exported(db(), actor(), paper, at=at)
    answer = Response(report_pdf(db(), paper), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename="termly-report.pdf")
    return answer
