"""Recording what happened, inside the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.linking import note
from portal.audit.models import AuditEvent
from portal.kernel.bulk import insert_rows
from portal.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and for which organisation (none for a system task)."""

    person_id: UUID | None
    name: str
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing acted on, and the parties who may read of it."""

    kind: str
    id: UUID | None
    label: str
    council_id: UUID | None = None
    provider_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: by whom, to what, when (UTC), with figures and codes only."""

    actor: Actor
    event: StrEnum
    subject: Subject
    at: datetime
    details: dict[str, Any]


def record(
    session: Session,
    actor: Actor,
    event: StrEnum,
    subject: Subject,
    *,
    at: datetime,
    **details: Any,
) -> None:
    """Append one event; ``details`` are figures and codes, never text about a child."""
    record_all(session, actor, event, [(subject, details)], at=at)


def record_all(
    session: Session,
    actor: Actor,
    event: StrEnum,
    happenings: Sequence[tuple[Subject, dict[str, Any]]],
    *,
    at: datetime,
) -> None:
    """Append the same event for many things in one statement, each still recorded."""
    record_history(
        session,
        [Happening(actor, event, subject, at, details) for subject, details in happenings],
    )


def record_history(session: Session, happenings: Sequence[Happening]) -> None:
    """Append events of several people and moments in one statement."""
    rows = [
        {
            "id": new_id(),
            "at": one.at,
            "event": one.event.value,
            "person_id": one.actor.person_id,
            "person_name": one.actor.name,
            "organisation_id": one.actor.organisation_id,
            "council_id": one.subject.council_id,
            "provider_id": one.subject.provider_id,
            "subject_kind": one.subject.kind,
            "subject_id": one.subject.id,
            "subject_label": one.subject.label,
            "details": one.details,
        }
        for one in happenings
    ]
    insert_rows(session, AuditEvent, rows)
    note(session, rows)
