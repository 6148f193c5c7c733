"""Who is signed in, and who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from portal.identity.factors.rules import needs_second_factor
from portal.identity.models import (
    Credential,
    Membership,
    MembershipRole,
    Organisation,
    OrganisationSetting,
    Person,
    SignIn,
)
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.database import prepared


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One signed-in browser, with what it works as; no organisation until one is chosen.

    ``half``: the password was right, and a second step is owed before anything else.
    """

    sign_in_id: UUID
    person_id: UUID
    person_name: str
    organisation_id: UUID | None
    organisation_name: str
    organisation_kind: OrganisationKind | None
    roles: frozenset[Role]
    memberships: int
    half: bool
    seen_at: datetime | None


_SIGNED_IN = prepared(
    select(
        SignIn.id,
        Person.id,
        Person.name,
        Organisation.id,
        Organisation.name,
        Organisation.kind,
        MembershipRole.role,
        select(Membership.id.label("one"))
        .where(Membership.person_id == Person.id, Membership.ended_at.is_(None))
        .correlate(Person)
        .offset(1)
        .limit(1)
        .exists(),
        SignIn.owes_second_step,
        SignIn.confirmed_at,
        SignIn.seen_at,
        OrganisationSetting.second_factor_for_all,
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(
        Membership, and_(Membership.id == SignIn.membership_id, Membership.ended_at.is_(None))
    )
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .outerjoin(MembershipRole, MembershipRole.membership_id == Membership.id)
    .outerjoin(OrganisationSetting, OrganisationSetting.organisation_id == Organisation.id)
    .where(
        SignIn.id == bindparam("sign_in_id"),
        SignIn.secret_digest == bindparam("secret_digest"),
        SignIn.ended_at.is_(None),
    )
    .order_by(MembershipRole.role)
)


def signed_in(session: Session, sign_in_id: UUID, secret_digest: str) -> SignedIn | None:
    """The sign-in that a cookie names, if it has not ended."""
    rows = session.execute(
        _SIGNED_IN, {"sign_in_id": sign_in_id, "secret_digest": secret_digest}
    ).all()
    if not rows:
        return None
    first = rows[0]
    roles = frozenset(_held(row[6] for row in rows))
    owes = first[8] or needs_second_factor(roles, everybody=bool(first[11]))
    return SignedIn(
        sign_in_id=first[0],
        person_id=first[1],
        person_name=first[2],
        organisation_id=first[3],
        organisation_name=first[4] or "",
        organisation_kind=first[5],
        roles=roles,
        memberships=2 if first[7] else 1,
        half=owes and first[9] is None,
        seen_at=first[10],
    )


def _held(roles: Iterable[Role | None]) -> Iterator[Role]:
    """The roles of an outer join, which gives none for somebody without an organisation."""
    return (role for role in roles if role is not None)


def credential_of(session: Session, email: str) -> tuple[Person, Credential] | None:
    """A person and their password's record, by e-mail address."""
    row = session.execute(
        select(Person, Credential)
        .join(Credential, Credential.person_id == Person.id)
        .where(Person.email == email.strip().lower())
    ).first()
    return None if row is None else (row[0], row[1])


def held_credential(session: Session, person_id: UUID) -> tuple[Person, Credential] | None:
    """A person and their password's record, which nobody else changes until this is committed."""
    credential = session.get(Credential, person_id, with_for_update=True, populate_existing=True)
    return None if credential is None else (session.get_one(Person, person_id), credential)


def memberships_of(session: Session, person_id: UUID) -> list[Membership]:
    """The organisations that a person belongs to today, by name."""
    return list(
        session.scalars(
            select(Membership)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
            .order_by(Organisation.name)
        )
    )


def known_words(session: Session, person: Person) -> tuple[str, ...]:
    """What somebody who knows a person would try as their password."""
    works_for = [one.organisation.name for one in memberships_of(session, person.id)]
    return (person.name, person.email, *works_for)


def sign_in_names(session: Session) -> list[tuple[str, str, list[Role]]]:
    """Every name with a password, with its organisation and roles: who can sign in."""
    rows = session.execute(
        select(Person.email, Organisation.name, MembershipRole.role)
        .join(Credential, Credential.person_id == Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .order_by(Organisation.kind, Organisation.name, Person.email, MembershipRole.role)
    ).all()
    names: dict[tuple[str, str], list[Role]] = {}
    for email, organisation, role in rows:
        names.setdefault((email, organisation), []).append(role)
    return [(email, organisation, roles) for (email, organisation), roles in names.items()]


def setting_of(session: Session, organisation_id: UUID) -> OrganisationSetting:
    """What an organisation has decided; the defaults, not kept anywhere, before it has."""
    kept = session.get(OrganisationSetting, organisation_id)
    return kept or OrganisationSetting(
        organisation_id=organisation_id, second_factor_for_all=False, version=0
    )


def colleagues(session: Session, organisation_id: UUID) -> list[tuple[str, str]]:
    """The people of an organisation, those who left too, as (id, name), for a filter."""
    found = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.name, Person.id)
    )
    return [(str(person_id), name) for person_id, name in found]
