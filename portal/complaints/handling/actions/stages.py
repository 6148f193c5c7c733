"""Through the stages: acknowledge, extend, agree, panel, answer, go further, pause."""

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
from portal.complaints.handling.actions.taking_up import begin
from portal.complaints.handling.clocks import Limit, extended
from portal.complaints.handling.models import CasePause, CaseStage
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import (
    STAGE_TRANSITIONS,
    NotYet,
    PauseReason,
    StageStep,
    refuse_step,
)
from portal.complaints.rules import TRANSITIONS, State, Step
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date


def acknowledge(
    session: Session, actor: Actor, complaint_id: UUID, *, text: str, version: int, at: datetime
) -> Whole:
    """Tell whoever complained that it has arrived and what happens now (rules.md A13, A14)."""
    whole = opened(session, actor, complaint_id, version)
    stage = _stage(whole)
    if stage.acknowledged_on is not None:
        raise NotYet(f"This stage was acknowledged on {say_date(stage.acknowledged_on)}")
    stage.acknowledged_on = local_date(at)
    write_to_sender(session, actor, whole.complaint, text, at=at)
    done(session, actor, whole, Event.ACKNOWLEDGED, at=at, stage=stage.number)
    return whole


def extend(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    new_day: date,
    reason: str,
    version: int,
    at: datetime,
) -> Whole:
    """Take longer: whoever complained is told the reason and the new date (rules.md A2, A3).

    Raises CannotExtend.
    """
    whole = opened(session, actor, complaint_id, version)
    stage = _stage(whole)
    clock = next(
        (c for c in whole.clocks if c.stage == stage.number and c.limit is Limit.ANSWER), None
    )
    stage.extended_to, stage.extension_reason = extended(clock, new_day), reason
    write_to_sender(session, actor, whole.complaint, extension_words(new_day, reason), at=at)
    done(
        session, actor, whole, Event.EXTENDED, at=at, stage=stage.number, until=new_day.isoformat()
    )
    return whole


def extension_words(new_day: date, reason: str) -> str:
    """What whoever complained is told of an extension."""
    return f"We need more time. We will answer you by {say_date(new_day)}. This is why: {reason}"


def agree(
    session: Session, actor: Actor, complaint_id: UUID, *, on: date, version: int, at: datetime
) -> Whole:
    """Stage 2 is agreed in writing, which starts its clock (rules.md A3)."""
    whole = opened(session, actor, complaint_id, version)
    stage = _move(whole, StageStep.AGREE)
    _refuse_future(on, stage.begun_on, at)
    stage.agreed_on = on
    done(session, actor, whole, Event.AGREED, at=at, on=on.isoformat())
    return whole


def panel_met(
    session: Session, actor: Actor, complaint_id: UUID, *, on: date, version: int, at: datetime
) -> Whole:
    """The review panel of three met (rules.md A5)."""
    whole = opened(session, actor, complaint_id, version)
    stage = _move(whole, StageStep.MEET)
    _refuse_future(on, stage.begun_on, at)
    stage.met_on = on
    done(session, actor, whole, Event.PANEL_MET, at=at, on=on.isoformat())
    return whole


def panel_reported(
    session: Session, actor: Actor, complaint_id: UUID, *, on: date, version: int, at: datetime
) -> Whole:
    """The panel's report is there; the council's reply counts from it."""
    whole = opened(session, actor, complaint_id, version)
    stage = _move(whole, StageStep.REPORT)
    assert stage.met_on is not None
    _refuse_future(on, stage.met_on, at)
    stage.reported_on = on
    done(session, actor, whole, Event.PANEL_REPORTED, at=at, on=on.isoformat())
    return whole


def answer(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    text: str,
    closing: str,
    version: int,
    at: datetime,
) -> Whole:
    """Answer a stage; ``closing`` says where whoever complained can go next.

    Raises NotYet while a point is undecided or somebody who must look into it is missing, and
    MayNotActHere for whoever looked into it, since another decides.
    """
    whole = opened(session, actor, complaint_id, version, answers=True)
    number = _stage(whole).number
    if not whole.points or any(point.stage != number for point in whole.points):
        raise NotYet("Say first what was found on each point at this stage")
    stage = _move(whole, StageStep.ANSWER)
    stage.answered_on, stage.answer = local_date(at), text
    stage.answered_by_person_id, stage.answered_by_name = actor.person_id, actor.name
    whole.complaint.state = next_state(TRANSITIONS, whole.complaint.state, Step.ANSWER)
    write_to_sender(session, actor, whole.complaint, f"{text}\n\n{closing}", at=at)
    done(session, actor, whole, Event.ANSWERED, at=at, stage=stage.number)
    return whole


def go_further(
    session: Session, actor: Actor, complaint_id: UUID, *, on: date, version: int, at: datetime
) -> Whole:
    """Whoever complained asked for the next stage on that day; it may be late (rules.md A4).

    Raises NotYet after the last stage of the track.
    """
    whole = opened(session, actor, complaint_id, version)
    before = _stage(whole)
    if before.answered_on is None:
        raise NotYet("This stage has not been answered yet")
    _refuse_future(on, before.answered_on, at)
    stage = begin(session, whole, before.number + 1, on)
    before.left_on = on
    whole.complaint.state = next_state(TRANSITIONS, whole.complaint.state, Step.GO_ON)
    case_of(whole).closed_on = None
    done(session, actor, whole, Event.WENT_FURTHER, at=at, stage=stage.number)
    return whole


def pause(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    reason: PauseReason,
    on: date,
    version: int,
    at: datetime,
) -> Whole:
    """Court or police action holds every clock of the case up (rules.md A7)."""
    whole = opened(session, actor, complaint_id, version)
    if whole.complaint.state is not State.BEING_LOOKED_AT or whole.paused is not None:
        raise NotYet("Nothing that could be paused is running on this complaint")
    _refuse_future(on, whole.complaint.received_on, at)
    held = CasePause(
        complaint_id=complaint_id, council_id=whole.complaint.council_id, reason=reason,
        starts_on=on,
    )  # fmt: skip
    session.add(held)
    whole.pauses.append(held)
    done(session, actor, whole, Event.PAUSED, at=at, reason=reason.value)
    return whole


def resume(
    session: Session, actor: Actor, complaint_id: UUID, *, on: date, version: int, at: datetime
) -> Whole:
    """The court or the police are done; the days count again from that day."""
    whole = opened(session, actor, complaint_id, version)
    if (held := whole.paused) is None:
        raise NotYet("This complaint is not paused")
    _refuse_future(on, held.starts_on, at)
    held.ended_on = on
    done(session, actor, whole, Event.RESUMED, at=at)
    return whole


def _stage(whole: Whole) -> CaseStage:
    if whole.stage is None:
        raise NotYet("Put the complaint on a track first")
    return whole.stage


def _move(whole: Whole, step: StageStep) -> CaseStage:
    stage, track = _stage(whole), whole.complaint.track
    assert track is not None
    refuse_step(track, stage.number, step, whole.standings)
    stage.state = next_state(STAGE_TRANSITIONS, stage.state, step)
    return stage


def _refuse_future(on: date, earliest: date, at: datetime) -> None:
    if not earliest <= on <= local_date(at):
        raise NotYet(f"The date must be from {say_date(earliest)} to today")
