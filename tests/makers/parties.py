"""Councils and providers, and the people in them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher, profiles
from sqlalchemy.orm import Session

from portal.identity.models import Credential, Membership, MembershipRole, Organisation, Person
from portal.identity.rules import OrganisationKind, Role
from tests.makers.rows import PASSWORD, add, numbers


def make_council(session: Session, *, name: str = "", accounts_email: str = "") -> Organisation:
    """A council."""
    name = name or f"Invented Council {next(numbers)}"
    return _organisation(session, OrganisationKind.COUNCIL, name, accounts_email)


def make_provider(session: Session, *, name: str = "", accounts_email: str = "") -> Organisation:
    """A provider, without evidence, VAT standing or bank details."""
    name = name or f"Invented Provider {next(numbers)}"
    return _organisation(session, OrganisationKind.PROVIDER, name, accounts_email)


def make_person(
    session: Session,
    *,
    organisation: Organisation,
    roles: Iterable[Role],
    name: str = "",
    email: str = "",
    password: str | None = PASSWORD,
) -> Person:
    """A person with these roles in an organisation; no password means no way to sign in."""
    number = next(numbers)
    person = Person(
        name=name or f"Robin Invented {number}", email=email or f"person{number}@portal.example"
    )
    add(session, person)
    if password is not None:
        add(session, Credential(person_id=person.id, password_hash=_hash(password)))
    make_membership(session, person=person, organisation=organisation, roles=roles)
    return person


def make_membership(
    session: Session, *, person: Person, organisation: Organisation, roles: Iterable[Role]
) -> Membership:
    """A person's belonging to an organisation, also to a second one."""
    membership = add(session, Membership(person_id=person.id, organisation_id=organisation.id))
    for role in roles:
        add(session, MembershipRole(membership_id=membership.id, role=role))
    return membership


@cache
def _hash(password: str) -> str:
    return PasswordHasher.from_parameters(profiles.CHEAPEST).hash(password)


def _organisation(
    session: Session, kind: OrganisationKind, name: str, accounts_email: str
) -> Organisation:
    return add(
        session,
        Organisation(
            kind=kind,
            name=name,
            legal_name=f"{name} Limited" if kind is OrganisationKind.PROVIDER else name,
            street="1 Invented Street",
            city="Exampleton",
            postcode="ZZ1 1ZZ",
            accounts_email=accounts_email or f"accounts{next(numbers)}@portal.example",
        ),
    )
