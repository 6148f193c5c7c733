"""Organisations, people, memberships, and the sign-ins by which they reach the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.identity.rules import OrganisationKind, Role
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Task, another, column, named_in, nobody

_WORKERS = (Task.JOBS, Task.POST, Task.PUBLIC_DESK, Task.ROUNDS, Task.RETENTION)


def _known_organisations(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """One's own, every council, and the providers on a framework of one's council or whose
    application it has opened.
    """
    place = another("place")
    framework_council = another("framework_council")
    supplies = (
        select(place.c.id)
        .join(framework_council, framework_council.c.framework_id == place.c.framework_id)
        .where(
            place.c.provider_id == column(entity, "id"),
            framework_council.c.council_id == looker.organisation,
        )
        .exists()
    )
    application = another("application")
    opened = another("round")
    has_applied = (
        select(application.c.id)
        .join(opened, opened.c.id == application.c.round_id)
        .join(framework_council, framework_council.c.framework_id == application.c.framework_id)
        .where(
            application.c.provider_id == column(entity, "id"),
            opened.c.opened_at.is_not(None),
            framework_council.c.council_id == looker.organisation,
        )
        .exists()
    )
    return or_(
        column(entity, "id") == looker.organisation,
        and_(
            looker.organisation.is_not(None),
            or_(column(entity, "kind") == OrganisationKind.COUNCIL.value, supplies, has_applied),
        ),
    )


class Organisation(Base):
    """A council or a provider: a tenant, and a party on every agreement and invoice."""

    __tablename__ = "organisation"
    __seen_by__ = Rule(
        _known_organisations, writers=("id",), tasks=(Task.SIGN_IN,), readers=_WORKERS
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, "organisation_kind"))
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200))
    company_number: Mapped[str | None] = mapped_column(String(20))
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str] = mapped_column(String(10))
    accounts_email: Mapped[str | None] = mapped_column(String(200))
    buyer_reference: Mapped[str | None] = mapped_column(String(50))
    endpoint_scheme: Mapped[str | None] = mapped_column(String(4))
    endpoint_id: Mapped[str | None] = mapped_column(String(50))

    __table_args__ = (UniqueConstraint("kind", "name", name="one_organisation_of_a_name"),)


def _colleagues(entity: Any, looker: Looker) -> ColumnElement[bool]:
    membership = another("membership")
    return or_(
        column(entity, "id") == looker.person,
        select(membership.c.id)
        .where(
            membership.c.person_id == column(entity, "id"),
            membership.c.organisation_id == looker.organisation,
        )
        .exists(),
    )


class Person(Base):
    """Somebody who signs in; known to the organisations they belong to."""

    __tablename__ = "person"
    __seen_by__ = Rule(_colleagues, tasks=(Task.SIGN_IN,), readers=_WORKERS)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("email", name="one_person_an_email"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    )


class Credential(Base):
    """A person's password, as its argon2id hash, and the failures since the last success."""

    __tablename__ = "credential"
    __seen_by__ = Rule(nobody, tasks=(Task.SIGN_IN,))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant())


def _own_membership(entity: Any, looker: Looker) -> ColumnElement[bool]:
    return or_(
        column(entity, "organisation_id") == looker.organisation,
        column(entity, "person_id") == looker.person,
    )


class Membership(Base):
    """A person's belonging to an organisation, until it ended; one that ended has no roles."""

    __tablename__ = "membership"
    __seen_by__ = Rule(
        _own_membership, writers=("organisation_id",), tasks=(Task.SIGN_IN,), readers=_WORKERS
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[datetime | None] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()
    roles: Mapped[list[MembershipRole]] = relationship(back_populates="membership")

    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", name="one_membership_each"),
        Index("ix_membership_organisation_id", "organisation_id"),
    )


def _of_own_membership(entity: Any, looker: Looker) -> ColumnElement[bool]:
    membership = another("membership")
    return (
        select(membership.c.id)
        .where(
            membership.c.id == column(entity, "membership_id"),
            _own_membership(membership, looker),
        )
        .exists()
    )


class MembershipRole(Base):
    """One role that a person holds in an organisation."""

    __tablename__ = "membership_role"
    __seen_by__ = Rule(_of_own_membership, tasks=(Task.SIGN_IN,), readers=_WORKERS)

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "membership_role_known"), primary_key=True)

    membership: Mapped[Membership] = relationship(back_populates="roles")


class OrganisationSetting(Base):
    """What an organisation decides for all its people; without a row, the defaults stand."""

    __tablename__ = "organisation_setting"
    __seen_by__ = Rule(
        named_in("organisation_id"),
        writers=("organisation_id",),
        tasks=(Task.SIGN_IN,),
        readers=_WORKERS,
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    second_factor_for_all: Mapped[bool] = mapped_column(default=False)
    contact_email: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)


class SignIn(Base):
    """A signed-in browser: revocable, and working as one organisation at a time.

    Where ``owes_second_step`` stands and ``confirmed_at`` does not, only the password was given.
    ``browser`` is a rough description, such as "Firefox on Windows".
    """

    __tablename__ = "sign_in"
    __seen_by__ = Rule(nobody, tasks=(Task.SIGN_IN,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    secret_digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id"))
    owes_second_step: Mapped[bool] = mapped_column(default=False, server_default=false())
    browser: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    started_at: Mapped[datetime] = mapped_column(Instant())
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant())
    seen_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (Index("ix_sign_in_person_id", "person_id"),)
