"""Sessions and stays as a provider recorded them."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Mentor
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import Mode, SessionState
from portal.identity.models import Person
from portal.kernel.local_time import to_utc
from tests.makers.rows import RECORDED_AT, add


def make_session(
    session: Session,
    *,
    agreement: Agreement,
    mentor: Mentor,
    day: date = date(2026, 4, 8),
    at: time = time(10),
    starts_at: datetime | None = None,
    minutes: int = 60,
    state: SessionState = SessionState.DELIVERED,
    mode: Mode = Mode.FACE_TO_FACE,
    summary: str = "",
    recorded_by: Person | None = None,
    locked_at: datetime | None = None,
) -> DeliverySession:
    """A session on a London day and time, or at a moment in UTC."""
    return add(
        session,
        DeliverySession(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            mentor_id=mentor.id,
            starts_at=starts_at or to_utc(datetime.combine(day, at)),
            service_date=day,
            minutes=minutes,
            state=state,
            mode=mode,
            summary=summary,
            recorded_by_name=recorded_by.name if recorded_by else "Robin Invented",
            recorded_at=RECORDED_AT,
            hands=[str(recorded_by.id)] if recorded_by else [],
            locked_at=locked_at,
        ),
    )


def make_stay(
    session: Session,
    *,
    agreement: Agreement,
    first_night: date = date(2026, 4, 1),
    last_night: date = date(2026, 4, 30),
    present: bool = True,
    recorded_by: Person | None = None,
    locked_at: datetime | None = None,
) -> Stay:
    """Nights within one month, both ends counted."""
    return add(
        session,
        Stay(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            first_night=first_night,
            last_night=last_night,
            present=present,
            recorded_by_name=recorded_by.name if recorded_by else "Robin Invented",
            recorded_at=RECORDED_AT,
            hands=[str(recorded_by.id)] if recorded_by else [],
            locked_at=locked_at,
        ),
    )
