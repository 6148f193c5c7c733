"""What somebody does with what they sent: answers, adds, gives their name, takes it back.

The public desk writes it for them, after the scope has shown that it is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Subject, record
from portal.complaints.making.actions import SOMEBODY
from portal.complaints.models import Attachment, Complaint, Message
from portal.complaints.rules import TRANSITIONS, Side, Step
from portal.identity.permissions import Permission
from portal.kernel.errors import NotFound
from portal.kernel.files import keep
from portal.kernel.files.keeping import Examined
from portal.kernel.session import ChangedForm
from portal.kernel.transitions import next_state
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class Event(StrEnum):
    """What somebody without an account does with what they sent."""

    FOLLOWED = "complaints:complaint:followed"
    REPLIED = "complaints:complaint:replied"
    NAMED = "complaints:complaint:named"
    TAKEN_BACK = "complaints:complaint:taken-back"


def reply(
    session: Session,
    complaint: Complaint,
    *,
    message_id: UUID,
    text: str,
    files: Iterable[Examined],
    at: datetime,
) -> None:
    """Write to the council, once under one id; the council is told that there is something.

    Raises ChangedForm when another text was sent under this id, NotFound when it is another
    complaint's.
    """
    earlier = session.get(Message, message_id)
    if earlier is not None:
        if earlier.complaint_id != complaint.id:
            raise NotFound
        if earlier.text != text:
            raise ChangedForm
        return
    session.add(
        Message(
            id=message_id,
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            side=Side.SENDER,
            text=text,
            at=at,
        )
    )
    session.flush()
    kept = [
        keep(session, file, council_id=complaint.council_id, following_id=complaint.id, at=at)
        for file in files
    ]
    session.add_all(
        Attachment(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            message_id=message_id,
            stored_file_id=stored.id,
            at=at,
        )
        for stored in kept
    )
    _done(session, complaint, Event.REPLIED, f"There is a reply to {complaint.reference}.", at)


def give_name(
    session: Session, complaint: Complaint, *, name: str, tell_provider: bool, at: datetime
) -> None:
    """Say who they are, later than they could have."""
    complaint.name = name
    complaint.tell_provider = tell_provider
    complaint.version += 1
    sentence = f"The sender of {complaint.reference} has said who they are."
    _done(session, complaint, Event.NAMED, sentence, at)


def withdraw(session: Session, complaint: Complaint, *, at: datetime) -> None:
    """Take it back. Raises IllegalStep when it is finished already."""
    complaint.state = next_state(TRANSITIONS, complaint.state, Step.WITHDRAW)
    complaint.version += 1
    _done(session, complaint, Event.TAKEN_BACK, f"{complaint.reference} was withdrawn.", at)


def _done(
    session: Session, complaint: Complaint, event: Event, sentence: str, at: datetime
) -> None:
    record(
        session,
        SOMEBODY,
        event,
        Subject("complaint", complaint.id, complaint.reference, council_id=complaint.council_id),
        at=at,
    )
    tell(
        session,
        NoticeKind.COMPLAINT,
        sentence=sentence,
        endpoint="complaints.show",
        values={"complaint_id": complaint.id},
        organisation_id=complaint.council_id,
        permission=Permission.COMPLAINT_READ,
        at=at,
    )
