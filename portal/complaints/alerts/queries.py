"""Which safeguarding alerts there are, and who took them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.complaints.handling.models import AlertTaken
from portal.complaints.models import Complaint
from portal.kernel.errors import NotFound


def alerts(session: Session, council_id: UUID) -> Sequence[tuple[Complaint, AlertTaken | None]]:
    """Safeguarding alerts, those that nobody took first, then the newest fifty."""
    found = session.execute(
        select(Complaint, AlertTaken)
        .outerjoin(AlertTaken, AlertTaken.complaint_id == Complaint.id)
        .where(Complaint.council_id == council_id, Complaint.urgent)
        .order_by(AlertTaken.complaint_id.is_not(None), Complaint.received_at.desc(), Complaint.id)
        .limit(50)
    )
    return [(complaint, taken) for complaint, taken in found]


def alert(session: Session, complaint_id: UUID, council_id: UUID) -> Complaint:
    """One complaint that is a safeguarding alert. Raises NotFound for any other."""
    found = session.scalars(
        select(Complaint).where(
            Complaint.id == complaint_id, Complaint.council_id == council_id, Complaint.urgent
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def taken(session: Session, complaint_id: UUID) -> AlertTaken | None:
    """Who took an alert, if anybody did."""
    return session.scalars(
        select(AlertTaken).where(AlertTaken.complaint_id == complaint_id)
    ).first()


def waiting_alert(session: Session, complaint_id: UUID) -> Complaint | None:
    """An alert that nobody has taken."""
    return session.scalars(
        select(Complaint)
        .outerjoin(AlertTaken, AlertTaken.complaint_id == Complaint.id)
        .where(Complaint.id == complaint_id, Complaint.urgent, AlertTaken.complaint_id.is_(None))
    ).first()
