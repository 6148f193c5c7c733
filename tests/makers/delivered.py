"""Sessions and stays as a provider recorded them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Mentor
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.plans.models import SessionPlan
from portal.delivery.rules import CancelledBy, Mode, SessionState
from portal.identity.models import Person
from portal.invoicing.corrections.models import ChargedCorrection
from portal.invoicing.models import InvoiceLine
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
    plan: SessionPlan | None = None,
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
            cancelled_by=CancelledBy.CARER if state is SessionState.CANCELLED else None,
            planned_minutes=minutes if plan or state is SessionState.SCHEDULED else None,
            plan_id=plan.id if plan else None,
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


def make_plan(
    session: Session,
    *,
    agreement: Agreement,
    mentor: Mentor,
    first_day: date = date(2026, 5, 4),
    last_day: date = date(2026, 5, 18),
    start: time = time(16),
    minutes: int = 60,
) -> SessionPlan:
    """Mondays at 4pm in May 2026, without the bank holiday, and the scheduled sessions it made."""
    plan = add(
        session,
        SessionPlan(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            mentor_id=mentor.id,
            first_day=first_day,
            last_day=last_day,
            weekdays=[0],
            start=start,
            minutes=minutes,
            mode=Mode.FACE_TO_FACE,
            left_out=[first_day.isoformat()],
            made_by_name="Robin Invented",
            made_at=RECORDED_AT,
        ),
    )
    day = first_day + timedelta(days=7)
    while day <= last_day:
        make_session(
            session, agreement=agreement, mentor=mentor, day=day, at=start, minutes=minutes,
            state=SessionState.SCHEDULED, plan=plan,
        )  # fmt: skip
        day += timedelta(days=7)
    return plan


def make_correction(
    session: Session,
    *,
    of: DeliverySession,
    minutes: int = 30,
    state: SessionState = SessionState.DELIVERED,
    because: str = "It ended early",
    line: InvoiceLine | None = None,
) -> DeliveryCorrection:
    """A locked session put right; ``line`` is the line that has taken it in, if one has."""
    after = minutes if state is SessionState.DELIVERED else 0
    correction = add(
        session,
        DeliveryCorrection(
            agreement_id=of.agreement_id,
            council_id=of.council_id,
            provider_id=of.provider_id,
            session_id=of.id,
            first_day=of.service_date,
            last_day=of.service_date,
            before=of.minutes,
            after=after,
            state=state,
            interactions=1,
            because=because,
            recorded_by_name="Robin Invented",
            recorded_at=RECORDED_AT,
            hands=[],
            locked_at=RECORDED_AT if line else None,
        ),
    )
    if line is not None:
        add(
            session,
            ChargedCorrection(
                line_id=line.id,
                correction_id=correction.id,
                council_id=of.council_id,
                provider_id=of.provider_id,
                first_day=of.service_date,
                last_day=of.service_date,
                parts=after - of.minutes,
            ),
        )
    return correction
