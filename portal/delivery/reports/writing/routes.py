"""The provider's side of a report: writing, files, submitting."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.delivery.outcomes.rules import SCORE_NAMES
from portal.delivery.reports.counting import counts
from portal.delivery.reports.presenting import parts, score_rows
from portal.delivery.reports.queries import ReportPaper, get_file, get_paper
from portal.delivery.reports.rules import NotTheirs
from portal.delivery.reports.writing import actions
from portal.delivery.reports.writing.forms import FileForm, ReportForm, report_form
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import Stale
from portal.kernel.files import FileRefused
from portal.kernel.fragments import render
from portal.kernel.local_time import to_local
from portal.kernel.session import db
from portal.kernel.wording import say_time

routes = Blueprint(
    "writing", __name__, url_prefix="/agreements/<uuid:agreement_id>/reports/<uuid:term_id>"
)


@routes.get("/write")
@requires(Permission.REPORT_WRITE)
def write_form(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """The report as it is drafted, beside what was recorded in the term."""
    paper = get_paper(db(), agreement_id, term_id)
    if not paper.with_provider:
        raise NotTheirs
    return _write_page(paper, report_form(paper.written, _version(paper)))


@routes.post("/write")
@requires(Permission.REPORT_WRITE)
def write(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """Keep what is written, and show it as the council would read it."""
    paper = get_paper(db(), agreement_id, term_id)
    form = ReportForm()
    if not form.validate_on_submit():
        return _write_page(paper, form), 422
    try:
        actions.save_draft(db(), actor(), paper, form.written, version=form.opened_on, at=now())
    except Stale:
        stands = get_paper(db(), agreement_id, term_id)
        form.version.data, form.version.raw_data = str(_version(stands)), None
        return _write_page(stands, form, stale=True), 409
    return redirect(_address(paper), 303)


@routes.post("/write/draft")
@requires(Permission.REPORT_WRITE)
def autosave(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """Keep what is being typed, and say when it was kept."""
    paper = get_paper(db(), agreement_id, term_id)
    form, at = ReportForm(), now()
    if not form.validate_on_submit():
        return _write_page(paper, form)
    version = actions.save_draft(db(), actor(), paper, form.written, version=form.opened_on, at=at)
    form.version.data, form.version.raw_data = str(version), None
    return _write_page(paper, form, kept_at=at)


@routes.get("/add-files")
@requires(Permission.REPORT_WRITE)
def files_form(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """Ask for files that show what the report says."""
    return _files_page(get_paper(db(), agreement_id, term_id), FileForm())


@routes.post("/add-files")
@requires(Permission.REPORT_WRITE)
def add_files(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """Keep them with the report."""
    paper = get_paper(db(), agreement_id, term_id)
    form = FileForm()
    if not form.validate_on_submit():
        return _files_page(paper, form), 422
    try:
        actions.add_files(db(), actor(), paper, form.files.data, at=now())
    except FileRefused as refusal:
        form.files.refuse(refusal)
        return _files_page(paper, form), refusal.status
    flash("Added. The council sees it once you submit the report.", "success")
    return redirect(_address(paper), 303)


@routes.post("/files/<uuid:report_file_id>/remove")
@requires(Permission.REPORT_WRITE)
def remove_file(agreement_id: UUID, term_id: UUID, report_file_id: UUID) -> ResponseReturnValue:
    """Take a file out of the draft again."""
    paper = get_paper(db(), agreement_id, term_id)
    actions.remove_file(db(), actor(), paper, get_file(paper, report_file_id), at=now())
    flash("The file is taken out.", "success")
    return redirect(_address(paper), 303)


@routes.post("/submit")
@requires(Permission.REPORT_WRITE)
def submit(agreement_id: UUID, term_id: UUID) -> ResponseReturnValue:
    """Give the report to the council."""
    paper = get_paper(db(), agreement_id, term_id)
    version = request.form.get("version", default=0, type=int)
    actions.submit(db(), actor(), paper, version=version, at=now())
    flash("Submitted. The council reads it and accepts it, or gives it back.", "success")
    return redirect(_address(paper), 303)


def _version(paper: ReportPaper) -> int:
    return paper.draft.version if paper.draft else 0


def _address(paper: ReportPaper) -> str:
    return url_for("reports.show", agreement_id=paper.agreement.id, term_id=paper.term.id)


def _write_page(
    paper: ReportPaper,
    form: ReportForm,
    *,
    stale: bool = False,
    kept_at: datetime | None = None,
) -> Response:
    agreement, term = paper.agreement, paper.term
    counted = counts(db(), agreement.id, term.first_day, term.last_day)
    return render(
        "delivery/reports/write.html",
        fragment="kept",
        paper=paper,
        agreement=agreement,
        term=term,
        form=form,
        counted=counted.rows(agreement.unit),
        scale=SCORE_NAMES,
        stale=stale,
        theirs=[*parts(paper.written), *score_rows(paper.written.scores)] if stale else [],
        kept_at=None if kept_at is None else say_time(to_local(kept_at).time()),
        back=_address(paper),
    )


def _files_page(paper: ReportPaper, form: FileForm) -> Response:
    return render(
        "delivery/reports/files.html",
        agreement=paper.agreement,
        term=paper.term,
        form=form,
        back=_address(paper),
    )
