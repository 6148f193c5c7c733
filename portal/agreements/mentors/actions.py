"""Keeping mentors' records: who they are, their checks, training and hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.changing.rules import RUNNING
from portal.agreements.disclosing.actions import disclose, end_disclosure
from portal.agreements.mentors.models import Hours, Training
from portal.agreements.mentors.queries import held_mentor, standing_assignments
from portal.agreements.mentors.rules import (
    About,
    CheckEnded,
    CheckResult,
    TrainingKind,
    trained_until,
)
from portal.agreements.models import Agreement, Clearance, Mentor
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
    mentor = _own(session, actor, mentor_id)
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


def keep_hours(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    hours: Mapping[int, tuple[time, time]],
    *,
    at: datetime,
) -> None:
    """Set the hours of each day of the week on which a mentor can work. Raises NotFound."""
    mentor = _own(session, actor, mentor_id)
    kept = {
        one.weekday: one
        for one in session.scalars(
            select(Hours).where(Hours.mentor_id == mentor.id).order_by(Hours.weekday)
        )
    }
    for weekday in kept.keys() - hours.keys():
        session.delete(kept[weekday])
    for weekday, (starts, ends) in hours.items():
        session.merge(
            Hours(
                mentor_id=mentor.id,
                weekday=weekday,
                provider_id=mentor.provider_id,
                starts=starts,
                ends=ends,
            )
        )
    session.flush()
    record(session, actor, Event.HOURS_KEPT, subject(mentor), at=at, days=sorted(hours))


def record_check(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    *,
    checked_on: date,
    valid_until: date,
    result: CheckResult,
    at: datetime,
) -> Clearance:
    """Record an enhanced DBS check, without its number (rules.md C5).

    Raises NotFound, UnfitRecord.
    """
    mentor = _own(session, actor, mentor_id)
    if checked_on > local_date(at):
        raise UnfitRecord("checked_on", "The day of the check must be today or earlier")
    if valid_until < checked_on:
        raise UnfitRecord("valid_until", "The last day must be on or after the day of the check")
    if any(one.checked_on == checked_on for one in mentor.clearances):
        raise UnfitRecord("checked_on", "A check of that day is recorded already")
    check = Clearance(
        mentor_id=mentor.id,
        provider_id=mentor.provider_id,
        checked_on=checked_on,
        valid_until=valid_until,
        result=result,
    )
    session.add(check)
    session.flush()
    record(session, actor, Event.CHECKED, subject(mentor), at=at, **_days(check), result=result)
    return check


def end_check(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    check_id: UUID,
    *,
    because: CheckEnded,
    at: datetime,
) -> None:
    """Rely on a check no longer: from today on, or, recorded by mistake, not at all.

    What was done while it was good rests on it still. Raises NotFound, and UnfitRecord when it
    has lapsed already.
    """
    mentor = _own(session, actor, mentor_id)
    check = next((one for one in mentor.clearances if one.id == check_id), None)
    if check is None:
        raise NotFound
    yesterday = local_date(at) - timedelta(days=1)
    if check.valid_until <= yesterday and because is not CheckEnded.MISTAKE:
        raise UnfitRecord("because", "This check has lapsed already")
    details = _days(check)
    if because is CheckEnded.MISTAKE or check.checked_on > yesterday:
        session.delete(check)
    else:
        check.valid_until = yesterday
    session.flush()
    record(session, actor, Event.CHECK_ENDED, subject(mentor), at=at, **details, because=because)


def record_training(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    *,
    kind: TrainingKind,
    title: str,
    taken_on: date,
    at: datetime,
) -> Training:
    """Record what a mentor was trained in, fresh for two years. Raises NotFound, UnfitRecord."""
    mentor = _own(session, actor, mentor_id)
    if taken_on > local_date(at):
        raise UnfitRecord("taken_on", "The day must be today or earlier")
    if kind is TrainingKind.OTHER and not title:
        raise UnfitRecord("title", "Say what the training was")
    training = Training(
        mentor_id=mentor.id,
        provider_id=mentor.provider_id,
        kind=kind,
        title=title,
        taken_on=taken_on,
        fresh_until=trained_until(taken_on),
        recorded_by_name=actor.name,
        recorded_at=at,
    )
    session.add(training)
    session.flush()
    record(
        session, actor, Event.TRAINED, subject(mentor), at=at,
        kind=kind, taken_on=taken_on.isoformat(), fresh_until=training.fresh_until.isoformat(),
    )  # fmt: skip
    return training


def subject(mentor: Mentor) -> Subject:
    """A mentor as the audit record names them; their councils do not read of their records."""
    return Subject("mentor", mentor.id, mentor.name, provider_id=mentor.provider_id)


def _own(session: Session, actor: Actor, mentor_id: UUID) -> Mentor:
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


def _days(check: Clearance) -> dict[str, str]:
    return {
        "checked_on": check.checked_on.isoformat(),
        "valid_until": check.valid_until.isoformat(),
    }
