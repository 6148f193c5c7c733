"""Changing somebody's roles, and ending their access."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Membership, MembershipRole, Organisation
from portal.identity.people.events import Event
from portal.identity.people.queries import (
    SIGN_IN,
    get_member,
    held_roles,
    lock_organisation,
    only_administrator,
    twins_of,
)
from portal.identity.people.rules import administers, may_change_own_roles, problems_with
from portal.identity.rules import Role
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError, NotFound, Stale


class RolesRefused(DomainError):
    """These roles cannot be given to this person; ``sentences`` say why."""

    status = 422

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


class LastAdministrator(DomainError):
    """Nobody would be left to look after the organisation's people."""

    sentence = (
        "This is the only administrator. Make somebody else an administrator first, so that "
        "there is always one."
    )


class OwnRoles(DomainError):
    """A council's administrator would decide about themselves."""

    sentence = (
        "Nobody in a council changes their own roles. Ask another administrator. If there is "
        "none, invite one first."
    )


def change_roles(
    session: Session,
    actor: Actor,
    membership_id: UUID,
    *,
    roles: Collection[Role],
    version: int,
    at: datetime,
) -> Membership:
    """Give a person exactly these roles, from their next request on.

    Raises NotFound for somebody who has left or works elsewhere, Stale when the roles changed
    since the form of that version was opened, OwnRoles, RolesRefused (promise 4), and
    LastAdministrator.
    """
    member, organisation = _locked(session, actor, membership_id, version)
    if member.person_id == actor.person_id and not may_change_own_roles(organisation.kind):
        raise OwnRoles
    problems = problems_with(organisation.kind, roles)
    for twin in twins_of(
        session,
        organisation.id,
        name=member.person.name,
        email=member.person.email,
        besides=member.person_id,
    ):
        problems += twin.problems_with(roles)
    if problems:
        raise RolesRefused(problems)
    if not administers(roles) and only_administrator(session, member):
        raise LastAdministrator
    before, after = held_roles(member), frozenset(roles)
    set_roles(session, member, after)
    member.version += 1
    record(
        session,
        actor,
        Event.ROLES_CHANGED,
        person_of(member),
        at=at,
        given=sorted(after - before),
        taken=sorted(before - after),
    )
    return member


def end_membership(
    session: Session, actor: Actor, membership_id: UUID, *, version: int, at: datetime
) -> Membership:
    """End a person's access from their next request on; what they did stays theirs.

    Raises NotFound, Stale and LastAdministrator as ``change_roles`` does.
    """
    member, _ = _locked(session, actor, membership_id, version)
    if only_administrator(session, member):
        raise LastAdministrator
    taken = sorted(held_roles(member))
    set_roles(session, member, frozenset())
    member.ended_at = at
    member.version += 1
    record(session, actor, Event.LEFT, person_of(member), at=at, taken=taken)
    return member


def set_roles(session: Session, member: Membership, roles: frozenset[Role]) -> None:
    """Write which roles a membership holds; what is taken goes before what is given."""
    before = {held.role: held for held in member.roles}
    with working_as(session, SIGN_IN):
        for role in sorted(before.keys() - roles):
            session.delete(before[role])
        session.flush()
        for role in sorted(roles - before.keys()):
            session.add(MembershipRole(membership_id=member.id, role=role))
        session.flush()
        session.refresh(member, ["roles"])


def person_of(member: Membership) -> Subject:
    """The person, as the record names them."""
    return Subject("person", member.person_id, member.person.name)


def _locked(
    session: Session, actor: Actor, membership_id: UUID, version: int
) -> tuple[Membership, Organisation]:
    if actor.organisation_id is None:
        raise NotFound
    organisation = lock_organisation(session, actor.organisation_id)
    member = get_member(session, organisation.id, membership_id)
    if member.ended_at is not None:
        raise NotFound
    if member.version != version:
        raise Stale
    return member, organisation
