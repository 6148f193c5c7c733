"""Setting how long things are kept, and placing and lifting legal holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Person
from portal.identity.people.queries import lock_organisation
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.local_time import local_date
from portal.rights.happenings import Event
from portal.rights.models import KeptFor, LegalHold
from portal.rights.queries import get_hold, numbers_set
from portal.rights.rules import SCHEDULE, SETTABLE, Category


class TooShort(DomainError):
    """A period is below what the law asks, or beyond what the portal keeps."""

    status = 422

    def __init__(self, category: Category) -> None:
        kept = SCHEDULE[category]
        self.category = category
        super().__init__(
            f"{kept.title} must be kept for {kept.least:,} to {kept.most:,} {kept.counting.value}"
        )


class HoldOver(DomainError):
    """A hold would end before it began, or was lifted already."""

    status = 422
    sentence = "This hold was lifted already."


def keep_for(
    session: Session, actor: Actor, numbers: Mapping[Category, int], *, at: datetime
) -> None:
    """Keep these categories for so many days or years. Raises TooShort, and keeps nothing then."""
    for category, number in numbers.items():
        kept = SCHEDULE[category]
        if category not in SETTABLE or not (kept.least or 0) <= number <= kept.most:
            raise TooShort(category)
    organisation = lock_organisation(session, _organisation(actor))
    before = numbers_set(session, organisation.id)
    for category, number in numbers.items():
        session.merge(KeptFor(organisation_id=organisation.id, category=category, number=number))
    changed = {
        category.value: number
        for category, number in numbers.items()
        if number != before.get(category, SCHEDULE[category].least)
    }
    if changed:
        subject = Subject("organisation", organisation.id, organisation.name)
        record(session, actor, Event.PERIODS_SET, subject, at=at, **changed)
    session.flush()


def place_hold(
    session: Session,
    actor: Actor,
    person: Person | None,
    *,
    reason: str,
    until: date | None,
    at: datetime,
) -> LegalHold:
    """Hold everything of the organisation, or of one of its people. Raises HoldOver."""
    organisation_id = _organisation(actor)
    if actor.person_id is None:
        raise NotFound
    if until is not None and until < local_date(at):
        raise HoldOver("The last day must be today or later")
    hold = LegalHold(
        organisation_id=organisation_id,
        person_id=person.id if person else None,
        reason=reason,
        until=until,
        placed_by=actor.person_id,
        placed_by_name=actor.name,
        placed_at=at,
    )
    session.add(hold)
    session.flush()
    record(session, actor, Event.HOLD_PLACED, _subject(hold), at=at, until=_day(until))
    return hold


def lift_hold(
    session: Session, actor: Actor, hold_id: UUID, *, because: str, at: datetime
) -> LegalHold:
    """Let the schedule go on. Raises NotFound, and HoldOver when somebody lifted it meanwhile."""
    hold = get_hold(session, _organisation(actor), hold_id, lock=True)
    if hold.lifted_at is not None:
        raise HoldOver
    hold.lifted_at, hold.lifted_by, hold.lifted_by_name = at, actor.person_id, actor.name
    hold.lifted_because = because
    record(session, actor, Event.HOLD_LIFTED, _subject(hold), at=at)
    return hold


def _organisation(actor: Actor) -> UUID:
    if actor.organisation_id is None:
        raise NotFound
    return actor.organisation_id


def _subject(hold: LegalHold) -> Subject:
    return Subject("legal-hold", hold.id, "One person" if hold.person_id else "The organisation")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
