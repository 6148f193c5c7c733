"""Recording what happened, inside the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.kernel.database import insert_rows
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
    insert_rows(
        session,
        AuditEvent,
        [
            {
                "id": new_id(),
                "at": at,
                "event": event.value,
                "person_id": actor.person_id,
                "person_name": actor.name,
                "organisation_id": actor.organisation_id,
                "council_id": subject.council_id,
                "provider_id": subject.provider_id,
                "subject_kind": subject.kind,
                "subject_id": subject.id,
                "subject_label": subject.label,
                "details": details,
            }
            for subject, details in happenings
        ],
    )
