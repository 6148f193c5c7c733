"""A round with many providers, each with a complete draft and a browser over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.models import Framework
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.clock import now_of
from portal.kernel.database import Database, ScopedSession
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.faults.test_over_http import Answer, Browser
from tests.makers import (
    make_application,
    make_category,
    make_council,
    make_framework,
    make_open_round,
    make_person,
    make_provider,
)
from tests.makers.applications import make_part
from tests.makers.lots import make_category_terms, make_terms
from tests.makers.rounds import PHRASE

OPERATOR = Scope.system(Task.OPERATOR)


@dataclass(frozen=True)
class Bidder:
    """A provider's person with a complete application."""

    provider: Organisation
    person: Person
    application: Application

    @property
    def address(self) -> str:
        """Where the application is submitted."""
        return f"/applications/{self.application.id}/submit"


@dataclass(frozen=True)
class Fair:
    """The round, those who bid and the two who open."""

    owner: Database
    council: Organisation
    framework: Framework
    round: Round
    openers: tuple[Person, Person]
    bidders: tuple[Bidder, ...]

    @contextmanager
    def operating(self) -> Iterator[ScopedSession]:
        """A transaction of the operator's."""
        with self.owner.transaction(OPERATOR) as session:
            yield session

    def close_at(self, moment: datetime) -> None:
        """Let the round close at a moment."""
        with self.operating() as session:
            round_ = session.get_one(Round, self.round.id)
            round_.advertised_closes_at = round_.questions_until = round_.closes_at = moment

    def received(self) -> set[str]:
        """The references of all that was received."""
        with self.operating() as session:
            return set(session.scalars(select(Submission.reference).order_by(Submission.id)))

    def opened_at(self) -> datetime | None:
        """When the bids were opened."""
        with self.operating() as session:
            return session.get_one(Round, self.round.id).opened_at


def make_fair(
    owner: Database, *, bidders: int, price: str = "28.00", closes_in: timedelta = timedelta(days=1)
) -> Fair:
    """An open round for which so many providers have a complete draft."""
    with owner.transaction(OPERATOR) as session:
        council = make_council(session)
        framework = make_framework(session, lead=council)
        make_terms(session, framework=framework)
        category = make_category(session, framework=framework)
        make_category_terms(session, category=category, optima={"": None})
        first, second = (
            make_person(session, organisation=council, roles=[Role.COMMISSIONER], password=None)
            for _ in range(2)
        )
        round_ = make_open_round(
            session, framework=framework, openers=(first, second), made_by=first,
            closes_at=now_of(session) + closes_in,
        )  # fmt: skip
        made = tuple(_bidder(session, round_, price) for _ in range(bidders))
    return Fair(owner, council, framework, round_, (first, second), made)


def _bidder(session: Session, round_: Round, price: str) -> Bidder:
    provider = make_provider(session)
    person = make_person(session, organisation=provider, roles=[Role.BIDS], password=None)
    application = make_application(session, round_=round_, provider=provider, by=person)
    for part, value in (("category:1a", True), ("price:1a:", Money.pounds(price).pence)):
        make_part(session, application=application, part=part, value=value, by=person)
    return Bidder(provider, person, application)


@dataclass(frozen=True)
class Window:
    """A bidder's browser with the declaration filled in, ready to be sent any number of times."""

    browser: Browser
    path: str
    form: dict[str, str]

    def send(self) -> Answer:
        """Submit it, as a new form each time."""
        form = {name: value for name, value in self.form.items() if name != "_nonce"}
        return self.browser.ask("POST", self.path, form)


def windows(come_in: Callable[[Person], Browser], fair: Fair) -> list[Window]:
    """A window of each bidder, from an address of its own."""
    opened = []
    for number, bidder in enumerate(fair.bidders):
        browser = replace(come_in(bidder.person), address=f"10.7.{number // 250}.{number % 250}")
        form = browser.hidden(bidder.address, bidder.address)
        whole = {**form, "declared_as": "Director", "declare": "y"}
        opened.append(Window(browser, bidder.address, whole))
    return opened


def give(browser: Browser, round_id: UUID) -> Answer:
    """An opener gives their share."""
    path = f"/rounds/{round_id}/opening"
    token = browser.hidden("/opening-key/make", "/opening-key/make")["csrf_token"]
    return browser.ask("POST", path, {"csrf_token": token, "phrase": PHRASE})


def newest(session: Session, round_id: UUID) -> dict[UUID, int]:
    """The number of the last submission of each application."""
    rows = session.execute(
        select(Submission.application_id, func.max(Submission.number))
        .where(Submission.round_id == round_id)
        .group_by(Submission.application_id)
        .order_by(Submission.application_id)
    )
    return {row[0]: row[1] for row in rows}
