"""Taking a safeguarding alert, and reminding others of one that nobody has taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.complaints.alerts.queries import alert, taken, waiting_alert
from portal.complaints.handling.actions.case import complaint_subject
from portal.complaints.handling.models import AlertTaken
from portal.complaints.handling.rules import ESCALATED_AFTER
from portal.complaints.models import Complaint
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.jobs import Work, enqueue, job
from portal.kernel.wording import say_datetime
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

ESCALATE = "complaints:escalate"


class Event(StrEnum):
    """What happens to alerts."""

    TAKEN = "complaints:alert:taken"
    ESCALATED = "complaints:alert:escalated"


class AlreadyTaken(DomainError):
    """Somebody else took the alert first."""

    def __init__(self, who: AlertTaken) -> None:
        super().__init__(f"{who.person_name} took this alert on {say_datetime(who.at)}.")


def raise_alert(session: Session, complaint: Complaint, *, at: datetime) -> None:
    """Tell the designated leads at once, and look again in an hour whether one took it."""
    _tell(session, complaint, "A young person says that they are not safe.", "raised", at=at)
    enqueue(
        session,
        ESCALATE,
        at=at,
        run_at=at + ESCALATED_AFTER,
        arguments={"complaint_id": complaint.id.hex},
        organisation_id=complaint.council_id,
    )


def take(
    session: Session, actor: Actor, complaint_id: UUID, *, doing: str, at: datetime
) -> AlertTaken:
    """Say that one has the alert, and what one is doing about it.

    Raises NotFound, and AlreadyTaken when somebody else was first.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    complaint = alert(session, complaint_id, actor.organisation_id)
    if (before := taken(session, complaint_id)) is not None:
        raise AlreadyTaken(before)
    own = AlertTaken(
        complaint_id=complaint_id,
        council_id=complaint.council_id,
        person_id=actor.person_id,
        person_name=actor.name,
        at=at,
        doing=doing,
    )
    try:
        with session.begin_nested():
            session.add(own)
    except IntegrityError:
        first = taken(session, complaint_id)
        if first is None:
            raise
        raise AlreadyTaken(first) from None
    record(session, actor, Event.TAKEN, complaint_subject(complaint), at=at)
    return own


@job(ESCALATE)
def escalate(work: Work, *, complaint_id: str) -> None:
    """Remind everybody who may take it each hour, until somebody has."""
    complaint = waiting_alert(work.session, UUID(complaint_id))
    if complaint is None:
        return
    hours = int((work.at - complaint.received_at) / ESCALATED_AFTER)
    _tell(
        work.session,
        complaint,
        f"Nobody has taken a safeguarding alert since {say_datetime(complaint.received_at)}.",
        f"waits {hours}",
        at=work.at,
    )
    record(
        work.session,
        Actor(None, "Placewell", None),
        Event.ESCALATED,
        complaint_subject(complaint),
        at=work.at,
        hours=hours,
    )
    enqueue(
        work.session,
        ESCALATE,
        at=work.at,
        run_at=work.at + ESCALATED_AFTER,
        arguments={"complaint_id": complaint_id},
        organisation_id=complaint.council_id,
    )


def _tell(session: Session, complaint: Complaint, sentence: str, key: str, *, at: datetime) -> None:
    tell(
        session,
        NoticeKind.COMPLAINT_ALERT,
        sentence=sentence,
        endpoint="alerts.show",
        values={"complaint_id": str(complaint.id)},
        organisation_id=complaint.council_id,
        permission=Permission.COMPLAINT_ALERT,
        at=at,
        key=f"alert {complaint.id.hex} {key}",
    )
