"""The page of one report, whoever reads it."""

from __future__ import annotations

from flask import Response

from portal.delivery.outcomes.queries import progress
from portal.delivery.outcomes.rules import HIGHEST, LOWEST, courses, say_courses
from portal.delivery.reports.counting import counts
from portal.delivery.reports.deciding.forms import DecideForm
from portal.delivery.reports.presenting import history, parts, score_rows, state_tag
from portal.delivery.reports.queries import ReportPaper, counts_in, written_in
from portal.delivery.reports.rules import ReportState
from portal.identity.permissions import Permission
from portal.identity.viewing import can
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db


def report_page(paper: ReportPaper, *, form: DecideForm | None = None) -> Response:
    """The provider's draft while it writes; else what was submitted last.

    ``form`` holds a decision that was wrong.
    """
    agreement, term, latest = paper.agreement, paper.term, paper.latest
    today = local_date(now())
    writes = can(Permission.REPORT_WRITE) and paper.with_provider
    if latest is not None and not writes:
        written, counted = written_in(latest), counts_in(latest)
    else:
        written = paper.written
        counted = counts(db(), agreement.id, term.first_day, term.last_day)
    occasions = progress(db(), agreement.id)
    found = courses(occasions)
    decides = can(Permission.REPORT_DECIDE) and paper.state is ReportState.SUBMITTED
    if decides and form is None and latest is not None:
        form = DecideForm(formdata=None, number=str(latest.number))
    return render(
        "delivery/reports/show.html",
        paper=paper,
        agreement=agreement,
        term=term,
        today=today,
        late=paper.is_late(today),
        tagged=state_tag(paper, today),
        counted=counted.rows(agreement.unit),
        shown=writes or latest is not None,
        parts=parts(written),
        scores=score_rows(written.scores),
        missing=written.missing if writes else [],
        writes=writes,
        decides=decides,
        form=form if decides else None,
        occasions=occasions,
        courses=found,
        described=say_courses(found),
        lowest=LOWEST,
        highest=HIGHEST,
        history=history(paper.submissions),
        earlier=[(one, parts(written_in(one))) for one in paper.submissions[1:]],
    )
