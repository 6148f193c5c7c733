"""What waits because of complaints: for who handles them, takes alerts, has a part, or answers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.complaints.alerts.queries import alerts as every_alert
from portal.complaints.appointments.queries import appointments
from portal.complaints.handling.presenting import due_tag
from portal.complaints.handling.queries import Asked, counts, queue
from portal.complaints.handling.rules import PART_NAMES
from portal.complaints.learning.queries import reports
from portal.complaints.models import Complaint
from portal.complaints.rules import Kind
from portal.complaints.sharing.queries import waiting_for
from portal.home.rules import SHOWN, Need, Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date, say_datetime, say_due


def manager(session: Session, council_id: UUID, today: date) -> Work:
    """The first of the queue, with its figures; alerts that nobody took come above all."""
    page = queue(session, council_id, Asked(), today=today, cursor=None)
    found = counts(session, council_id, today)
    needs = []
    for row in page.rows[:SHOWN]:
        text, tone = due_tag(row, today) or ("Open", "neutral")
        day = row.due_on or row.complaint.received_on
        new = row.complaint.track is None
        needs.append(
            Need(
                f"{_verb(row.complaint)} {row.complaint.kind} {row.complaint.reference}",
                url_for("complaints.show", complaint_id=row.complaint.id),
                day,
                f"received {say_date(day)}" if new else f"{say_due(day, today)}, {say_date(day)}",
                text,
                tone,
            )
        )
    return Work(
        needs=(*alerts(session, council_id).needs, *needs),
        figures=(
            ("New complaints", str(found.new), url_for("complaints.index", state="received")),
            ("Due within a week", str(found.soon), url_for("complaints.index", due="soon")),
            ("Overdue complaints", str(found.overdue), url_for("complaints.index", due="overdue")),
        ),
    )


def _verb(complaint: Complaint) -> str:
    if complaint.track is not None:
        return "Go on with"
    return "Read" if complaint.kind is Kind.COMPLIMENT else "Take up"


def alerts(session: Session, council_id: UUID) -> Work:
    """Safeguarding alerts that nobody took."""
    return Work(
        needs=tuple(
            Need(
                f"Take safeguarding alert {complaint.reference}",
                url_for("alerts.show", complaint_id=complaint.id),
                date.min,
                f"received {say_datetime(complaint.received_at)}",
                "Now",
                "bad",
            )
            for complaint, taken in every_alert(session, council_id)
            if taken is None
        )
    )


def school(session: Session, council_id: UUID) -> Work:
    """Alerts, and reports that the Virtual School has not read."""
    unread = [one for one in reports(session, council_id) if one.read_at is None][:SHOWN]
    return Work(
        needs=(
            *alerts(session, council_id).needs,
            *(
                Need(
                    "Read a report of a complaint",
                    url_for("alerts.report", report_id=one.id),
                    local_date(one.at),
                    f"sent {say_datetime(one.at)}",
                    "Not read yet",
                    "waiting",
                )
                for one in unread
            ),
        )
    )


def appointed(session: Session, council_id: UUID, person_id: UUID, today: date) -> Work:
    """The cases in which somebody has a part, whatever their role."""
    return Work(
        needs=tuple(
            Need(
                f"Complaint {complaint.reference}: {PART_NAMES[own.part].lower()}",
                url_for("appointments.show", appointment_id=own.id),
                min(case.due_on, today) if own.declared_on is None else case.due_on,
                f"{say_due(case.due_on, today)}, {say_date(case.due_on)}"
                if case.due_on.year < date.max.year
                else "",
                "Your part" if own.declared_on else "Are you free to?",
                "info" if own.declared_on else "waiting",
            )
            for own, complaint, case in appointments(session, council_id, person_id)
        )
    )


def shared(session: Session, provider_id: UUID, today: date) -> Work:
    """What councils share with a provider and it has not answered."""
    return Work(
        needs=tuple(
            Need(
                f"Answer a complaint that {one.council.name} shares with you",
                url_for("shared.show", shared_id=one.id),
                one.answer_by,
                f"{say_due(one.answer_by, today)}, {say_date(one.answer_by)}",
                "Overdue" if one.answer_by < today else "To answer",
                "bad" if one.answer_by < today else "waiting",
            )
            for one in waiting_for(session, provider_id)[:SHOWN]
        )
    )
