"""One provider's month with as many agreements as wanted, ready to be invoiced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.delivery.models import DeliverySession
from portal.delivery.rules import Mode, SessionState
from portal.frameworks.models import Category
from portal.frameworks.rules import Mechanism, Unit
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.actions.submitting import submit
from portal.invoicing.fingerprint import fingerprint
from portal.invoicing.gathering import Stream, gather_draft
from portal.kernel.bulk import insert_rows
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope
from tests.makers import (
    make_agreement,
    make_assignment,
    make_bank_details,
    make_budget,
    make_category,
    make_council,
    make_evidence,
    make_framework,
    make_mentor,
    make_person,
    make_place,
    make_provider,
    make_stay,
    make_vat_standing,
)

APRIL = Month(2026, 4)
SUBMITTED_AT = datetime(2026, 5, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class MonthEnd:
    """Who submits, who approves, and which month's invoice waits to be made."""

    stream: Stream
    council: Organisation
    category: Category
    finance: Person
    approver: Person
    month: Month = APRIL


def make_month_end(session: Session, *, lines: int, sessions_each: int = 4) -> MonthEnd:
    """A month of one line an agreement: half by the hour, half by the night."""
    council, provider = make_council(session), make_provider(session)
    framework = make_framework(
        session, lead=council, starts_on=date(2025, 9, 1), ends_on=date(2028, 8, 31)
    )
    make_evidence(session, provider=provider)
    make_vat_standing(session, provider=provider)
    make_bank_details(session, provider=provider)
    make_budget(session, framework=framework, council=council, cap="9000000")
    by_the_hour = make_category(
        session, framework=framework, code="1a", mechanism=Mechanism.UNIT, unit=Unit.HOUR
    )
    hourly = make_place(session, category=by_the_hour, provider=provider)
    nightly = make_place(
        session,
        category=make_category(
            session,
            framework=framework,
            code="2a",
            mechanism=Mechanism.NIGHTLY_SHARE,
            unit=Unit.NIGHT,
        ),
        provider=provider,
    )
    recorder = make_person(session, organisation=provider, roles=[Role.DELIVERY])
    mentors = [make_mentor(session, provider=provider) for _ in range(20)]
    rows = []
    for number in range(lines):
        if number % 2:
            agreement = make_agreement(
                session, place=nightly, council=council, price="820.00", starts_on=date(2026, 1, 1)
            )
            make_stay(
                session,
                agreement=agreement,
                first_night=date(2026, 4, 1),
                last_night=date(2026, 4, 30),
            )
            continue
        agreement = make_agreement(
            session, place=hourly, council=council, price="42.00", starts_on=date(2026, 1, 1)
        )
        mentor = mentors[number % len(mentors)]
        make_assignment(session, agreement=agreement, mentor=mentor)
        for week in range(sessions_each):
            moment = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(days=7 * week, minutes=number * 3)
            rows.append(
                {
                    "id": new_id(),
                    "agreement_id": agreement.id,
                    "council_id": council.id,
                    "provider_id": provider.id,
                    "mentor_id": mentor.id,
                    "starts_at": moment,
                    "service_date": moment.date(),
                    "minutes": 90,
                    "state": SessionState.DELIVERED,
                    "mode": Mode.FACE_TO_FACE,
                    "interactions": 1,
                    "summary": "",
                    "recorded_by_name": recorder.name,
                    "recorded_at": SUBMITTED_AT,
                    "hands": [str(recorder.id)],
                    "locked_at": None,
                    "version": 1,
                }
            )
    insert_rows(session, DeliverySession, rows)
    return MonthEnd(
        Stream(provider.id, council.id, framework.id),
        council,
        by_the_hour,
        make_person(session, organisation=provider, roles=[Role.FINANCE]),
        make_person(session, organisation=council, roles=[Role.APPROVER]),
    )


def seen(database: Database, month: MonthEnd) -> str:
    """What the page of the draft shows before the click."""
    with database.session(Scope(organisation_id=month.stream.provider_id)) as session:
        gathered = gather_draft(session, month.stream, month.month, today=SUBMITTED_AT.date())
    return fingerprint(gathered.draft)


def submitted(database: Database, month: MonthEnd, letters: str = "") -> UUID:
    """Submit as the click does it: assembled afresh, checked, inserted, locked, recorded."""
    scope = Scope(organisation_id=month.stream.provider_id, person_id=month.finance.id)
    actor = Actor(month.finance.id, month.finance.name, month.stream.provider_id)
    with database.transaction(scope) as session:
        invoice = submit(
            session,
            actor,
            month.stream,
            month.month,
            number="2026-04",
            seen=letters or seen(database, month),
            at=SUBMITTED_AT,
        )
    return invoice.id
