"""Recording what happened, inside the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from portal.audit.events import Event
from portal.audit.linking import note
from portal.audit.models import AuditEvent, AuditLink
from portal.audit.rules import ERASED_AS
from portal.kernel.bulk import insert_rows
from portal.kernel.database import scope_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import ForeignRow, Task

_AT_ONCE = 500
_REFUSED = "audit_refused"  # what must be recorded although its transaction leaves nothing


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


def record_refusal(
    session: Session,
    actor: Actor,
    event: StrEnum,
    subject: Subject,
    *,
    at: datetime,
    **details: Any,
) -> None:
    """Have an event appended although the transaction will be undone, by what it refused.

    Whoever ends the transaction appends it then, in one of its own (``take_refusals``).
    """
    happening = Happening(actor, event, subject, at, details)
    session.info.setdefault(_REFUSED, []).append(happening)


def take_refusals(session: Session) -> list[Happening]:
    """What was refused in a session and is not recorded yet, once."""
    refused: list[Happening] = session.info.pop(_REFUSED, [])
    return refused


def record_look(
    session: Session, actor: Actor, subject: Subject, *, reason: str, at: datetime
) -> None:
    """Append that somebody looked at a young person's identity, and why (rules.md C8).

    ``reason`` is what the looker gave: one of the page's own reasons, or their words of at most
    200 characters. It names nobody.
    """
    record(session, actor, Event.IDENTITY_SEEN, subject, at=at, reason=reason[:200])


def erase_words(
    session: Session,
    actor: Actor,
    *,
    at: datetime,
    by: UUID | None = None,
    about: Collection[UUID] = (),
    events: Collection[UUID] = (),
) -> int:
    """Erase words from the record for good, and leave its chains valid; how many events.

    ``by``: the name of this person, wherever they acted. ``about``: what these things are called
    and the details of what happened to them; ``events``: the same of single events. That
    something happened, when, of which kind and between which parties stays (rules.md C2). Each
    erasure is itself recorded. Only a session of the retention task may do this, to what was
    recorded before its own transaction; for another, ForeignRow is raised.
    """
    if scope_of(session).task is not Task.RETENTION:
        raise ForeignRow(AuditEvent.__tablename__)
    touched = (
        _erase(session, actor, at, [AuditEvent.person_id == by], ("person_name",)) if by else 0
    )
    for key, ids in ((AuditEvent.subject_id, about), (AuditEvent.id, events)):
        for start in range(0, len(ids), _AT_ONCE):
            some = list(ids)[start : start + _AT_ONCE]
            touched += _erase(session, actor, at, [key.in_(some)], ("subject_label", "details"))
    return touched


def _erase(
    session: Session,
    actor: Actor,
    at: datetime,
    wanted: Sequence[ColumnElement[bool]],
    names: Sequence[str],
) -> int:
    """Erase these columns of the events wanted, as many at once as one statement takes."""
    kept = [getattr(AuditLink, f"{name}_salt").is_not(None) for name in names]
    statement = (
        select(AuditEvent.id, AuditEvent.council_id, AuditEvent.provider_id)
        .join(AuditLink, AuditLink.event_id == AuditEvent.id)
        .where(*wanted, or_(*kept))
        .order_by(AuditEvent.id)
        .limit(_AT_ONCE)
    )
    touched = 0
    while found := session.execute(statement).all():
        ids = [one.id for one in found]
        for model, key, values in (
            (AuditEvent, AuditEvent.id, {name: ERASED_AS[name] for name in names}),
            (AuditLink, AuditLink.event_id, {f"{name}_salt": None for name in names}),
        ):
            session.execute(
                update(model)
                .where(key.in_(ids))
                .values(values)
                .execution_options(synchronize_session=False)
            )
        record_all(
            session,
            actor,
            Event.WORDS_ERASED,
            [
                (
                    Subject("event", one.id, "an earlier event", one.council_id, one.provider_id),
                    {"words": list(names)},
                )
                for one in found
            ],
            at=at,
        )
        touched += len(found)
    return touched
