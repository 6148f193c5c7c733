"""A provider with one hourly agreement from 16 April 2026 and one placement, on 2 May 2026."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Mentor
from portal.audit.actions import Actor
from portal.frameworks.models import Framework, Place
from portal.frameworks.rules import Unit
from portal.identity.models import Membership, Organisation, Person
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from portal.kernel.database import Database, ScopedSession
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    make_agreement,
    make_assignment,
    make_category,
    make_council,
    make_framework,
    make_mentor,
    make_person,
    make_place,
    make_provider,
)
from tests.visiting import Visitor, visit

OPERATOR = Scope.system(Task.OPERATOR)
AT = datetime(2026, 5, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Arranged:
    """Everything by name, and the sessions of whoever works with it."""

    database: Database
    owner: Database
    council: Organisation
    provider: Organisation
    framework: Framework
    place: Place
    homes: Place
    finance: Person
    mentoring: Person
    mentor: Mentor
    hourly: Agreement
    placement: Agreement

    @property
    def actor(self) -> Actor:
        """The finance person as the one who acts."""
        return Actor(self.finance.id, self.finance.name, self.provider.id)

    def scope(self, person: Person | None = None, *, only_assigned: bool = False) -> Scope:
        """What a person of the provider sees; the finance person unless another is named."""
        return Scope(self.provider.id, (person or self.finance).id, only_assigned=only_assigned)

    @contextmanager
    def writing(self) -> Iterator[ScopedSession]:
        """A session of the finance person that commits at its end."""
        with self.database.transaction(self.scope()) as session:
            yield session

    @contextmanager
    def operator(self) -> Iterator[ScopedSession]:
        """A session for makers."""
        with self.owner.transaction(OPERATOR) as session:
            yield session

    def count(self, model: type[Any], **where: object) -> int:
        """How many rows of a table there are."""
        with self.owner.session(OPERATOR) as session:
            found = select(func.count()).select_from(model).filter_by(**where)
            return session.scalars(found).one()


def arrange(database: Database, owner: Database) -> Arranged:
    """Make it all."""
    with owner.transaction(OPERATOR) as session:
        council = make_council(session, name="Aldermoor Council")
        provider = make_provider(session, name="Larkspur Mentoring")
        framework = make_framework(session, lead=council)
        hours = make_category(session, framework=framework, code="1a")
        nights = make_category(session, framework=framework, code="1b", unit=Unit.NIGHT)
        place = make_place(session, category=hours, provider=provider)
        homes = make_place(session, category=nights, provider=provider, price="820.00")
        finance = make_person(
            session, organisation=provider, roles=[Role.FINANCE], name="Fran Finance"
        )
        mentoring = make_person(
            session, organisation=provider, roles=[Role.DELIVERY], name="Mo Mentor"
        )
        mentor = make_mentor(session, provider=provider, name="Mo Mentor", person=mentoring)
        hourly = make_agreement(
            session, place=place, council=council, reference="IA-HOURS", starts_on=date(2026, 4, 16)
        )
        placement = make_agreement(
            session, place=homes, council=council, reference="IA-NIGHTS", price="820.00",
            starts_on=date(2026, 3, 20),
        )  # fmt: skip
        make_assignment(session, agreement=hourly, mentor=mentor)
        set_clock(session, AT)
    return Arranged(
        database,
        owner,
        council,
        provider,
        framework,
        place,
        homes,
        finance,
        mentoring,
        mentor,
        hourly,
        placement,
    )


@pytest.fixture
def arranged(database: Database, owner_database: Database) -> Arranged:
    """The arrangement in a database of the test's own, on each engine."""
    return arrange(database, owner_database)


@pytest.fixture
def browser_of(app: Flask, arranged: Arranged) -> Callable[[Person], Visitor]:
    """Gives the signed-in browser of a person."""

    def sign_in(person: Person) -> Visitor:
        with arranged.operator() as session:
            membership = session.scalars(
                select(Membership).where(Membership.person_id == person.id)
            ).one()
            return visit(app, session, membership)

    return sign_in


@pytest.fixture
def finance(arranged: Arranged, browser_of: Callable[[Person], Visitor]) -> Visitor:
    """The finance person's browser."""
    return browser_of(arranged.finance)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that the application sends, from here on."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = app.extensions["portal.database"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def session_form(mentor: Mentor | UUID, **changes: object) -> dict[str, str]:
    """What the form of a session sends for two hours on 16 April 2026."""
    form: dict[str, object] = {
        "day-day": 16,
        "day-month": 4,
        "day-year": 2026,
        "start": "10:00",
        "minutes": "2",
        "mentor": mentor.id if isinstance(mentor, Mentor) else mentor,
        "state": "delivered",
        "mode": "face-to-face",
        "interactions": "1",
        "summary": "",
    }
    form.update({name.replace("_", "-"): value for name, value in changes.items()})
    return {name: str(value) for name, value in form.items()}


def nights_form(first: date, last: date, present: str = "present") -> dict[str, str]:
    """What the form of nights sends."""
    form = {"present": present}
    for name, day in (("first_night", first), ("last_night", last)):
        form |= {f"{name}-day": str(day.day), f"{name}-month": str(day.month)}
        form[f"{name}-year"] = str(day.year)
    return form


def one(session: Session, model: type[Any]) -> Any:
    """The only row of a table."""
    return session.scalars(select(model)).one()
