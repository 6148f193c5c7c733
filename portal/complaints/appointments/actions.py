"""What somebody with a part in a case does themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.complaints.appointments.queries import appointment
from portal.complaints.handling.actions.case import Event, done, opened
from portal.complaints.handling.actions.people import note_declaration
from portal.complaints.handling.models import CasePerson
from portal.complaints.models import Complaint
from portal.identity.permissions import Permission
from portal.kernel.errors import NotFound
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def declare_own(
    session: Session, actor: Actor, appointment_id: UUID, *, conflict: str, at: datetime
) -> CasePerson:
    """Say oneself that nothing stands between, or what does, which ends the part.

    Raises NotFound for anybody else's part, NotYet when it was said before.
    """
    if actor.person_id is None:
        raise NotFound
    own = appointment(session, appointment_id, actor.person_id)
    complaint = session.get_one(Complaint, own.complaint_id)
    whole = opened(session, actor, own.complaint_id, complaint.version)
    note_declaration(own, conflict, at=at)
    tell(
        session,
        NoticeKind.COMPLAINT,
        sentence=f"Somebody named a conflict in complaint {complaint.reference}."
        if conflict
        else f"Somebody is free to look into complaint {complaint.reference}.",
        endpoint="complaints.show",
        values={"complaint_id": str(own.complaint_id)},
        organisation_id=own.council_id,
        permission=Permission.COMPLAINT_HANDLE,
        at=at,
        key=f"declared {own.id.hex}",
    )
    done(session, actor, whole, Event.PERSON_DECLARED, at=at, conflict=bool(conflict))
    return own
