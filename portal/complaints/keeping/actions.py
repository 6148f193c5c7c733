"""Setting how long complaints are kept, and removing those that nothing keeps any longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.complaints.entering.models import Entry
from portal.complaints.handling.actions.case import complaint_subject
from portal.complaints.handling.models import (
    AlertTaken,
    Case,
    CasePause,
    CasePerson,
    CasePoint,
    CasePromise,
    CaseStage,
)
from portal.complaints.keeping.models import KeptFigure, KeptYears
from portal.complaints.keeping.queries import counted_of, due_for_removal
from portal.complaints.learning.models import LearningPoint, SchoolReport
from portal.complaints.models import Attachment, Complaint, Message
from portal.complaints.rules import Track
from portal.complaints.sharing.models import SharedComplaint, SharedFile
from portal.kernel.errors import NotFound
from portal.kernel.files import StoredFile, forget
from portal.kernel.jobs import Work, every
from portal.kernel.local_time import local_date
from portal.kernel.tenancy import Task

PORTAL = Actor(None, "Placewell", None)
_OF_A_COMPLAINT: tuple[Any, ...] = (
    SharedComplaint,
    SchoolReport,
    AlertTaken,
    CasePromise,
    CasePoint,
    CasePerson,
    CasePause,
    CaseStage,
    Case,
    Entry,
    Attachment,
    Message,
)
"""What goes with a complaint, children first."""


class Event(StrEnum):
    """What happens to what is kept."""

    YEARS_SET = "complaints:years:set"
    REMOVED = "complaints:complaint:removed"


def set_years(session: Session, actor: Actor, years: Mapping[Track, int], *, at: datetime) -> None:
    """For how many years after closing a council keeps each track."""
    council_id = actor.organisation_id
    if council_id is None:
        raise NotFound
    for track, number in years.items():
        session.merge(KeptYears(council_id=council_id, track=track, years=number))
    subject = Subject(
        "kept-years", council_id, "How long complaints are kept", council_id=council_id
    )
    figures = {track.value.replace("-", "_"): number for track, number in years.items()}
    record(session, actor, Event.YEARS_SET, subject, at=at, **figures)
    session.flush()


@every("complaints:remove", scope=Task.RETENTION, daily="03:20")
def remove_what_is_due(work: Work) -> None:
    """Remove closed complaints whose years are over, with their files, but not their figures."""
    for complaint in due_for_removal(work.session, local_date(work.at)):
        remove(work.session, complaint, at=work.at)


def remove(session: Session, complaint: Complaint, *, at: datetime) -> None:
    """Everything of one complaint goes; a figure of it stays, and that it was removed."""
    own = complaint.id
    for counted in counted_of(session, [complaint], [Complaint.id == own]):
        session.add(
            KeptFigure(
                council_id=complaint.council_id,
                year_starts_on=counted.year.first,
                track=counted.track,
                who=counted.who,
                outcome=counted.outcome,
                advocate=counted.advocate,
                learned=counted.learned,
                stages={str(number): met for number, met in counted.stages.items()},
            )
        )
    stored = session.scalars(
        select(StoredFile)
        .join(Attachment, Attachment.stored_file_id == StoredFile.id)
        .where(Attachment.complaint_id == own)
    ).all()
    shared = select(SharedComplaint.id).where(SharedComplaint.complaint_id == own)
    session.execute(
        delete(SharedFile)
        .where(SharedFile.shared_id.in_(shared))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(LearningPoint)
        .where(LearningPoint.complaint_id == own)
        .values(complaint_id=None)
        .execution_options(synchronize_session=False)
    )
    for model in _OF_A_COMPLAINT:
        session.execute(
            delete(model)
            .where(model.complaint_id == own)
            .execution_options(synchronize_session=False)
        )
    for file in stored:
        forget(session, file, at=at)
    record(session, PORTAL, Event.REMOVED, complaint_subject(complaint), at=at)
    session.execute(
        delete(Complaint).where(Complaint.id == own).execution_options(synchronize_session=False)
    )
    session.expunge(complaint)
