"""What two people must do together: the second is somebody else (promise 4)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.identity.people.queries import same_person
from portal.kernel.errors import DomainError


class SamePerson(DomainError):
    """Whoever asked cannot agree, under this account or another of the same mailbox."""

    sentence = "Somebody else has to agree: one person cannot do both."


def is_another(session: Session, actor: Actor, asked_by_id: UUID) -> bool:
    """Whether the actor is not the person who asked, nor a second account of theirs."""
    return actor.person_id is not None and not same_person(session, actor.person_id, [asked_by_id])


def require_another(session: Session, actor: Actor, asked_by_id: UUID) -> None:
    """Raises SamePerson unless the actor is another person than the one who asked."""
    if not is_another(session, actor, asked_by_id):
        raise SamePerson
