"""The queue of a council's complaints, and everything about one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.complaints.entering.models import Entry
from portal.complaints.handling.clocks import Clock, Pause, StageDays, clocks_of
from portal.complaints.handling.models import (
    AlertTaken,
    Case,
    CasePause,
    CasePerson,
    CasePoint,
    CasePromise,
    CaseStage,
)
from portal.complaints.handling.rules import NO_DUE_DAY, Standing
from portal.complaints.models import Attachment, Complaint, Message
from portal.complaints.rules import State, Track
from portal.identity.models import Organisation
from portal.kernel.errors import NotFound, Stale
from portal.kernel.files import StoredFile
from portal.kernel.keyset import Page, page_of

OPEN = (State.RECEIVED, State.BEING_LOOKED_AT, State.ANSWERED)
SOON_DAYS = 7


@dataclass(slots=True)
class Whole:
    """A complaint with everything that the council has done about it."""

    complaint: Complaint
    case: Case | None
    stages: list[CaseStage]
    pauses: list[CasePause]
    people: list[CasePerson]
    points: list[CasePoint]
    promises: list[CasePromise]
    entry: Entry | None = None

    @property
    def stage(self) -> CaseStage | None:
        """The stage that it has come to."""
        return self.stages[-1] if self.stages else None

    @property
    def stage_now(self) -> CaseStage:
        """The same, of a complaint that was taken up."""
        assert self.stage is not None
        return self.stage

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock of every stage, in order."""
        track = self.complaint.track
        if track is None:
            return ()
        pauses = tuple(Pause(one.starts_on, one.ended_on) for one in self.pauses)
        return tuple(
            clock for stage in self.stages for clock in clocks_of(days_of(track, stage, pauses))
        )

    @property
    def standings(self) -> list[Standing]:
        """Its people as the rules know them."""
        return [
            Standing(one.part, one.name, one.key, one.declared_on is not None and not one.left_on)
            for one in self.people
        ]

    @property
    def paused(self) -> CasePause | None:
        """The pause that has not ended."""
        return next((one for one in self.pauses if one.ended_on is None), None)


def days_of(track: Track, stage: CaseStage, pauses: tuple[Pause, ...]) -> StageDays:
    """A stage's days, as its clocks are counted from."""
    return StageDays(
        track=track,
        number=stage.number,
        begun_on=stage.begun_on,
        agreed_on=stage.agreed_on,
        acknowledged_on=stage.acknowledged_on,
        extended_to=stage.extended_to,
        met_on=stage.met_on,
        reported_on=stage.reported_on,
        answered_on=stage.answered_on,
        left_on=stage.left_on,
        pauses=pauses,
    )


def whole_of(session: Session, complaint_id: UUID, council_id: UUID) -> Whole:
    """A council's complaint with all that was done, in nine statements. Raises NotFound."""
    complaint = session.scalars(
        select(Complaint).where(Complaint.id == complaint_id, Complaint.council_id == council_id)
    ).first()
    if complaint is None:
        raise NotFound
    return _whole(session, complaint)


def locked_whole(session: Session, complaint_id: UUID, council_id: UUID, version: int) -> Whole:
    """The same as it stands now, kept from other writers until the end.

    Raises NotFound; Stale when somebody changed it since the form of that version was opened.
    """
    complaint = session.scalars(
        select(Complaint)
        .where(Complaint.id == complaint_id, Complaint.council_id == council_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if complaint is None:
        raise NotFound
    if complaint.version != version:
        raise Stale
    return _whole(session, complaint)


def _whole(session: Session, complaint: Complaint) -> Whole:
    def all_of(model: Any, *order: Any) -> Any:
        statement = select(model).where(model.complaint_id == complaint.id).order_by(*order)
        return list(session.scalars(statement.execution_options(populate_existing=True)))

    cases = all_of(Case, Case.complaint_id)
    return Whole(
        complaint,
        cases[0] if cases else None,
        all_of(CaseStage, CaseStage.number),
        all_of(CasePause, CasePause.starts_on, CasePause.id),
        all_of(CasePerson, CasePerson.id),
        all_of(CasePoint, CasePoint.id),
        all_of(CasePromise, CasePromise.due_on, CasePromise.id),
        next(iter(all_of(Entry, Entry.complaint_id)), None),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the queue is narrowed by; None narrows nothing. ``stage`` 0 is not yet taken up."""

    state: State | None = None
    track: Track | None = None
    stage: int | None = None
    due: str | None = None
    since: date | None = None
    every_state: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """A complaint in the queue; ``due_on`` is None where nothing is due."""

    complaint: Complaint
    stage: int
    due_on: date | None
    paused: bool
    alert: bool
    provider: str | None


def queue(
    session: Session, council_id: UUID, asked: Asked, *, today: date, cursor: str | None
) -> Page[Queued]:
    """A council's complaints, what is due first first; one not taken up counts as due at once."""
    due = func.coalesce(Case.due_on, Complaint.received_on)
    waiting = and_(Complaint.urgent, AlertTaken.complaint_id.is_(None))
    statement = (
        select(
            Complaint,
            func.coalesce(Case.stage, 0),
            due,
            func.coalesce(Case.paused, False),
            case((waiting, 1), else_=0),
            Organisation.name,
        )
        .outerjoin(Case, Case.complaint_id == Complaint.id)
        .outerjoin(AlertTaken, AlertTaken.complaint_id == Complaint.id)
        .outerjoin(Organisation, Organisation.id == Complaint.provider_id)
        .where(Complaint.council_id == council_id, *_conditions(asked, today))
    )
    page = page_of(session, statement, due, Complaint.id, cursor=cursor)
    rows = [
        Queued(one, stage, None if day == NO_DUE_DAY else day, bool(paused), bool(alert), name)
        for one, stage, day, paused, alert, name in page.rows
    ]
    return replace(page, rows=rows)


def _conditions(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.state is not None:
        found.append(Complaint.state == asked.state)
    elif not asked.every_state:
        found.append(Complaint.state.in_(OPEN))
    if asked.track is not None:
        found.append(Complaint.track == asked.track)
    if asked.stage is not None:
        found.append(func.coalesce(Case.stage, 0) == asked.stage)
    if asked.due == "overdue":
        found += [Case.due_on < today, Case.paused.is_(False)]
    elif asked.due == "soon":
        found.append(Case.due_on.between(today, today + timedelta(days=SOON_DAYS)))
    if asked.since is not None:
        found.append(Complaint.received_on >= asked.since)
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """The few numbers above the queue."""

    new: int
    soon: int
    overdue: int
    alerts: int


def counts(session: Session, council_id: UUID, today: date) -> Counts:
    """How many open complaints are new, due within a week, overdue, or an alert nobody took."""
    running = and_(Case.paused.is_(False), Complaint.state.in_(OPEN))

    def number(*conditions: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    row = session.execute(
        select(
            number(Complaint.state == State.RECEIVED),
            number(running, Case.due_on.between(today, today + timedelta(days=SOON_DAYS))),
            number(running, Case.due_on < today),
            number(Complaint.urgent.is_(True), AlertTaken.complaint_id.is_(None)),
        )
        .select_from(Complaint)
        .outerjoin(Case, Case.complaint_id == Complaint.id)
        .outerjoin(AlertTaken, AlertTaken.complaint_id == Complaint.id)
        .where(
            Complaint.council_id == council_id,
            or_(Complaint.state.in_(OPEN), Complaint.urgent),
        )
    ).one()
    return Counts(*(int(figure) for figure in row))


def files_of(session: Session, complaint_id: UUID) -> list[tuple[Attachment, StoredFile]]:
    """The files that came with a complaint."""
    found = session.execute(
        select(Attachment, StoredFile)
        .join(StoredFile, StoredFile.id == Attachment.stored_file_id)
        .where(Attachment.complaint_id == complaint_id)
        .order_by(Attachment.id)
    )
    return [(attachment, stored) for attachment, stored in found]


def letter_of(session: Session, complaint_id: UUID, message_id: UUID) -> tuple[Complaint, Message]:
    """A complaint and one message of the council's to whoever sent it. Raises NotFound."""
    complaint = session.scalars(
        select(Complaint)
        .where(Complaint.id == complaint_id)
        .options(selectinload(Complaint.messages))
    ).first()
    message = next(
        (
            one
            for one in (complaint.messages if complaint else ())
            if one.id == message_id and one.person_id is not None
        ),
        None,
    )
    if complaint is None or message is None:
        raise NotFound
    return complaint, message


def due_case(session: Session, complaint_id: UUID) -> Case | None:
    """A case with its complaint, for whoever reminds of it."""
    return session.scalars(
        select(Case).where(Case.complaint_id == complaint_id).options(joinedload(Case.complaint))
    ).first()
