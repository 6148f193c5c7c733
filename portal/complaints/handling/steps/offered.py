"""When a step is offered, by how the case stands. Pure."""

from __future__ import annotations

from collections.abc import Callable

from portal.complaints.handling.clocks import Limit
from portal.complaints.handling.queries import OPEN, Whole
from portal.complaints.handling.rules import Part, StageState, last_stage
from portal.complaints.rules import State


def is_open(whole: Whole) -> bool:
    """It is not closed and not withdrawn."""
    return whole.complaint.state in OPEN


def stage_is(*states: StageState) -> Callable[[Whole], bool]:
    """It is open, and its stage stands at one of these."""
    return lambda whole: is_open(whole) and whole.stage is not None and whole.stage.state in states


def unanswered(whole: Whole) -> bool:
    """It is open, and its stage has not been answered."""
    return is_open(whole) and whole.stage is not None and whole.stage.answered_on is None


def taken_up(whole: Whole) -> bool:
    """It is on a track."""
    return whole.stage is not None


def has_people(whole: Whole, *, undeclared: bool = False) -> bool:
    """Somebody looks into it; with ``undeclared``, who has no account and has declared nothing."""
    return is_open(whole) and any(
        one.left_on is None
        and one.part is not Part.SUBJECT
        and not (undeclared and (one.declared_on or one.person_id))
        for one in whole.people
    )


def can_extend(whole: Whole) -> bool:
    """The clock that runs may be extended."""
    return unanswered(whole) and any(
        clock.limit is Limit.ANSWER and clock.stopped_on is None and clock.longest is not None
        for clock in whole.clocks
    )


def can_go_further(whole: Whole) -> bool:
    """It was answered, and the council has a stage after that."""
    complaint, stage = whole.complaint, whole.stage
    return (
        complaint.state in (State.ANSWERED, State.CLOSED)
        and complaint.track is not None
        and stage is not None
        and stage.answered_on is not None
        and not last_stage(complaint.track, stage.number)
    )
