"""Four councils that evaluate one opened round together, and the three providers that bid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.frameworks.evaluation.compliance import actions as compliance
from portal.frameworks.evaluation.compliance.actions import Verdict
from portal.frameworks.evaluation.compliance.queries import sheets
from portal.frameworks.evaluation.deciding import actions as deciding
from portal.frameworks.evaluation.deciding.actions import Decision
from portal.frameworks.evaluation.deciding.queries import marks
from portal.frameworks.evaluation.evaluators import actions as people
from portal.frameworks.evaluation.letters import actions as letters
from portal.frameworks.evaluation.moderating import actions as moderating
from portal.frameworks.evaluation.moderating.actions import Agreed
from portal.frameworks.evaluation.rules import Duty, Outcome
from portal.frameworks.evaluation.scoring import actions as scoring
from portal.frameworks.evaluation.scoring.actions import Given
from portal.frameworks.models import Category, Framework
from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import Unit
from portal.identity.models import Membership, Organisation, Person
from portal.identity.rules import Role
from portal.kernel.clock import now_of, set_clock
from portal.kernel.database import Database, ScopedSession
from portal.kernel.local_time import local_date
from portal.kernel.tenancy import Scope, Task
from tests.makers import (
    make_category,
    make_category_terms,
    make_council,
    make_demand,
    make_evidence,
    make_framework,
    make_open_round,
    make_person,
    make_provider,
    make_submission,
    make_terms,
)
from tests.makers.questions import make_question
from tests.makers.rounds import open_it
from tests.visiting import Visitor, visit

OPERATOR = Scope.system(Task.OPERATOR)
OPENED = datetime(2026, 12, 1, 10, tzinfo=UTC)
SENT = datetime(2026, 12, 17, 12, tzinfo=UTC)
AFTER = datetime(2027, 1, 6, 9, tzinfo=UTC)
NAMES = ("Aldermoor", "Brackenvale", "Copperholt", "Dunlin")
PRICES = {"Larkspur": "2900.00", "Millstone": "3454.00", "Nettlewood": "3925.00"}
SCORES = {"Larkspur": 3, "Millstone": 5, "Nettlewood": 4}


@dataclass
class Scene:
    """The round and everybody around it; ``people`` by council and role."""

    app: Flask
    owner: Database
    councils: list[Organisation]
    providers: dict[str, Organisation]
    framework: Framework
    category: Category
    round: Round
    questions: list[QuestionVersion]
    applications: dict[str, UUID]
    people: dict[tuple[UUID, Role], Person]
    moderator: Person
    visitors: dict[tuple[UUID, UUID], Visitor] = field(default_factory=dict)

    @property
    def lead(self) -> Organisation:
        """The council that leads the framework."""
        return self.councils[0]

    @contextmanager
    def working(self, person: Person, organisation: Organisation) -> Iterator[ScopedSession]:
        """A transaction of somebody's."""
        database: Database = self.app.extensions["portal.database"]
        scope = Scope(organisation.id, person.id)
        with self.app.app_context(), database.transaction(scope) as session:
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

    def by(self, organisation: Organisation, who: Role | Person) -> Visitor:
        """Somebody's browser, signed in once."""
        person = self.people[organisation.id, who] if isinstance(who, Role) else who
        key = organisation.id, person.id
        if key not in self.visitors:
            with self.operating() as session:
                membership = session.scalars(
                    select(Membership).where(
                        Membership.person_id == person.id,
                        Membership.organisation_id == organisation.id,
                    )
                ).one()
                self.visitors[key] = visit(self.app, session, membership)
        return self.visitors[key]

    def open(self, organisation: Organisation, who: Role | Person, page: str) -> TestResponse:
        """A page of the round, as somebody sees it."""
        return self.by(organisation, who).get(f"/rounds/{self.round.id}/{page}")

    def send(
        self,
        organisation: Organisation,
        who: Role | Person,
        page: str,
        data: dict[str, Any] | None = None,
    ) -> TestResponse:
        """A form of the round, as somebody sends it."""
        return self.by(organisation, who).post(f"/rounds/{self.round.id}/{page}", data)

    def act(self, organisation: Organisation, who: Role | Person, action: Any, **said: Any) -> Any:
        """An action of somebody's on the round, in a transaction of its own."""
        person = self.people[organisation.id, who] if isinstance(who, Role) else who
        with self.working(person, organisation) as session:
            own = Actor(person.id, person.name, organisation.id)
            at = said.pop("at", None) or now_of(session)
            return action(session, own, self.round.id, **said, at=at)

    def application(self, provider: str) -> UUID:
        """The id of a provider's application."""
        return self.applications[provider]

    def events(self, event: str) -> list[AuditEvent]:
        """What was recorded of one kind, the oldest first."""
        with self.operating() as session:
            wanted = select(AuditEvent).where(AuditEvent.event == event)
            return list(session.scalars(wanted.order_by(AuditEvent.at, AuditEvent.id)))

    # What each step does where a test begins behind it.

    def staff(self) -> None:
        """An evaluator of each council and the lead's moderator, all without a conflict."""
        named = [
            (council, self.people[council.id, Role.EVALUATOR], Duty.EVALUATOR)
            for council in self.councils
        ]
        for council, person, duty in (*named, (self.lead, self.moderator, Duty.MODERATOR)):
            self.act(council, Role.COMMISSIONER, people.name, person_id=person.id, duty=duty)
            self.act(council, person, people.declare, conflict=None)

    def check(self, **failing: dict[str, str]) -> None:
        """Every part passes, but for the reasons given by provider and part."""
        with self.working(self.people[self.lead.id, Role.COMMISSIONER], self.lead) as session:
            round_ = session.get_one(Round, self.round.id)
            found = sheets(session, round_, local_date(now_of(session)))
        for sheet in found:
            wrong = failing.get(sheet.applicant.name, {})
            verdicts = {
                part.part: Verdict(part.part not in wrong, wrong.get(part.part, ""))
                for part in sheet.parts
            }
            self.act(
                self.lead, Role.COMMISSIONER, compliance.check, version=0, verdicts=verdicts,
                application_id=sheet.applicant.id,
            )  # fmt: skip

    def begin(self) -> None:
        """Everything up to the scoring."""
        self.staff()
        self.check()
        self.act(self.lead, Role.COMMISSIONER, people.begin)

    def score(self, council: Organisation, *, shift: int = 0, finish: bool = True) -> None:
        """A council's evaluator scores every application by SCORES, and finishes."""
        for provider, score in SCORES.items():
            given = {
                version.question_id: Given(max(0, score - shift), f"What {council.name} thinks")
                for version in self.questions
                if version.points
            }
            self.act(
                council, Role.EVALUATOR, scoring.save, given=given, version=0,
                application_id=self.application(provider),
            )  # fmt: skip
        if finish:
            self.act(council, Role.EVALUATOR, scoring.finish)

    def agree(self, *, version: int = 0) -> None:
        """The moderator agrees SCORES on every answer."""
        for provider, score in SCORES.items():
            self.act(
                self.lead, self.moderator, moderating.agree, version=version,
                application_id=self.application(provider),
                agreed={
                    one.question_id: Agreed(score, f"What all think of {provider}")
                    for one in self.questions
                    if one.points
                },
            )  # fmt: skip

    def moderate(self) -> None:
        """Everything up to decisions."""
        self.begin()
        for council in self.councils:
            self.score(council)
        self.act(self.lead, self.moderator, moderating.begin)
        self.agree()
        self.act(self.lead, self.moderator, moderating.finish)

    def decide(self, **said: tuple[Outcome, str]) -> None:
        """The category is decided by the ranking, but for what is said of a provider."""
        commissioner = self.people[self.lead.id, Role.COMMISSIONER]
        with self.working(commissioner, self.lead) as session:
            round_ = session.get_one(Round, self.round.id)
            (found,) = marks(session, round_, local_date(now_of(session)))
            decisions = {
                one.bid.id: Decision(
                    *said.get(one.name, (one.proposed or Outcome.NONE, one.offered))
                )
                for one in found.bids
                if one.ranked is not None
            }
        self.act(
            self.lead, commissioner, deciding.decide, category_id=self.category.id,
            decisions=decisions, tier_size=None, version=0,
        )  # fmt: skip

    def tell(self) -> None:
        """Everything up to the letters, sent on 17 December 2026."""
        self.moderate()
        self.decide()
        self.clock(SENT)
        self.act(self.lead, Role.COMMISSIONER, deciding.fix)
        self.act(self.lead, Role.COMMISSIONER, letters.send)


def make_scene(app: Flask, owner: Database) -> Scene:
    """Make it all; one place and one reserve place in one category of weekly prices."""
    with owner.transaction(OPERATOR) as session:
        set_clock(session, OPENED)
        councils = [make_council(session, name=f"{name} Council") for name in NAMES]
        providers = {name: make_provider(session, name=name) for name in PRICES}
        lead, *partners = councils
        framework = make_framework(session, lead=lead, partners=partners)
        make_terms(session, framework=framework)
        category = make_category(session, framework=framework, unit=Unit.NIGHT, title="Homes")
        make_category_terms(
            session, category=category, optima={"": "3140.00"}, places=1, reserves=1
        )
        make_demand(session, framework=framework)
        people = {}
        for organisation in councils:
            for role in (Role.COMMISSIONER, Role.EVALUATOR):
                name = f"{role.value.title()} of {organisation.name.split()[0]}"
                people[organisation.id, role] = make_person(
                    session, organisation=organisation, roles=[role], name=name, password=None
                )
        moderator = make_person(
            session, organisation=lead, roles=[Role.EVALUATOR], name="Mo Moderator", password=None
        )
        for provider in providers.values():
            make_evidence(session, provider=provider)
            for role in (Role.PROVIDER_ADMINISTRATOR, Role.BIDS):
                people[provider.id, role] = make_person(
                    session, organisation=provider, roles=[role], password=None
                )
        round_ = make_open_round(
            session, framework=framework, title="Winter round",
            made_by=people[lead.id, Role.COMMISSIONER],
            opens_at=OPENED - timedelta(days=30), closes_at=OPENED - timedelta(days=1),
        )  # fmt: skip
        questions = [
            make_question(session, round_=round_, code="safe", wording="Are you safe?",
                          required="yes"),
            make_question(session, round_=round_, code="approach", kind=QuestionKind.TEXT,
                          wording="How do you work?", points=40),
            make_question(session, round_=round_, code="staff", kind=QuestionKind.TEXT,
                          wording="Who works for you?", points=20),
        ]  # fmt: skip
        applications = {}
        for name, price in PRICES.items():
            applications[name] = make_submission(
                session, round_=round_, provider=providers[name],
                prices={category.code: price}, by=people[providers[name].id, Role.BIDS],
                answers={
                    version.id: "yes" if version.required else f"{name} says: {version.wording}"
                    for version in questions
                },
            ).application_id  # fmt: skip
        open_it(session, round_)
    return Scene(
        app,
        owner,
        councils,
        providers,
        framework,
        category,
        round_,
        questions,
        applications,
        people,
        moderator,
    )
