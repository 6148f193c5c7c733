"""What happens to termly reports, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.audit.actions import Subject
from portal.delivery.reports.models import TermlyReport
from portal.delivery.reports.queries import ReportPaper


class Event(StrEnum):
    """What happens to a termly report; a draft that is saved is no event of its own."""

    DRAFTED = "delivery:report:drafted"
    SUBMITTED = "delivery:report:submitted"
    RETURNED = "delivery:report:returned"
    ACCEPTED = "delivery:report:accepted"
    FILE_ADDED = "delivery:report:file-added"
    FILE_REMOVED = "delivery:report:file-removed"
    EXPORTED = "delivery:report:exported"


WORDS: Mapping[str, str] = {
    Event.DRAFTED: "Wrote in a termly report",
    Event.SUBMITTED: "Submitted a termly report",
    Event.RETURNED: "Gave a termly report back",
    Event.ACCEPTED: "Accepted a termly report",
    Event.FILE_ADDED: "Added a file to a termly report",
    Event.FILE_REMOVED: "Took a file out of a termly report",
    Event.EXPORTED: "Took a termly report out as a file",
}


def subject(paper: ReportPaper, report: TermlyReport) -> Subject:
    """A report as the audit record names it; ``report`` may be one that was only just begun."""
    return Subject(
        "termly report",
        report.id,
        f"{paper.agreement.reference}, {paper.term.name}",
        council_id=paper.agreement.council_id,
        provider_id=paper.agreement.provider_id,
    )
