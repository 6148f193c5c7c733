"""Who works for an organisation, and what is known of each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.audit.models import AuditEvent
from portal.identity.factors.models import Authenticator, Passkey
from portal.identity.models import Membership, MembershipRole, Organisation, Person, SignIn
from portal.identity.people.rules import Twin, administers, likeness, mailbox_of
from portal.identity.rules import ADMINISTRATORS, Role
from portal.kernel.database import working_as
from portal.kernel.errors import NotFound
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of
from portal.kernel.tenancy import Scope, Task

SIGN_IN = Scope.system(Task.SIGN_IN)
MOST_EVENTS = 30


def members(
    session: Session,
    organisation_id: UUID,
    *,
    words: str,
    role: Role | None,
    left: bool,
    cursor: str | None,
) -> Page[Membership]:
    """People by name, each with their roles: those who work here, or those who left.

    ``words`` is how a name or an e-mail address begins.
    """
    ended = Membership.ended_at.is_not(None) if left else Membership.ended_at.is_(None)
    statement = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, ended)
        .options(contains_eager(Membership.person), selectinload(Membership.roles))
    )
    if role is not None:
        held = select(MembershipRole.membership_id).where(MembershipRole.role == role)
        statement = statement.where(Membership.id.in_(held))
    if (named := begins_with(Person.name, words)) is not None:
        address = begins_with(Person.email, words.lower())
        statement = statement.where(named if address is None else or_(named, address))
    return page_of(session, statement, Person.name, Membership.id, cursor=cursor)


def get_member(session: Session, organisation_id: UUID, membership_id: UUID) -> Membership:
    """A person's belonging to this organisation, ended or not, with roles. Raises NotFound."""
    found = session.scalars(
        select(Membership)
        .where(Membership.id == membership_id, Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.person), selectinload(Membership.roles))
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def current_members(session: Session, organisation_id: UUID) -> Sequence[Membership]:
    """Everybody who works here now, with their roles, by name."""
    return session.scalars(
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None))
        .options(contains_eager(Membership.person), selectinload(Membership.roles))
        .order_by(Person.name, Membership.id)
        .execution_options(populate_existing=True)
    ).all()


def administrators(session: Session, organisation_id: UUID) -> Sequence[Person]:
    """The organisation's administrators, by name."""
    return session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.ended_at.is_(None),
            MembershipRole.role.in_(ADMINISTRATORS),
        )
        .order_by(Person.name, Person.id)
    ).all()


def person_with(session: Session, email: str) -> Person | None:
    """The person who signs in with an address; asked as the sign-in's task."""
    return session.scalars(select(Person).where(Person.email == email)).first()


def held_roles(membership: Membership) -> frozenset[Role]:
    """The roles of a membership."""
    return frozenset(held.role for held in membership.roles)


def only_administrator(session: Session, membership: Membership) -> bool:
    """Whether nobody else administers the organisation. Ask while it is locked."""
    if not administers(held_roles(membership)):
        return False
    others = administrators(session, membership.organisation_id)
    return all(person.id == membership.person_id for person in others)


def lock_organisation(session: Session, organisation_id: UUID) -> Organisation:
    """The organisation, kept from others who change its people until the transaction ends.

    Rows that only refer to it can still be added meanwhile.
    """
    found = session.scalars(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def twins_of(
    session: Session,
    organisation_id: UUID,
    *,
    name: str,
    email: str,
    besides: UUID | None = None,
) -> list[Twin]:
    """People who work here and may be the same person; ``besides`` is the person asked about."""
    found = []
    for member in current_members(session, organisation_id):
        alike = likeness(name, email, member.person.name, member.person.email)
        if alike is not None and member.person_id != besides:
            found.append(Twin(member.person.name, member.person.email, held_roles(member), alike))
    return found


def same_person(session: Session, person_id: UUID, among: Collection[UUID]) -> frozenset[UUID]:
    """Of these accounts, those of one person: the account itself, and others of its mailbox.

    For what nobody may do twice, or check of their own, wherever the other account works.
    """
    with working_as(session, SIGN_IN):
        asked = select(Person.id, Person.email).where(Person.id.in_({person_id, *among}))
        found = {one.id: mailbox_of(one.email) for one in session.execute(asked)}
    alike = {person_id, *(each for each in found if found[each] == found.get(person_id))}
    return frozenset(alike.intersection(among))


def last_sign_ins(
    session: Session, organisation_id: UUID, membership_ids: Collection[UUID]
) -> Mapping[UUID, datetime]:
    """When people last began to work as this organisation, by membership; never, left out."""
    with working_as(session, SIGN_IN):
        rows = session.execute(
            select(SignIn.membership_id, func.max(SignIn.started_at))
            .join(Membership, Membership.id == SignIn.membership_id)
            .where(
                SignIn.membership_id.in_(list(membership_ids)),
                Membership.organisation_id == organisation_id,
            )
            .group_by(SignIn.membership_id)
            .order_by(SignIn.membership_id)
        ).all()
    return {membership_id: last for membership_id, last in rows if membership_id is not None}


def history_of(session: Session, organisation_id: UUID, person_id: UUID) -> Sequence[AuditEvent]:
    """What administrators did about a person here, the newest first, at most 30 events."""
    return session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_id == person_id,
            AuditEvent.organisation_id == organisation_id,
            AuditEvent.event >= "people:",
            AuditEvent.event < "people;",
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(MOST_EVENTS)
    ).all()


def with_second_factor(session: Session, organisation_id: UUID) -> frozenset[UUID]:
    """The people of an organisation who have set up codes or a passkey."""
    with working_as(session, SIGN_IN):
        found = session.scalars(
            select(Membership.person_id).where(
                Membership.organisation_id == organisation_id,
                or_(
                    Membership.person_id.in_(select(Authenticator.person_id)),
                    Membership.person_id.in_(select(Passkey.person_id)),
                ),
            )
        ).all()
    return frozenset(found)
