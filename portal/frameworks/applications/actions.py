"""Saving the parts of a draft. What happens to an application is recorded for its provider alone:
before opening no council learns that there is one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.frameworks.applications import queries, rules
from portal.frameworks.applications.drafts import Part, opened, seal
from portal.frameworks.applications.models import Application, DraftPart
from portal.kernel.errors import Forbidden, Stale
from portal.kernel.ids import new_id
from portal.kernel.local_time import to_local
from portal.kernel.wording import say_time


class Event(StrEnum):
    """What happens to an application before it is received."""

    STARTED = "applications:application:started"
    PART_SAVED = "applications:part:saved"
    WITHDRAWN = "applications:application:withdrawn"
    TAKEN_UP = "applications:application:taken-up"


class Conflict(Stale):
    """Somebody else saved a part since the page was opened; ``theirs`` is what they saved."""

    def __init__(self, theirs: Part) -> None:
        when = say_time(to_local(theirs.at).time())
        super().__init__(
            f"{theirs.by_name} saved this at {when}, while you were writing. "
            "Yours is not saved yet: press “Save and continue” to see both."
        )
        self.theirs = theirs


def save_part(
    session: Session,
    actor: Actor,
    application: Application,
    part: str,
    value: Any,
    *,
    version: int,
    at: datetime,
    question_version_id: UUID | None = None,
    confirms: datetime | None = None,
) -> int:
    """Keep one part of a draft, and give its version.

    ``version`` is the one that the page showed, 0 for none. What is there already is not written
    again, unless it was saved before ``confirms``. Raises Conflict when somebody else saved
    something else meanwhile, NotOpen and Withdrawn.
    """
    late = queries.late_until(session, application.round_id, application.provider_id)
    rules.check_open(application.round, late, at)
    if application.withdrawn_at is not None:
        raise rules.Withdrawn
    row = queries.locked_part(session, application.id, part)
    if row is None:
        return (
            0
            if value is None
            else _added(session, actor, application, part, value, question_version_id, at)
        )
    there = opened(row)
    same = (there.value, there.question_version_id) == (value, question_version_id)
    if same and (confirms is None or there.at >= confirms):
        return row.version
    if row.version != version and there.value != value:
        raise Conflict(there)
    row.sealed = seal(value, application.provider_id)
    row.question_version_id = question_version_id
    row.by_id, row.by_name, row.at = _person(actor), actor.name, at
    session.flush()
    _saved(session, actor, application, part, at)
    return row.version


def new_part(
    application: Application,
    part: str,
    value: Any,
    *,
    by: Actor,
    at: datetime,
    question_version_id: UUID | None = None,
) -> DraftPart:
    """A part that is not in the draft yet, sealed and not added."""
    return DraftPart(
        id=new_id(),
        application_id=application.id,
        round_id=application.round_id,
        framework_id=application.framework_id,
        lead_council_id=application.lead_council_id,
        provider_id=application.provider_id,
        part=part,
        sealed=seal(value, application.provider_id),
        question_version_id=question_version_id,
        by_id=_person(by),
        by_name=by.name,
        at=at,
    )


def subject(application: Application) -> Subject:
    """An application as the record names it; for its provider's eyes."""
    return Subject(
        "application",
        application.id,
        application.round.title,
        provider_id=application.provider_id,
    )


def _added(
    session: Session,
    actor: Actor,
    application: Application,
    part: str,
    value: Any,
    question_version_id: UUID | None,
    at: datetime,
) -> int:
    row = new_part(
        application, part, value, by=actor, at=at, question_version_id=question_version_id
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        theirs = queries.locked_part(session, application.id, part)
        if theirs is None:
            raise
        raise Conflict(opened(theirs)) from None
    _saved(session, actor, application, part, at)
    return row.version


def _saved(
    session: Session, actor: Actor, application: Application, part: str, at: datetime
) -> None:
    record(session, actor, Event.PART_SAVED, subject(application), at=at, part=part)


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id
