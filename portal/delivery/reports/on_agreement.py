"""What an agreement's own page shows of its reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.delivery.reports.outstanding import Owed, reports_of
from portal.delivery.reports.presenting import state_tag


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report with its tag: words and tone."""

    owed: Owed
    words: str
    tone: str


def report_lines(session: Session, agreement: Agreement, today: date) -> list[ReportLine]:
    """The reports of terms that have begun, the latest first. Two queries."""
    return [
        ReportLine(one, *state_tag(one, today)) for one in reports_of(session, agreement, today)
    ]
