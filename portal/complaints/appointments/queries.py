"""The cases in which somebody has a part: these, and no others."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.complaints.handling.models import Case, CasePerson
from portal.complaints.handling.queries import OPEN
from portal.complaints.handling.rules import Part
from portal.complaints.models import Complaint
from portal.kernel.errors import NotFound


def appointment(session: Session, appointment_id: UUID, person_id: UUID) -> CasePerson:
    """A person's own part in a case, while they have it. Raises NotFound for anybody else's."""
    found = session.scalars(
        select(CasePerson).where(
            CasePerson.id == appointment_id,
            CasePerson.person_id == person_id,
            CasePerson.part != Part.SUBJECT,
            CasePerson.left_on.is_(None),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def appointments(
    session: Session, council_id: UUID, person_id: UUID
) -> list[tuple[CasePerson, Complaint, Case]]:
    """The open cases in which somebody has a part, what is due first first."""
    found = session.execute(
        select(CasePerson, Complaint, Case)
        .join(Complaint, Complaint.id == CasePerson.complaint_id)
        .join(Case, Case.complaint_id == CasePerson.complaint_id)
        .where(
            CasePerson.council_id == council_id,
            CasePerson.person_id == person_id,
            CasePerson.part != Part.SUBJECT,
            CasePerson.left_on.is_(None),
            Complaint.state.in_(OPEN),
        )
        .order_by(Case.due_on, CasePerson.id)
        .limit(20)
    )
    return [(own, complaint, its_case) for own, complaint, its_case in found]
