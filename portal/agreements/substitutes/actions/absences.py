"""A mentor is not available, or back: the agreements that wait for a substitute follow from it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.clocks.models import pauses_of
from portal.agreements.mentors.actions import own_mentor, subject
from portal.agreements.mentors.models import Absence
from portal.agreements.mentors.queries import absences_of
from portal.agreements.mentors.rules import Away
from portal.agreements.models import Mentor
from portal.agreements.substitutes.actions.assigning import (
    call_for_substitute,
    release,
    tell_council,
)
from portal.agreements.substitutes.events import Event
from portal.agreements.substitutes.queries import assignments_from, get_absence, open_for
from portal.agreements.substitutes.rules import Cause, needs_substitute
from portal.audit.actions import Actor, record
from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date

_DAY = timedelta(days=1)


class UnfitAbsence(DomainError):
    """An absence cannot be recorded so; ``field`` is the form's field to put right."""

    status = 422

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def record_absence(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    *,
    reason: Away,
    first_day: date,
    last_day: date | None,
    at: datetime,
) -> Absence:
    """Say that a mentor cannot work from a day on; the last day where it is known.

    Their agreements wait for a substitute from the first day on, unless they are back before one
    would be due. Whoever does not come back for now gives them up. Raises NotFound, UnfitAbsence.
    """
    mentor = own_mentor(session, actor, mentor_id)
    if reason is Away.LEFT and last_day is not None:
        raise UnfitAbsence("last_day", "Somebody who has left has no last day away. Leave it empty")
    _check_days(session, mentor, first_day, last_day)
    absence = Absence(
        mentor_id=mentor.id,
        provider_id=mentor.provider_id,
        reason=reason,
        first_day=first_day,
        last_day=last_day,
        recorded_by_name=actor.name,
        recorded_at=at,
    )
    session.add(absence)
    session.flush()
    waiting = _follow(session, actor, mentor, absence, at=at)
    record(
        session, actor, Event.AWAY, subject(mentor), at=at, reason=reason,
        first_day=first_day.isoformat(), last_day=last_day and last_day.isoformat(),
        agreements=waiting,
    )  # fmt: skip
    return absence


def set_return(
    session: Session,
    actor: Actor,
    mentor_id: UUID,
    absence_id: UUID,
    *,
    back_on: date,
    at: datetime,
) -> None:
    """Say on which day a mentor is back, or that it is another day than was said.

    Raises NotFound, UnfitAbsence.
    """
    mentor = own_mentor(session, actor, mentor_id)
    absence = get_absence(session, mentor.id, absence_id)
    if back_on <= absence.first_day:
        after = say_date(absence.first_day)
        raise UnfitAbsence("back_on", f"The first day back must be after {after}")
    _check_days(
        session, mentor, absence.first_day, back_on - _DAY, besides=absence, field="back_on"
    )
    absence.last_day = back_on - _DAY
    session.flush()
    _follow(session, actor, mentor, absence, at=at)
    record(session, actor, Event.BACK, subject(mentor), at=at, back_on=back_on.isoformat())


def _follow(
    session: Session, actor: Actor, mentor: Mentor, absence: Absence, *, at: datetime
) -> int:
    """Start or stop the clocks of the mentor's agreements; how many wait for a substitute."""
    today, count = local_date(at), 0
    assignments = assignments_from(session, mentor.id, absence.first_day)
    waiting = open_for(session, [one.agreement_id for one in assignments])
    for assignment in assignments:
        agreement = assignment.agreement
        first = max(absence.first_day, assignment.starts_on)
        lasts = absence.last_day is None or absence.last_day >= today
        called = waiting.get(agreement.id)
        if lasts and needs_substitute(first, absence.last_day, pauses_of(agreement)):
            count += 1
            if called is not None:
                continue
            called = call_for_substitute(
                session, actor, agreement, mentor, Cause.UNAVAILABLE,
                starts_on=first, absence=absence, at=at,
            )  # fmt: skip
            if absence.reason is not Away.AWAY:
                release(session, actor, assignment, first - _DAY, at=at)
            said = (
                f"{mentor.name} is not available for {agreement.reference} from {say_date(first)}. "
                f"A substitute is due by {say_date(called.clock.due_on)}."
            )
            tell_council(session, agreement, said, at=at)
        elif called is not None and called.absence_id == absence.id:
            called.clock.stopped_on = today
            said = f"{mentor.name} is back for {agreement.reference}: no substitute is needed."
            tell_council(session, agreement, said, at=at)
    session.flush()
    return count


def _check_days(
    session: Session,
    mentor: Mentor,
    first_day: date,
    last_day: date | None,
    *,
    besides: Absence | None = None,
    field: str = "first_day",
) -> None:
    if last_day is not None and last_day < first_day:
        raise UnfitAbsence("last_day", "The last day must be on or after the first day")
    for other in absences_of(session, mentor.id):
        if other is besides:
            continue
        begins_later = last_day is not None and other.first_day > last_day
        ended_before = other.last_day is not None and other.last_day < first_day
        if not (begins_later or ended_before):
            raise UnfitAbsence(
                field,
                f"{mentor.name} is away from {say_date(other.first_day)} already. "
                "Say there when they are back",
            )
