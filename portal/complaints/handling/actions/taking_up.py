"""The first steps: under which rules it is answered, who helps, and what exactly it says."""

from __future__ import annotations

from collections.abc import Sequence
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
from portal.complaints.handling.clocks import past_the_year
from portal.complaints.handling.models import CasePoint, CaseStage
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import Advocacy, NotYet, Outcome, opening
from portal.complaints.rules import TRANSITIONS, Step, Track
from portal.kernel.errors import NotFound
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state


class TooLongAgo(NotYet):
    """It happened more than a year before it was received, and nobody said why it goes on."""

    sentence = (
        "This happened more than a year before it was received. The limit is not a reason by "
        "itself to turn it away: say why you look into it all the same, or close it with a reason"
    )


def take_up(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    track: Track,
    reason: str,
    points: Sequence[str],
    happened_on: date | None,
    late_reason: str,
    version: int,
    at: datetime,
) -> Whole:
    """Put a complaint on its track; stage 1 counts from the day of receipt.

    Raises TooLongAgo (rules.md A7) and IllegalStep, beside what every action raises.
    """
    whole = opened(session, actor, complaint_id, version)
    complaint, case = whole.complaint, case_of(whole)
    too_long = happened_on is not None and past_the_year(happened_on, complaint.received_on)
    if too_long and not late_reason:
        raise TooLongAgo
    complaint.state = next_state(TRANSITIONS, complaint.state, Step.TAKE_UP)
    complaint.track = track
    case.triage_reason, case.happened_on, case.late_reason = reason, happened_on, late_reason
    _add_points(session, whole, points)
    begin(session, whole, 1, complaint.received_on)
    done(session, actor, whole, Event.TAKEN_UP, at=at, track=track.value, stage=1)
    return whole


def begin(session: Session, whole: Whole, number: int, on: date) -> CaseStage:
    """Begin a stage. Raises NotYet where the track has no such stage."""
    complaint = whole.complaint
    assert complaint.track is not None
    stage = CaseStage(
        complaint_id=complaint.id,
        council_id=complaint.council_id,
        number=number,
        state=opening(complaint.track, number),
        begun_on=on,
    )
    session.add(stage)
    session.flush()
    whole.stages.append(stage)
    return stage


def write(
    session: Session, actor: Actor, complaint_id: UUID, *, text: str, version: int, at: datetime
) -> Whole:
    """Send a message to whoever complained."""
    whole = opened(session, actor, complaint_id, version)
    write_to_sender(session, actor, whole.complaint, text, at=at)
    done(session, actor, whole, Event.WRITTEN_TO, at=at)
    return whole


def note_advocate(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    advocacy: Advocacy,
    advocate: str,
    version: int,
    at: datetime,
) -> Whole:
    """Whether an advocate was offered, and what became of it (rules.md A8)."""
    whole = opened(session, actor, complaint_id, version)
    case = case_of(whole)
    case.advocacy, case.advocate, case.advocacy_on = advocacy, advocate, local_date(at)
    done(session, actor, whole, Event.ADVOCATE_NOTED, at=at, advocacy=advocacy.value)
    return whole


def add_point(
    session: Session, actor: Actor, complaint_id: UUID, *, words: str, version: int, at: datetime
) -> Whole:
    """One more point, to be decided on its own."""
    whole = opened(session, actor, complaint_id, version)
    _add_points(session, whole, [words])
    done(session, actor, whole, Event.POINT_ADDED, at=at)
    return whole


def decide_point(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    point_id: UUID,
    outcome: Outcome,
    version: int,
    at: datetime,
) -> Whole:
    """What was found on one point at the stage that it has come to. Raises NotYet before any."""
    whole = opened(session, actor, complaint_id, version, answers=True)
    point = next((one for one in whole.points if one.id == point_id), None)
    if point is None:
        raise NotFound
    if whole.stage is None:
        raise NotYet("Put the complaint on a track first")
    point.outcome, point.stage = outcome, whole.stage.number
    done(session, actor, whole, Event.POINT_DECIDED, at=at, outcome=outcome.value)
    return whole


def _add_points(session: Session, whole: Whole, points: Sequence[str]) -> None:
    complaint = whole.complaint
    for words in points:
        point = CasePoint(complaint_id=complaint.id, council_id=complaint.council_id, words=words)
        session.add(point)
        whole.points.append(point)
