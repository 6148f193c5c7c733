"""The record of who did what, read the newest first."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import start_of_day


def events(
    session: Session,
    organisation_id: UUID,
    *,
    person_id: UUID | None,
    group: str | None,
    subject_id: UUID | None,
    first: date | None,
    last: date | None,
    cursor: str | None,
) -> Page[AuditEvent]:
    """What an organisation may read of: by one person, of one group ("invoicing"), about a thing.

    The days are London days, both counted.
    """
    statement = select(AuditEvent)
    if person_id is not None:
        statement = statement.where(AuditEvent.person_id == person_id)
    if group is not None:
        statement = statement.where(AuditEvent.event >= f"{group}:", AuditEvent.event < f"{group};")
    if subject_id is not None:
        statement = statement.where(AuditEvent.subject_id == subject_id)
    if first is not None:
        statement = statement.where(AuditEvent.at >= start_of_day(first))
    if last is not None:
        statement = statement.where(AuditEvent.at < start_of_day(last + timedelta(days=1)))
    parties = (AuditEvent.organisation_id, AuditEvent.council_id, AuditEvent.provider_id)
    return page_of(
        session,
        statement,
        AuditEvent.at,
        AuditEvent.id,
        cursor=cursor,
        descending=True,
        among=[party == organisation_id for party in parties],
    )
