"""Legal holds, periods and copies of personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.identity.models import Organisation, Person
from portal.rights.copies.models import PersonalCopy
from portal.rights.models import KeptFor, LegalHold
from portal.rights.rules import Category
from tests.makers.rows import RECORDED_AT, add


@dataclass(frozen=True)
class Rights:
    """What an organisation set and holds, and a copy that its administrator asked for."""

    hold: LegalHold
    copy: PersonalCopy
    administrator: Person


def make_rights(session: Session, *, organisation: Organisation, administrator: Person) -> Rights:
    """One of each, as an administrator leaves them."""
    add(
        session,
        KeptFor(organisation_id=organisation.id, category=Category.NOTICES, number=400),
    )
    hold = make_hold(session, organisation=organisation, by=administrator, until=RECORDED_AT.date())
    copy = add(
        session,
        PersonalCopy(
            person_id=administrator.id,
            organisation_id=organisation.id,
            asked_by=administrator.id,
            whole=True,
            asked_at=RECORDED_AT,
        ),
    )
    return Rights(hold, copy, administrator)


def make_hold(
    session: Session,
    *,
    organisation: Organisation,
    by: Person,
    person: Person | None = None,
    until: date | None = None,
    at: datetime = RECORDED_AT,
) -> LegalHold:
    """A hold that stands through a day, or until somebody lifts it."""
    return add(
        session,
        LegalHold(
            organisation_id=organisation.id,
            person_id=person and person.id,
            reason="A court may ask for it",
            until=until,
            placed_by=by.id,
            placed_by_name=by.name,
            placed_at=at,
        ),
    )
