"""What every action on a case begins and ends with."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.complaints.guidance.queries import slug_of
from portal.complaints.handling.clocks import next_clock
from portal.complaints.handling.models import Case
from portal.complaints.handling.queries import OPEN, Whole, locked_whole
from portal.complaints.handling.rules import NO_DUE_DAY, refuse_actor
from portal.complaints.models import Complaint, Message
from portal.complaints.rules import Answer, Side
from portal.kernel.errors import NotFound
from portal.kernel.jobs import enqueue
from portal.kernel.local_time import LONDON
from portal.kernel.post import BadAddress, write
from portal.kernel.working_days import is_working_day

REMINDED_BEFORE = 2
"""Working days before the due day on which whoever handles complaints is reminded."""
REMINDER_HOUR = time(9)
REMIND = "complaints:remind"


class Event(StrEnum):
    """What happens to complaints in the council's hands."""

    TAKEN_UP = "complaints:complaint:taken-up"
    WRITTEN_TO = "complaints:complaint:written-to"
    ACKNOWLEDGED = "complaints:stage:acknowledged"
    EXTENDED = "complaints:stage:extended"
    AGREED = "complaints:stage:agreed"
    PANEL_MET = "complaints:stage:panel-met"
    PANEL_REPORTED = "complaints:stage:panel-reported"
    ANSWERED = "complaints:stage:answered"
    WENT_FURTHER = "complaints:stage:begun"
    PAUSED = "complaints:complaint:paused"
    RESUMED = "complaints:complaint:resumed"
    PERSON_ADDED = "complaints:person:added"
    PERSON_DECLARED = "complaints:person:declared"
    PERSON_LEFT = "complaints:person:left"
    POINT_ADDED = "complaints:point:added"
    POINT_DECIDED = "complaints:point:decided"
    ADVOCATE_NOTED = "complaints:advocate:noted"
    PROMISED = "complaints:promise:made"
    PROMISE_KEPT = "complaints:promise:kept"
    OMBUDSMAN = "complaints:ombudsman:noted"
    CLOSED = "complaints:complaint:closed"
    REOPENED = "complaints:complaint:reopened"
    WITHDRAWN = "complaints:complaint:withdrawn"
    HELD = "complaints:hold:set"
    RELEASED = "complaints:hold:lifted"


def complaint_subject(complaint: Complaint) -> Subject:
    """A complaint, read of by its council alone: never by the provider it is about."""
    return Subject("complaint", complaint.id, complaint.reference, council_id=complaint.council_id)


def opened(
    session: Session, actor: Actor, complaint_id: UUID, version: int, *, answers: bool = False
) -> Whole:
    """A complaint locked for a change, with a case; ``answers``: the actor decides a stage.

    Raises NotFound, Stale, and MayNotActHere for somebody whom it is about or who would decide
    what they looked into themselves.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    whole = locked_whole(session, complaint_id, actor.organisation_id, version)
    refuse_actor(actor.person_id.hex, whole.standings, answers=answers)
    if whole.case is None:
        whole.case = Case(complaint_id=complaint_id, council_id=whole.complaint.council_id)
        session.add(whole.case)
        session.flush()
    return whole


def case_of(whole: Whole) -> Case:
    """The case of an opened complaint."""
    assert whole.case is not None
    return whole.case


def done(
    session: Session, actor: Actor, whole: Whole, event: StrEnum, *, at: datetime, **details: Any
) -> None:
    """Count the clocks again, ask for reminders of what is due now, and record what happened."""
    complaint, case = whole.complaint, case_of(whole)
    clock = next_clock(whole.clocks) if complaint.state in OPEN else None
    case.stage = whole.stage.number if whole.stage else 0
    case.due_on = clock.due if clock else NO_DUE_DAY
    case.paused = whole.paused is not None
    complaint.version += 1
    if clock is not None:
        _remind(session, complaint, clock.due, at=at)
    record(session, actor, event, complaint_subject(complaint), at=at, **details)
    session.flush()


def write_to_sender(
    session: Session, actor: Actor, complaint: Complaint, text: str, *, at: datetime
) -> Message:
    """A message that whoever complained reads where they follow it, and as a letter.

    Whoever wishes to be answered by e-mail gets one that says where to look, and nothing else.
    """
    message = Message(
        complaint_id=complaint.id,
        council_id=complaint.council_id,
        side=Side.COUNCIL,
        person_id=actor.person_id,
        person_name=actor.name,
        text=text,
        at=at,
    )
    session.add(message)
    if complaint.answer_by is Answer.EMAIL:
        with suppress(BadAddress):
            write(
                session,
                to=complaint.contact.strip(),
                subject="A message for you",
                template="complaints/handling/post/message.txt",
                at=at,
                council_slug=slug_of(session, complaint.council_id),
            )
    return message


def _remind(session: Session, complaint: Complaint, due: date, *, at: datetime) -> None:
    for day in (_working_days_before(due, REMINDED_BEFORE), due + timedelta(days=1)):
        run_at = datetime.combine(day, REMINDER_HOUR, tzinfo=LONDON).astimezone(UTC)
        if run_at > at:
            enqueue(
                session,
                REMIND,
                at=at,
                run_at=run_at,
                arguments={"complaint_id": complaint.id.hex, "due": due.isoformat()},
                key=f"{complaint.id.hex} {due} {day}",
                organisation_id=complaint.council_id,
            )


def _working_days_before(day: date, number: int) -> date:
    while number:
        day -= timedelta(days=1)
        number -= is_working_day(day)
    return day
