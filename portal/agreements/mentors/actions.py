"""Keeping mentors' records: who they are, and what happens to a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.changing.rules import RUNNING
from portal.agreements.disclosing.actions import disclose, end_disclosure
from portal.agreements.mentors.queries import held_mentor, standing_assignments
from portal.agreements.mentors.rules import (
    About,
)
from portal.agreements.models import Agreement, Mentor
from portal.audit.actions import Actor, Subject, record
from portal.kernel.errors import DomainError, NotFound, Stale
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

ANOTHERS = "The mentor's account is another"


class Event(StrEnum):
    """What happens to mentors' records."""

    ADDED = "mentors:mentor:added"
    CHANGED = "mentors:mentor:changed"
    HOURS_KEPT = "mentors:hours:kept"
    CHECKED = "mentors:check:recorded"
    CHECK_ENDED = "mentors:check:ended"
    TRAINED = "mentors:training:recorded"


WORDS: Mapping[str, str] = {
    Event.ADDED: "Added a mentor",
    Event.CHANGED: "Changed a mentor's record",
    Event.HOURS_KEPT: "Set the hours in which a mentor can work",
    Event.CHECKED: "Recorded an enhanced DBS check",
    Event.CHECK_ENDED: "No longer relies on an enhanced DBS check",
    Event.TRAINED: "Recorded a mentor's training",
}


class UnfitRecord(DomainError):
    """A mentor's record cannot be kept so; ``field`` is the form's field to put right."""

    status = 422

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def add_mentor(session: Session, actor: Actor, about: About, *, at: datetime) -> Mentor:
    """Begin a mentor's record. Raises UnfitRecord."""
    assert actor.organisation_id is not None
    _not_twice(session, actor.organisation_id, about)
    mentor = Mentor(
        provider_id=actor.organisation_id,
        name=about.name,
        person_id=about.person_id,
        volunteer=about.volunteer,
        caseload_limit=about.caseload_limit,
    )
    session.add(mentor)
    session.flush()
    record(session, actor, Event.ADDED, subject(mentor), at=at, **_figures(mentor))
    return mentor


def change_mentor(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    about: About,
    *,
    version: int,
    at: datetime,
) -> Mentor:
    """Change who a mentor is; with another account, who knows and sees their young people.

    Raises NotFound, UnfitRecord, Stale for an older version.
    """
    mentor = own_mentor(session, actor, mentor_id)
    if mentor.version != version:
        raise Stale
    _not_twice(session, mentor.provider_id, about, besides=mentor.id)
    before, was = (mentor.name, _figures(mentor)), mentor.person_id
    mentor.name, mentor.person_id = about.name, about.person_id
    mentor.volunteer, mentor.caseload_limit = about.volunteer, about.caseload_limit
    if before == (mentor.name, _figures(mentor)):
        return mentor
    mentor.version += 1
    session.flush()
    record(session, actor, Event.CHANGED, subject(mentor), at=at, **_figures(mentor))
    if was != mentor.person_id:
        _hand_over(session, actor, mentor, was, at=at)
    return mentor


def _hand_over(
    session: Session, actor: Actor, mentor: Mentor, was: UUID | None, *, at: datetime
) -> None:
    """What one account was told for a mentor's agreements it knows no more, the other does."""
    today = local_date(at)
    for assignment in standing_assignments(session, mentor.id):
        agreement, last = assignment.agreement, assignment.ends_on
        if was is not None:
            end_disclosure(session, actor, agreement, was, because=ANOTHERS, at=at)
        runs = agreement.state in RUNNING and (last is None or last >= today)
        if mentor.person_id is not None and runs:
            disclose(
                session, actor, agreement, mentor.person_id, because="Assigned as mentor", at=at
            )
            first = max(assignment.starts_on, today)
            tell_mentor(session, agreement, mentor.person_id, first, at=at)


def tell_mentor(
    session: Session, agreement: Agreement, person_id: UUID, first_day: date, *, at: datetime
) -> None:
    """Tell somebody that an agreement is theirs to work on."""
    tell(
        session,
        NoticeKind.MENTOR,
        sentence=f"You are the mentor on {agreement.reference} from {say_date(first_day)}.",
        endpoint="agreements.show",
        values={"agreement_id": agreement.id},
        organisation_id=agreement.provider_id,
        permission=None,
        person_id=person_id,
        at=at,
    )


def subject(mentor: Mentor) -> Subject:
    """A mentor as the audit record names them; their councils do not read of their records."""
    return Subject("mentor", mentor.id, mentor.name, provider_id=mentor.provider_id)


def own_mentor(session: Session, actor: Actor, mentor_id: UUID) -> Mentor:
    """A mentor of the actor's own, held until the end. Raises NotFound."""
    mentor = held_mentor(session, mentor_id)
    if mentor.provider_id != actor.organisation_id:
        raise NotFound
    return mentor


def _not_twice(
    session: Session, provider_id: UUID, about: About, *, besides: UUID | None = None
) -> None:
    """An account belongs to one mentor, so that each sees only their own agreements."""
    if about.person_id is None:
        return
    other = session.scalars(
        select(Mentor)
        .where(Mentor.provider_id == provider_id, Mentor.person_id == about.person_id)
        .order_by(Mentor.id)
    ).all()
    for one in other:
        if one.id != besides:
            raise UnfitRecord("person", f"This is the account of the mentor {one.name} already")


def _figures(mentor: Mentor) -> dict[str, object]:
    return {
        "person_id": mentor.person_id and str(mentor.person_id),
        "volunteer": mentor.volunteer,
        "caseload_limit": mentor.caseload_limit,
    }
