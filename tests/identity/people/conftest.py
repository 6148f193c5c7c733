"""A council with two administrators, an approver and a budget holder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.identity.models import Membership, MembershipRole, Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database, ScopedSession
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_council, make_person

OPERATOR = Scope.system(Task.OPERATOR)
SIGN_IN = Scope.system(Task.SIGN_IN)
AT = datetime(2026, 10, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Council:
    """Its people, and how the tests look at it and work in it."""

    organisation: Organisation
    first: Person
    second: Person
    approver: Person
    holder: Person
    owner: Database

    def actor(self, person: Person) -> Actor:
        """A person who acts for the council."""
        return Actor(person.id, person.name, self.organisation.id)

    def scope(self, person: Person) -> Scope:
        """What that person's session may see."""
        return Scope(organisation_id=self.organisation.id, person_id=person.id)

    def member(self, person: Person) -> Membership:
        """A person's belonging to the council as it stands now."""
        with self.owner.session(OPERATOR) as session:
            return session.scalars(
                select(Membership).where(
                    Membership.person_id == person.id,
                    Membership.organisation_id == self.organisation.id,
                )
            ).one()

    def roles(self, person: Person) -> set[Role]:
        """The roles that the database holds for a person."""
        with self.owner.session(OPERATOR) as session:
            return set(
                session.scalars(
                    select(MembershipRole.role).where(
                        MembershipRole.membership_id == self.member(person).id
                    )
                )
            )

    def events(self, subject: Person | None = None) -> list[AuditEvent]:
        """What was recorded about people, in order."""
        statement = select(AuditEvent).where(AuditEvent.event.startswith("people:"))
        if subject is not None:
            statement = statement.where(AuditEvent.subject_id == subject.id)
        with self.owner.session(OPERATOR) as session:
            return list(session.scalars(statement.order_by(AuditEvent.id)))


@pytest.fixture
def council(owner_database: Database) -> Council:
    """Aldermoor Council."""
    with owner_database.transaction(OPERATOR) as session:
        made = make_council(
            session, name="Aldermoor Council", accounts_email="ap@aldermoor.example"
        )
        people = [
            make_person(
                session,
                organisation=made,
                roles=[role],
                name=name,
                email=f"{name.split()[0].lower()}@aldermoor.example",
            )
            for name, role in (
                ("Ada Birch", Role.COUNCIL_ADMINISTRATOR),
                ("Ben Cedar", Role.COUNCIL_ADMINISTRATOR),
                ("Ruth Fern", Role.APPROVER),
                ("Hal Gorse", Role.BUDGET_HOLDER),
            )
        ]
    first, second, approver, holder = people
    return Council(made, first, second, approver, holder, owner_database)


@dataclass(frozen=True)
class Office:
    """Where the council's people act: transactions in which letters can be written."""

    app: Flask
    council: Council

    @contextmanager
    def working(self, person: Person) -> Iterator[ScopedSession]:
        """A transaction of somebody who works for the council."""
        with self.within(self.council.scope(person)) as session:
            yield session

    @contextmanager
    def within(self, scope: Scope) -> Iterator[ScopedSession]:
        """A transaction of this scope."""
        database: Database = self.app.extensions["portal.database"]
        with self.app.app_context(), database.transaction(scope) as session:
            yield session


@pytest.fixture
def office(app: Flask, council: Council) -> Office:
    """The council at work."""
    return Office(app, council)
