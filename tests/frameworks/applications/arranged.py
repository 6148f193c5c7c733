"""A framework of two lots with a round that is open, and what it asks.

Lot 1: 1a mentoring, by the hour, £20.00 or more and below £45.00.
Lot 2: 2a fostering, by the week and age, optimum £720.00 and £800.00; 2b emergency, no price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.evidence.rules import EvidenceKind
from portal.frameworks.lots.rules import Limit, PriceMethod
from portal.frameworks.models import Category, Framework, Lot
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import Mechanism, Unit
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.clock import now_of
from portal.kernel.tenancy import Scope, Task
from tests.makers import csrf_token, make_framework
from tests.makers.lots import make_category_terms, make_demand, make_terms
from tests.makers.questions import make_question, make_version
from tests.makers.rounds import make_open_round
from tests.makers.rows import add, numbers
from tests.support.visits import Read, Visitor, Visits

OPERATOR = Scope.system(Task.OPERATOR)


@dataclass
class Arranged:
    """The open round, and its questions by their codes."""

    framework: Framework
    round: Round
    categories: Mapping[str, Category]
    questions: dict[str, Question] = field(default_factory=dict)
    versions: dict[str, QuestionVersion] = field(default_factory=dict)


def arranged(visits: Visits, *, framework: Framework | None = None, **dates: Any) -> Arranged:
    """A new round of Aldermoor's, on a new framework unless one is named."""
    with visits.standing.owner.transaction(OPERATOR) as session:
        lead = session.get_one(Organisation, visits.world.aldermoor.id)
        if framework is None:
            framework = _framework(session, lead)
        framework = session.get_one(Framework, framework.id)
        session.refresh(framework, ["lots"])
        categories = {one.code: one for lot in framework.lots for one in lot.categories}
        round_ = make_open_round(
            session, framework=framework, title=f"Round {next(numbers)} of mentoring", **dates
        )
        made = Arranged(framework, round_, categories)
        ask(session, made, "about", QuestionKind.TEXT, "Who are you?", most_words=5)
        ask(session, made, "insured", QuestionKind.YES_NO, "Are you insured?", required="yes")
        ask(session, made, "others", QuestionKind.YES_NO, "Do you use sub-contractors?")
        ask(
            session, made, "which", QuestionKind.TEXT, "Which sub-contractors?",
            asked_if_code="others", asked_if_answer="yes",
        )  # fmt: skip
        ask(
            session, made, "homes", QuestionKind.NUMBER, "How many homes have you?",
            lot=framework.lots[1],
        )  # fmt: skip
    return made


def ask(
    session: Session,
    made: Arranged,
    code: str,
    kind: QuestionKind,
    wording: str,
    *,
    lot: Lot | None = None,
    **said: Any,
) -> QuestionVersion:
    """Ask a question; asked before under this code, it is a newer version of it."""
    before = made.versions.get(code)
    if before is None:
        version = make_question(
            session, round_=made.round, code=code, lot=lot, kind=kind, wording=wording, **said
        )
        made.questions[code] = session.get_one(Question, version.question_id)
    else:
        version = make_version(
            session, question=made.questions[code], number=before.number + 1, kind=kind,
            wording=wording, **said,
        )  # fmt: skip
    made.versions[code] = version
    return version


def _framework(session: Session, lead: Organisation) -> Framework:
    framework = make_framework(session, lead=lead, title=f"Care {next(numbers)}")
    homes = add(
        session,
        Lot(framework_id=framework.id, lead_council_id=lead.id, number=2, title="Fostering"),
    )
    session.refresh(framework, ["lots"])
    make_terms(session, framework=framework)
    first = framework.lots[0]
    hourly = _category(session, first, "1a", "Mentoring", Unit.HOUR)
    weekly = _category(session, homes, "2a", "Standard fostering", Unit.NIGHT)
    urgent = _category(session, homes, "2b", "Emergency placements", Unit.NIGHT)
    make_category_terms(
        session, category=hourly, method=PriceMethod.CEILING, limit=Limit.BELOW,
        optima={"": None}, maximum="45.00", floor="5.00", yearly_units=1000,
        bands=[("A", "30.00"), ("B", None)],
    )  # fmt: skip
    make_category_terms(
        session, category=weekly, varies_by="age", optima={"0-10": "720.00", "11-17": "800.00"}
    )
    make_category_terms(session, category=urgent, self_select=True)
    make_demand(session, framework=framework, kind=EvidenceKind.PUBLIC_LIABILITY)
    return framework


def _category(session: Session, lot: Lot, code: str, title: str, unit: Unit) -> Category:
    nightly = unit is Unit.NIGHT
    return add(
        session,
        Category(
            framework_id=lot.framework_id,
            lead_council_id=lot.lead_council_id,
            lot_id=lot.id,
            code=code,
            title=title,
            mechanism=Mechanism.NIGHTLY_SHARE if nightly else Mechanism.UNIT,
            unit=unit,
        ),
    )


@dataclass(frozen=True)
class Applicant:
    """Somebody of a provider's, with the application that they work on."""

    visitor: Visitor
    made: Arranged
    application_id: UUID

    @property
    def home(self) -> str:
        """The address of the task list."""
        return f"/applications/{self.application_id}"

    def tasks(self) -> Read:
        """The task list."""
        return self.visitor.open(self.home)

    def choose(self, *codes: str, **versions: int) -> Read:
        """Choose the categories that are bid for."""
        page = self.visitor.open(f"{self.home}/categories")
        seen = {
            f"version-{code}": value
            for code in ("1a", "2a", "2b")
            for value in page.values(f"version-{code}")
        }
        said = {f"version-{code}": str(version) for code, version in versions.items()}
        return self.visitor.send(
            f"{self.home}/categories", {"categories": list(codes), **seen, **said}
        )

    def question(self, code: str) -> str:
        """The address of a question."""
        return f"{self.home}/answers/{self.made.questions[code].id}"

    def answer(self, code: str, said: Any, *, version: int | None = None) -> Read:
        """Answer a question as its page stands, or as it stood at a version."""
        page = self.visitor.open(self.question(code))
        seen = page.values("version")[0] if version is None else str(version)
        return self.visitor.send(self.question(code), {"answer": said, "version": seen})

    def type(self, path: str, said: Mapping[str, str]) -> Read:
        """What htmx sends while somebody types."""
        token = csrf_token(self.visitor.client.get("/").get_data(as_text=True))
        form = {**said, "csrf_token": token}
        answer = self.visitor.client.post(path, data=form, headers={"HX-Request": "true"})
        return Read(answer, 0)

    def price(self, code: str, *said: str) -> Read:
        """Enter a category's prices in their order."""
        page = self.visitor.open(f"{self.home}/prices/{code}")
        form = {f"price_{place}": text for place, text in enumerate(said, 1)}
        for place in range(1, len(said) + 1):
            form[f"version-{place}"] = page.values(f"version-{place}")[0]
        return self.visitor.send(f"{self.home}/prices/{code}", form)

    def complete(self) -> None:
        """Say all that mentoring asks for."""
        self.choose("1a")
        self.answer("about", "Mentors in the valley")
        self.answer("insured", "yes")
        self.answer("others", "no")
        self.price("1a", "28.00")

    def submit(self) -> Read:
        """Declare it and submit it, as the page stands."""
        page = self.visitor.open(f"{self.home}/submit")
        seen = page.values("seen")
        return self.visitor.send(
            f"{self.home}/submit",
            {"declared_as": "Director", "declare": "y", "seen": seen[0] if seen else ""},
        )


def begin(visits: Visits, made: Arranged, provider: Organisation | None = None) -> Applicant:
    """Begin an application with empty pages, as the bids person of Larkspur unless named."""
    visitor = visits.by(provider or visits.world.larkspur, Role.BIDS)
    answer = visitor.send(f"/applications/rounds/{made.round.id}", {"lend": "no"})
    assert answer.status == 303, answer.words
    return Applicant(visitor, made, UUID(str(answer.response.location).rsplit("/", 1)[1]))


def colleague(visits: Visits, applicant: Applicant) -> Applicant:
    """The administrator of Larkspur, who works on the same application."""
    other = visits.by(visits.world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    return Applicant(other, applicant.made, applicant.application_id)


def close(visits: Visits, made: Arranged) -> datetime:
    """Let the round have closed an hour ago."""
    with visits.standing.owner.transaction(OPERATOR) as session:
        round_ = session.get_one(Round, made.round.id)
        closed = now_of(session) - timedelta(hours=1)
        round_.advertised_closes_at = round_.questions_until = round_.closes_at = closed
        round_.opens_at = min(round_.opens_at, closed - timedelta(days=1))
    return closed
