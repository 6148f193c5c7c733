"""Publishing how one's own organisation deals with complaints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.complaints.guidance.models import Procedure
from portal.kernel.local_time import local_date


class Event(StrEnum):
    """What happens to a published procedure."""

    PUBLISHED = "guidance:procedure:published"


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A procedure in an organisation's own words, in four answers."""

    how_to_tell: str
    who_answers: str
    how_soon: str
    not_happy: str
    registered: bool = False


def publish_procedure(
    session: Session,
    actor: Actor,
    organisation_id: UUID,
    words: OwnWords,
    *,
    is_council: bool,
    at: datetime,
) -> Procedure:
    """Publish a procedure from today on; the one before stays in the history."""
    row = Procedure(
        organisation_id=organisation_id,
        how_to_tell=words.how_to_tell,
        who_answers=words.who_answers,
        how_soon=words.how_soon,
        not_happy=words.not_happy,
        registered=words.registered,
        starts_on=local_date(at),
        recorded_at=at,
        recorded_by_name=actor.name,
    )
    session.add(row)
    session.flush()
    subject = Subject(
        "procedure",
        row.id,
        "Complaints procedure",
        council_id=organisation_id if is_council else None,
        provider_id=None if is_council else organisation_id,
    )
    record(session, actor, Event.PUBLISHED, subject, at=at)
    return row
