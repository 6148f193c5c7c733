"""Every night: where each chain of the record ends is stated outside the database, signed.

The statements go into a file of the day, and to the people who may read an organisation's record
if something was added to it since the last one. What somebody with the database in their hands
changes afterwards no longer fits what lies in a folder and in mailboxes out of their reach.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.audit.events import Event
from portal.audit.queries import chain_ends, last_stated
from portal.audit.rules import record_number
from portal.audit.statements import Statement, keep, public_words, signing_key
from portal.identity.allowed import ALLOWED
from portal.identity.models import Membership, MembershipRole, Organisation, Person
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work, every
from portal.kernel.local_time import local_date
from portal.kernel.post import write
from portal.kernel.tenancy import Task
from portal.kernel.wording import say_date

READERS = [role for role, allowed in ALLOWED.items() if Permission.AUDIT_READ in allowed]
PORTAL = Actor(None, "Placewell", None)


@every("record:state", daily="03:30", scope=Task.JOBS)
def state(work: Work) -> None:
    """State every chain, and write to the readers of those that have grown."""
    key = signing_key(current_app.config["STATEMENT_KEY"])
    with work.reading() as reading:
        found = chain_ends(reading)
        grown = {one.chain_id for one in found if _has_grown(reading, one.chain_id, one.position)}
    statements = [Statement(work.at, one.chain_id, one.position, one.digest) for one in found]
    keep(Path(current_app.config["STATEMENTS"]), work.at, (one.signed(key) for one in statements))
    for statement in statements:
        if statement.chain_id in grown:
            _tell(work.session, statement, statement.signed(key), public_words(key))


def _has_grown(session: Session, chain_id: UUID, position: int) -> bool:
    stated = last_stated(session, chain_id)
    return stated is None or stated.position != position


def _tell(session: Session, statement: Statement, line: str, key: str) -> None:
    """Record the statement where the organisation sees it, and write to its readers."""
    organisation = session.get(Organisation, statement.chain_id)
    if organisation is None:  # the portal's own chain
        return
    council = organisation.kind is OrganisationKind.COUNCIL
    record(
        session,
        PORTAL,
        Event.STATED,
        Subject(
            "record",
            organisation.id,
            "the record",
            council_id=organisation.id if council else None,
            provider_id=None if council else organisation.id,
        ),
        at=statement.at,
        position=statement.position,
        number=record_number(statement.position, statement.digest),
    )
    day = say_date(local_date(statement.at))
    for person in _readers(session, organisation.id):
        write(
            session,
            to=person.email,
            subject=f"Statement of the record of {organisation.name}, {day}",
            template="reporting/record/statement.txt",
            at=statement.at,
            person_id=person.id,
            name=person.name,
            organisation=organisation.name,
            statement=statement,
            line=line,
            key=key,
        )


def _readers(session: Session, organisation_id: UUID) -> list[Person]:
    """Whoever may read an organisation's record: its administrators and auditors."""
    return list(
        session.scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .join(MembershipRole, MembershipRole.membership_id == Membership.id)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.ended_at.is_(None),
                MembershipRole.role.in_(READERS),
            )
            .distinct()
            .order_by(Person.id)
        )
    )
