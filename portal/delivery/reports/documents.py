"""A submitted report as tagged PDF; the young person is the agreement's reference alone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from portal.delivery.outcomes.queries import progress
from portal.delivery.outcomes.rules import courses
from portal.delivery.reports.presenting import parts
from portal.delivery.reports.queries import ReportPaper, counts_in, written_in
from portal.kernel.documents.typesetting import typeset
from portal.kernel.errors import NotFound
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_datetime, say_period

_TEMPLATE = Path(__file__).parent / "report.typ"
MOST_OCCASIONS = 6  # columns that fit on the page


def report_pdf(session: Session, paper: ReportPaper) -> bytes:
    """What was submitted last, with the first scores and the latest. Raises NotFound before."""
    submission = paper.latest
    if submission is None:
        raise NotFound
    occasions = progress(session, paper.agreement.id)
    if len(occasions) > MOST_OCCASIONS:
        occasions = [occasions[0], *occasions[1 - MOST_OCCASIONS :]]
    decided = "Not decided yet"
    if submission.decided_at is not None:
        verb = "Accepted" if submission.accepted else "Given back"
        decided = f"{verb} on {say_datetime(submission.decided_at)}, {submission.decided_by_name}"
    data = {
        "reference": paper.agreement.reference,
        "term": paper.term.name,
        "days": say_period(paper.term.first_day, paper.term.last_day),
        "provider": paper.agreement.provider.name,
        "council": paper.agreement.council.name,
        "submitted": f"{say_datetime(submission.submitted_at)}, {submission.submitted_by_name}",
        "decided": decided,
        "because": submission.because,
        "counts": counts_in(submission).rows(paper.agreement.unit),
        "parts": [part for part in parts(written_in(submission)) if part[1]],
        "occasions": [one.name for one in occasions],
        "courses": [
            [one.name, *("–" if score is None else str(score) for score in one.scores)]
            for one in courses(occasions)
        ],
        "files": [one.file.name for one in paper.files],
    }
    return typeset(_TEMPLATE, data, dated=local_date(submission.submitted_at))
