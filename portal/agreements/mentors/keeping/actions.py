"""Keeping a mentor's hours, checks and training."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.mentors.actions import Event, UnfitRecord, own_mentor, subject
from portal.agreements.mentors.models import Hours, Training
from portal.agreements.mentors.rules import CheckEnded, CheckResult, TrainingKind, trained_until
from portal.agreements.models import Clearance
from portal.audit.actions import Actor, record
from portal.kernel.errors import NotFound
from portal.kernel.local_time import local_date


def keep_hours(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    hours: Mapping[int, tuple[time, time]],
    *,
    at: datetime,
) -> None:
    """Set the hours of each day of the week on which a mentor can work. Raises NotFound."""
    mentor = own_mentor(session, actor, mentor_id)
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
    mentor = own_mentor(session, actor, mentor_id)
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
    mentor = own_mentor(session, actor, mentor_id)
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
    mentor = own_mentor(session, actor, mentor_id)
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


def _days(check: Clearance) -> dict[str, str]:
    return {
        "checked_on": check.checked_on.isoformat(),
        "valid_until": check.valid_until.isoformat(),
    }
