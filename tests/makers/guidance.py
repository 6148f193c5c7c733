"""What councils and providers publish for young people."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal.complaints.guidance.models import Contact, ExitAddress, Procedure
from portal.complaints.guidance.rules import ContactKind
from portal.identity.models import Organisation
from tests.makers.rows import add

RECORDED_AT = datetime(2026, 4, 1, 9, tzinfo=UTC)


def make_contact(
    session: Session,
    *,
    council: Organisation,
    code: str = "advocate",
    kind: ContactKind = ContactKind.ADVOCATE,
    name: str = "Speak Up Advocacy",
    phone: str = "01632 960111",
    starts_on: date = date(2026, 4, 1),
    checked_on: date = date(2026, 4, 1),
    recorded_at: datetime = RECORDED_AT,
    shown: bool = True,
) -> Contact:
    """Somebody whom a council's young people can ask."""
    return add(
        session,
        Contact(
            council_id=council.id,
            code=code,
            kind=kind,
            name=name,
            phone=phone,
            starts_on=starts_on,
            checked_on=checked_on,
            shown=shown,
            recorded_at=recorded_at,
            recorded_by_name="Robin Invented",
        ),
    )


def make_procedure(
    session: Session,
    *,
    organisation: Organisation,
    how_to_tell: str = "Tell any of us.",
    registered: bool = False,
    starts_on: date = date(2026, 4, 1),
    recorded_at: datetime = RECORDED_AT,
) -> Procedure:
    """How an organisation deals with complaints, in its own words."""
    return add(
        session,
        Procedure(
            organisation_id=organisation.id,
            how_to_tell=how_to_tell,
            who_answers="Our manager reads it.",
            how_soon="We tell you within a week.",
            not_happy="You can ask the council.",
            registered=registered,
            starts_on=starts_on,
            recorded_at=recorded_at,
            recorded_by_name="Robin Invented",
        ),
    )


def make_exit_address(session: Session, *, council: Organisation) -> ExitAddress:
    """Where a council's "Exit this page" leads."""
    return add(session, ExitAddress(council_id=council.id, address="https://weather.example/"))
