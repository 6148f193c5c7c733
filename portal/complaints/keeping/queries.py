"""Every complaint of a council as the yearly figures count it; what is due for removal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.complaints.handling.clocks import Pause, clocks_of
from portal.complaints.handling.models import Case, CasePause, CasePoint, CaseStage
from portal.complaints.handling.queries import days_of
from portal.complaints.handling.rules import Advocacy
from portal.complaints.keeping.models import KeptFigure, KeptYears
from portal.complaints.keeping.rules import (
    DEFAULT_YEARS,
    WITHOUT_A_TRACK,
    Counted,
    limits_met,
    overall,
    removed_on,
    year_of,
)
from portal.complaints.learning.models import LearningPoint
from portal.complaints.models import Complaint
from portal.complaints.rules import State, Track
from portal.kernel.years import Year

AT_ONCE = 100


def counted(session: Session, council_id: UUID, year: Year) -> list[Counted]:
    """A council's complaints of one year, also those that are removed; six statements."""
    chosen = (
        Complaint.council_id == council_id,
        Complaint.received_on.between(year.first, year.last),
        Complaint.track.is_not(None),
    )
    live = session.scalars(select(Complaint).where(*chosen).order_by(Complaint.id)).all()
    kept = session.scalars(
        select(KeptFigure)
        .where(KeptFigure.council_id == council_id, KeptFigure.year_starts_on == year.first)
        .order_by(KeptFigure.id)
    ).all()
    return [*counted_of(session, live, chosen), *(_kept(one, year) for one in kept)]


def counted_of(
    session: Session, complaints: Sequence[Complaint], chosen: Sequence[Any]
) -> list[Counted]:
    """These complaints, which meet those conditions, as they are counted; five statements."""
    stages = _by_complaint(session, CaseStage, chosen, CaseStage.number)
    pauses = _by_complaint(session, CasePause, chosen, CasePause.starts_on)
    points = _by_complaint(session, CasePoint, chosen, CasePoint.id)
    learned = _by_complaint(session, LearningPoint, chosen, LearningPoint.id)
    cases = _by_complaint(session, Case, chosen, Case.complaint_id)
    found = []
    for complaint in complaints:
        track, own = complaint.track, complaint.id
        if track is None:
            continue
        held = tuple(Pause(one.starts_on, one.ended_on) for one in pauses[own])
        clocks = [
            clock for stage in stages[own] for clock in clocks_of(days_of(track, stage, held))
        ]
        found.append(
            Counted(
                year=year_of(complaint.received_on),
                track=track,
                who=complaint.who,
                outcome=overall(point.outcome for point in points[own]),
                advocate=any(case.advocacy is Advocacy.TAKEN for case in cases[own]),
                learned=bool(learned[own]),
                stages=limits_met(clocks),
            )
        )
    return found


def _by_complaint(
    session: Session, model: Any, chosen: Sequence[Any], order: Any
) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    statement = select(model).join(Complaint, Complaint.id == model.complaint_id).where(*chosen)
    for row in session.scalars(statement.order_by(order)):
        found[row.complaint_id].append(row)
    return found


def _kept(one: KeptFigure, year: Year) -> Counted:
    return Counted(
        year=year,
        track=one.track,
        who=one.who,
        outcome=one.outcome,
        advocate=one.advocate,
        learned=one.learned,
        stages={int(number): bool(met) for number, met in one.stages.items()},
    )


def years_kept(session: Session, council_id: UUID) -> dict[Track, int]:
    """For how many years a council keeps each track after closing."""
    own = session.scalars(
        select(KeptYears).where(KeptYears.council_id == council_id).order_by(KeptYears.track)
    )
    return {**DEFAULT_YEARS, **{one.track: one.years for one in own}}


def due_for_removal(session: Session, today: date) -> list[Complaint]:
    """Closed complaints whose years are over and that nothing holds, the oldest first.

    What its sender took back before anybody worked on it counts from the day it came.
    """
    own = {
        (one.council_id, one.track): one.years
        for one in session.scalars(select(KeptYears).order_by(KeptYears.council_id))
    }
    shortest = min([*DEFAULT_YEARS.values(), WITHOUT_A_TRACK, *own.values()])
    latest = date(today.year - shortest, today.month, min(today.day, 28))
    ended_on = func.coalesce(Case.closed_on, Complaint.received_on)
    found = session.execute(
        select(Complaint, ended_on)
        .outerjoin(Case, Case.complaint_id == Complaint.id)
        .where(
            Complaint.state.in_((State.CLOSED, State.WITHDRAWN)),
            ended_on <= date(latest.year, 12, 31),
            func.coalesce(Case.held, False).is_(False),
        )
        .order_by(ended_on, Complaint.id)
    )
    due = []
    for complaint, closed_on in found:
        track = complaint.track
        years = (
            WITHOUT_A_TRACK
            if track is None
            else own.get((complaint.council_id, track), DEFAULT_YEARS[track])
        )
        if removed_on(closed_on, years) <= today:
            due.append(complaint)
    return due[:AT_ONCE]


def first_year(session: Session, council_id: UUID) -> date | None:
    """The day of a council's first complaint that is still kept or counted."""
    live = session.scalar(
        select(Complaint.received_on)
        .where(Complaint.council_id == council_id)
        .order_by(Complaint.received_on)
        .limit(1)
    )
    kept = session.scalar(
        select(KeptFigure.year_starts_on)
        .where(KeptFigure.council_id == council_id)
        .order_by(KeptFigure.year_starts_on)
        .limit(1)
    )
    return min((day for day in (live, kept) if day is not None), default=None)
