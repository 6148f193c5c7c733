"""Asking for a copy of somebody's data, and taking it away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Person
from portal.kernel.errors import NotFound
from portal.kernel.jobs import enqueue
from portal.rights.copies.models import PersonalCopy
from portal.rights.happenings import Event


def ask(
    session: Session, actor: Actor, person: Person, *, whole: bool, at: datetime
) -> UUID | None:
    """Have a copy made; the id of the job that makes it.

    ``whole`` is for the person alone. Raises NotFound for an actor of no organisation.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    copy = PersonalCopy(
        person_id=person.id,
        organisation_id=actor.organisation_id,
        asked_by=actor.person_id,
        whole=whole and person.id == actor.person_id,
        asked_at=at,
    )
    session.add(copy)
    session.flush()
    subject = Subject("person", person.id, person.name)
    record(session, actor, Event.COPY_ASKED, subject, at=at, whole=copy.whole)
    return enqueue(session, "rights:copy", at=at, arguments={"copy_id": str(copy.id)})


def taken(session: Session, actor: Actor, copy: PersonalCopy, *, at: datetime) -> None:
    """Record that a copy left the portal."""
    subject = Subject("person", copy.person_id, copy.person.name)
    record(session, actor, Event.COPY_TAKEN, subject, at=at, whole=copy.whole)
