"""Writing down what was learned, and telling the Virtual School."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.complaints.handling.actions.case import complaint_subject, opened
from portal.complaints.learning.models import LearningPoint, SchoolReport
from portal.complaints.learning.queries import get_report
from portal.identity.permissions import Permission
from portal.kernel.errors import NotFound
from portal.kernel.local_time import local_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class Event(StrEnum):
    """What happens to what is learned."""

    LEARNED = "complaints:learning:noted"
    REPORTED = "complaints:school:told"
    READ = "complaints:school:read"


def learn(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    words: str,
    framework_id: UUID | None,
    version: int,
    at: datetime,
) -> LearningPoint:
    """Something learned from a complaint; commissioners read it without the complaint."""
    whole = opened(session, actor, complaint_id, version)
    point = LearningPoint(
        council_id=whole.complaint.council_id,
        complaint_id=complaint_id,
        framework_id=framework_id,
        provider_id=whole.complaint.provider_id,
        words=words,
        learned_on=local_date(at),
    )
    session.add(point)
    whole.complaint.version += 1
    record(session, actor, Event.LEARNED, complaint_subject(whole.complaint), at=at)
    session.flush()
    return point


def report_to_school(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    summary: str,
    version: int,
    at: datetime,
) -> SchoolReport:
    """Tell the Virtual School of a complaint, without who complained (rules.md A12)."""
    whole = opened(session, actor, complaint_id, version)
    complaint = whole.complaint
    report = SchoolReport(
        complaint_id=complaint_id,
        council_id=complaint.council_id,
        provider_id=complaint.provider_id,
        summary=summary,
        by_name=actor.name,
        at=at,
    )
    session.add(report)
    session.flush()
    complaint.version += 1
    record(session, actor, Event.REPORTED, complaint_subject(complaint), at=at)
    tell(
        session,
        NoticeKind.COMPLAINT,
        sentence="There is a report of a complaint for the Virtual School.",
        endpoint="alerts.report",
        values={"report_id": str(report.id)},
        organisation_id=complaint.council_id,
        permission=Permission.COMPLAINT_REPORT_READ,
        at=at,
        key=f"school {report.id.hex}",
    )
    return report


def read_report(session: Session, actor: Actor, report_id: UUID, *, at: datetime) -> SchoolReport:
    """Note that the Virtual School has read it; the first reader stands. Raises NotFound."""
    if actor.organisation_id is None:
        raise NotFound
    report = get_report(session, report_id, actor.organisation_id)
    if report.read_at is None:
        report.read_at, report.read_by_name = at, actor.name
        subject = Subject(
            "school-report", report.id, "Report to the Virtual School",
            council_id=report.council_id,
        )  # fmt: skip
        record(session, actor, Event.READ, subject, at=at)
    return report
