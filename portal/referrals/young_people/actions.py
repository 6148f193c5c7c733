"""Adding a young person, changing what is known, finding one by name and looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_look
from portal.kernel.local_time import local_date
from portal.referrals.events import Event
from portal.referrals.models import YoungPerson
from portal.referrals.rules import Unfit, new_reference
from portal.referrals.young_people import queries
from portal.referrals.young_people.rules import Identity, check_birthday


def subject_of(young_person: YoungPerson) -> Subject:
    """A young person, for the record: by the opaque reference alone."""
    return Subject(
        "young person",
        young_person.id,
        young_person.reference,
        council_id=young_person.council_id,
    )


def add(
    session: Session, actor: Actor, council_id: UUID, identity: Identity, *, at: datetime
) -> YoungPerson:
    """Keep who somebody is under a new opaque reference.

    Raises Unfit for an impossible birthday and for somebody whom the council knows already.
    """
    check_birthday(identity.date_of_birth, local_date(at))
    known = queries.same_person(
        session, council_id, identity.given_name, identity.family_name, identity.date_of_birth
    )
    if known is not None:
        raise Unfit(
            "given_name",
            f"Your council knows somebody of this name and birthday as {known.reference}. "
            "Choose “referred before” and enter that",
        )
    young_person = YoungPerson(
        council_id=council_id, reference=new_reference("YP"), **_columns(identity)
    )
    session.add(young_person)
    session.flush()
    record(session, actor, Event.YOUNG_PERSON_ADDED, subject_of(young_person), at=at)
    return young_person


def change(
    session: Session, actor: Actor, young_person: YoungPerson, identity: Identity, *, at: datetime
) -> None:
    """Put right what is known. Raises Unfit for an impossible birthday."""
    check_birthday(identity.date_of_birth, local_date(at))
    for name, value in _columns(identity).items():
        setattr(young_person, name, value)
    session.flush()
    record(session, actor, Event.YOUNG_PERSON_CHANGED, subject_of(young_person), at=at)


def find(
    session: Session, actor: Actor, council_id: UUID, family_name: str, *, at: datetime
) -> Sequence[YoungPerson]:
    """The council's young people of a family name; each that is found has been looked at."""
    found = queries.by_name(session, council_id, family_name)
    for young_person in found:
        look(session, actor, young_person, reason="Found by name, to refer", at=at)
    return found


def look(
    session: Session, actor: Actor, young_person: YoungPerson, *, reason: str, at: datetime
) -> None:
    """Record that somebody looks at who a young person is, and why."""
    record_look(session, actor, subject_of(young_person), reason=reason, at=at)


def _columns(identity: Identity) -> dict[str, object]:
    return {one.name: getattr(identity, one.name) for one in fields(Identity)}
