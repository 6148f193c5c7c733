"""Recording who took the record out of the portal (rules.md C8)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.audit.events import Event
from portal.kernel.errors import DomainError
from portal.kernel.wording import say_count

MOST_ROWS = 1_000_000


class TooLongForAWorkbook(DomainError):
    """A sheet holds 1,048,576 rows; more would be left out without a word."""

    status = 422

    def __init__(self, events: int) -> None:
        super().__init__(
            f"This record has {events:,} events, more than the {MOST_ROWS:,} that fit in a "
            "workbook. Download it as CSV, or narrow it."
        )


def exported(
    session: Session, actor: Actor, organisation_id: UUID, kind: str, *, events: int, at: datetime
) -> None:
    """Record that events were taken as a file, and how many; ``kind`` is its ending ("csv").

    Raises TooLongForAWorkbook.
    """
    if kind == "xlsx" and events > MOST_ROWS:
        raise TooLongForAWorkbook(events)
    subject = Subject("record", organisation_id, say_count(events, "event"))
    record(session, actor, Event.EXPORTED, subject, at=at, kind=kind, events=events)
