"""What comes of it: promises, the Ombudsman, the end, and the hold that keeps it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.complaints.handling.actions.case import (
    Event,
    case_of,
    done,
    opened,
    write_to_sender,
)
from portal.complaints.handling.models import CasePromise
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import NotYet
from portal.complaints.rules import TRANSITIONS, Step
from portal.kernel.errors import NotFound
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state


def promise(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    what: str,
    owner: str,
    due_on: date,
    version: int,
    at: datetime,
) -> Whole:
    """Something that will be done because of the complaint, by whom and by when."""
    whole = opened(session, actor, complaint_id, version)
    made = CasePromise(
        complaint_id=complaint_id, council_id=whole.complaint.council_id, what=what, owner=owner,
        due_on=due_on,
    )  # fmt: skip
    session.add(made)
    whole.promises.append(made)
    done(session, actor, whole, Event.PROMISED, at=at, by=due_on.isoformat())
    return whole


def keep_promise(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    promise_id: UUID,
    on: date,
    version: int,
    at: datetime,
) -> Whole:
    """It was done, on that day."""
    whole = opened(session, actor, complaint_id, version)
    kept = next((one for one in whole.promises if one.id == promise_id), None)
    if kept is None:
        raise NotFound
    if on > local_date(at):
        raise NotYet("The date must not be in the future")
    kept.done_on = on
    done(session, actor, whole, Event.PROMISE_KEPT, at=at)
    return whole


def note_ombudsman(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    on: date,
    note: str,
    version: int,
    at: datetime,
) -> Whole:
    """The Ombudsman has it, or has decided: since when, and what is asked of the council."""
    whole = opened(session, actor, complaint_id, version)
    case = case_of(whole)
    case.ombudsman_on, case.ombudsman_note = on, note
    done(session, actor, whole, Event.OMBUDSMAN, at=at)
    return whole


def close(
    session: Session, actor: Actor, complaint_id: UUID, *, text: str, version: int, at: datetime
) -> Whole:
    """Bring it to an end; a text is sent as the last message.

    Raises NotYet while a stage is unanswered.
    """
    whole = opened(session, actor, complaint_id, version)
    if whole.stage is not None and whole.stage.answered_on is None:
        raise NotYet("Answer this stage before you close the complaint")
    return _end(session, actor, whole, Step.CLOSE, Event.CLOSED, text, at=at)


def withdraw(
    session: Session, actor: Actor, complaint_id: UUID, *, text: str, version: int, at: datetime
) -> Whole:
    """Whoever complained does not want to go on."""
    whole = opened(session, actor, complaint_id, version)
    return _end(session, actor, whole, Step.WITHDRAW, Event.WITHDRAWN, text, at=at)


def _end(
    session: Session,
    actor: Actor,
    whole: Whole,
    step: Step,
    event: Event,
    text: str,
    *,
    at: datetime,
) -> Whole:
    whole.complaint.state = next_state(TRANSITIONS, whole.complaint.state, step)
    case_of(whole).closed_on = local_date(at)
    if whole.stage is not None and whole.stage.left_on is None:
        whole.stage.left_on = local_date(at)
    if text:
        write_to_sender(session, actor, whole.complaint, text, at=at)
    done(session, actor, whole, event, at=at)
    return whole


def reopen(
    session: Session, actor: Actor, complaint_id: UUID, *, version: int, at: datetime
) -> Whole:
    """Look at it again: at the stage that it had come to, or from the beginning."""
    whole = opened(session, actor, complaint_id, version)
    whole.complaint.state = next_state(TRANSITIONS, whole.complaint.state, Step.GO_ON)
    if whole.stage is not None:
        whole.complaint.state = next_state(TRANSITIONS, whole.complaint.state, Step.ANSWER)
        whole.stage.left_on = None
    case_of(whole).closed_on = None
    done(session, actor, whole, Event.REOPENED, at=at)
    return whole


def hold(
    session: Session, actor: Actor, complaint_id: UUID, *, reason: str, version: int, at: datetime
) -> Whole:
    """Keep everything beyond its years for a legal reason; an empty reason lifts the hold."""
    whole = opened(session, actor, complaint_id, version)
    case = case_of(whole)
    case.held, case.hold_reason = bool(reason), reason
    done(session, actor, whole, Event.HELD if reason else Event.RELEASED, at=at)
    return whole
