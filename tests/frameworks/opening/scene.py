"""One round with the two people who open it, a council beside, and providers who bid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.applications.receiving.actions import receive
from portal.frameworks.models import Category, Framework
from portal.frameworks.rounds.models import Round
from portal.identity.models import Membership, Organisation, Person
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from portal.kernel.database import Database, ScopedSession
from portal.kernel.tenancy import Base, Scope, Task
from tests.makers import (
    make_application,
    make_category,
    make_council,
    make_framework,
    make_open_round,
    make_person,
    make_provider,
)
from tests.makers.rounds import PHRASE, content_of
from tests.visiting import Visitor, visit

OPERATOR = Scope.system(Task.OPERATOR)


@dataclass(frozen=True)
class Scene:
    """A round of one category, open for a week, and everybody around it."""

    app: Flask
    owner: Database
    council: Organisation
    partner: Organisation
    provider: Organisation
    framework: Framework
    category: Category
    round: Round
    openers: tuple[Person, Person]
    bidder: Person
    application: Application

    @property
    def database(self) -> Database:
        """The database as the application opens it."""
        opened: Database = self.app.extensions["portal.database"]
        return opened

    @contextmanager
    def working(self, person: Person, organisation: Organisation) -> Iterator[ScopedSession]:
        """A transaction of somebody's."""
        scope = Scope(organisation.id, person.id)
        with self.app.app_context(), self.database.transaction(scope) as session:
            yield session

    @contextmanager
    def operating(self) -> Iterator[ScopedSession]:
        """A transaction of the operator's, for makers and for looking at everything."""
        with self.owner.transaction(OPERATOR) as session:
            yield session

    def clock(self, moment: datetime) -> None:
        """Set the demonstration's clock."""
        with self.operating() as session:
            set_clock(session, moment)

    def close(self) -> None:
        """Let the round's closing pass."""
        self.clock(self.round.closes_at + timedelta(minutes=1))

    def submit(self, price: str = "41.50", *, answers: dict[UUID, Any] | None = None) -> Submission:
        """The provider's application, as its form sends it in."""
        with self.working(self.bidder, self.provider) as session:
            content = content_of(session, self.round, {self.category.code: price}, answers)
            application = session.get_one(Application, self.application.id)
            actor = Actor(self.bidder.id, self.bidder.name, self.provider.id)
            return receive(session, actor, application, content, declared_as="Director")

    def browser(self, person: Person, organisation: Organisation | None = None) -> Visitor:
        """Somebody's browser, signed in for the lead council unless another is named."""
        own = (organisation or self.council).id
        with self.operating() as session:
            membership = session.scalars(
                select(Membership).where(
                    Membership.person_id == person.id, Membership.organisation_id == own
                )
            ).one()
            return visit(self.app, session, membership)

    def give(
        self, person: Person, *, phrase: str = PHRASE, organisation: Organisation | None = None
    ) -> TestResponse:
        """Somebody sends the form that gives their share."""
        browser = self.browser(person, organisation)
        return browser.post(f"/rounds/{self.round.id}/opening", {"phrase": phrase})

    def count(self, model: type[Base], *conditions: ColumnElement[bool]) -> int:
        """How many rows there are."""
        with self.operating() as session:
            counted = select(func.count()).select_from(model).where(*conditions)
            return session.scalar(counted) or 0

    def events(self, event: str) -> list[AuditEvent]:
        """What was recorded of one kind, the oldest first."""
        with self.operating() as session:
            return list(
                session.scalars(
                    select(AuditEvent).where(AuditEvent.event == event).order_by(AuditEvent.id)
                )
            )

    def is_opened(self) -> bool:
        """Whether the bids are open by now."""
        with self.operating() as session:
            return session.get_one(Round, self.round.id).opened_at is not None


def make_scene(app: Flask, owner: Database) -> Scene:
    """Make it all."""
    with owner.transaction(OPERATOR) as session:
        council = make_council(session, name="Aldermoor Council")
        provider = make_provider(session, name="Larkspur Mentoring")
        partner = make_council(session, name="Brackenvale Council")
        framework = make_framework(session, lead=council, partners=[partner])
        category = make_category(session, framework=framework)
        first, second = (commissioner(session, council) for _ in range(2))
        bidder = make_person(session, organisation=provider, roles=[Role.BIDS], password=None)
        round_ = make_open_round(
            session, framework=framework, openers=(first, second), made_by=first
        )
        application = make_application(session, round_=round_, provider=provider, by=bidder)
    return Scene(
        app, owner, council, partner, provider, framework, category, round_, (first, second),
        bidder, application,
    )  # fmt: skip


def commissioner(session: Session, council: Organisation) -> Person:
    """Somebody whose role lets them run and open rounds."""
    return make_person(session, organisation=council, roles=[Role.COMMISSIONER], password=None)
