"""Reminding before and after a day on which something is due."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from portal.complaints.handling.actions.case import REMIND
from portal.complaints.handling.queries import OPEN, due_case
from portal.identity.permissions import Permission
from portal.kernel.jobs import Work, job
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date, say_due
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


@job(REMIND)
def remind(work: Work, *, complaint_id: str, due: str) -> None:
    """Tell who handles complaints, if it is still due on the day that was meant."""
    case, today = due_case(work.session, UUID(complaint_id)), local_date(work.at)
    day = date.fromisoformat(due)
    if case is None or case.due_on != day or case.paused or case.complaint.state not in OPEN:
        return
    tell(
        work.session,
        NoticeKind.COMPLAINT_DUE,
        sentence=f"Complaint {case.complaint.reference} is {say_due(day, today)}, {say_date(day)}.",
        endpoint="complaints.show",
        values={"complaint_id": complaint_id},
        organisation_id=case.council_id,
        permission=Permission.COMPLAINT_HANDLE,
        at=work.at,
        key=f"complaint {complaint_id} due {due} told {today}",
    )
