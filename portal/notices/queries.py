"""Whom to tell, what somebody has been told, and how they want to hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.identity.models import Membership, MembershipRole, Organisation, Person
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.database import prepared
from portal.kernel.keyset import Page, page_of
from portal.notices.models import Notice, Preference
from portal.notices.rules import Frequency, NoticeKind, is_told

MOST_COUNTED = 100

_UNREAD = prepared(
    select(Notice.id)
    .where(
        Notice.person_id == bindparam("person_id"),
        Notice.organisation_id == bindparam("organisation_id"),
        Notice.read_at.is_(None),
    )
    .limit(MOST_COUNTED)
)


def unread(session: Session, person_id: UUID, organisation_id: UUID) -> int:
    """How many notices a person has not read, counted to 100 at most; asked on every page."""
    asked = {"person_id": person_id, "organisation_id": organisation_id}
    return len(session.scalars(_UNREAD, asked).all())


def notices(
    session: Session, person_id: UUID, organisation_id: UUID, *, unread: bool, cursor: str | None
) -> Page[Notice]:
    """A person's notices of an organisation, the newest first; or only those not read."""
    statement = select(Notice).where(
        Notice.person_id == person_id, Notice.organisation_id == organisation_id
    )
    if unread:
        statement = statement.where(Notice.read_at.is_(None))
    return page_of(session, statement, Notice.at, Notice.id, cursor=cursor, descending=True)


def preferences(session: Session, person_id: UUID, organisation_id: UUID) -> dict[str, Frequency]:
    """What a person chose for an organisation, by kind; a kind not chosen is missing."""
    rows = session.execute(
        select(Preference.kind, Preference.frequency)
        .where(Preference.person_id == person_id, Preference.organisation_id == organisation_id)
        .order_by(Preference.kind)
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be told, and what they chose for this kind, if anything."""

    person_id: UUID
    name: str
    email: str
    chosen: Frequency | None


def recipients(
    session: Session,
    kind: NoticeKind,
    organisation_id: UUID,
    *,
    permission: Permission | None,
    person_id: UUID | None,
) -> list[Recipient]:
    """One person of an organisation, or everybody there whom ``is_told`` lets be told."""
    statement = (
        select(Person, MembershipRole.role, Preference.frequency)
        .join(Membership, Membership.person_id == Person.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .outerjoin(
            Preference,
            (Preference.person_id == Person.id)
            & (Preference.organisation_id == organisation_id)
            & (Preference.kind == kind.value),
        )
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.name, Person.id, MembershipRole.role)
    )
    if person_id is not None:
        statement = statement.where(Person.id == person_id)
    roles: dict[UUID, set[Role]] = {}
    found: dict[UUID, Recipient] = {}
    for person, role, chosen in session.execute(statement):
        roles.setdefault(person.id, set()).add(role)
        found[person.id] = Recipient(person.id, person.name, person.email, chosen)
    if person_id is not None:
        return list(found.values())
    return [one for one in found.values() if is_told(roles[one.person_id], permission)]


def waiting_for(session: Session, frequencies: Sequence[Frequency]) -> list[tuple[UUID, UUID]]:
    """The (person, organisation) of everybody for whom such a digest has something."""
    rows = session.execute(
        select(Notice.person_id, Notice.organisation_id)
        .where(Notice.waits_for.in_(frequencies))
        .distinct()
        .order_by(Notice.person_id, Notice.organisation_id)
    )
    return [(person_id, organisation_id) for person_id, organisation_id in rows]


def of_a_digest(
    session: Session, person_id: UUID, organisation_id: UUID, frequencies: Sequence[Frequency]
) -> list[Notice]:
    """What waits for a person's digest, held until it is written."""
    return list(
        session.scalars(
            select(Notice)
            .where(
                Notice.person_id == person_id,
                Notice.organisation_id == organisation_id,
                Notice.waits_for.in_(frequencies),
            )
            .order_by(Notice.at, Notice.id)
            .with_for_update()
        )
    )


def member(session: Session, person_id: UUID, organisation_id: UUID) -> tuple[Person, str] | None:
    """A person who still works for an organisation, and its name."""
    row = session.execute(
        select(Person, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Person.id == person_id,
            Organisation.id == organisation_id,
            Membership.ended_at.is_(None),
        )
    ).first()
    return None if row is None else (row[0], row[1])


def organisations(session: Session, kind: OrganisationKind) -> Sequence[UUID]:
    """Every council, or every provider, of the portal."""
    return session.scalars(
        select(Organisation.id).where(Organisation.kind == kind).order_by(Organisation.id)
    ).all()
