"""Before opening nobody learns how many bids there are, or whether there is one: whatever
everybody but the bidders can read stays as it was before the first of them began."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from portal.frameworks.applications.models import Application
from portal.frameworks.models import FrameworkCouncil
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.rules import QuestionKind
from portal.identity.models import Membership, Organisation, Person, SignIn
from portal.identity.rules import Role, role_fits
from portal.kernel.database import Database
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Base, Scope
from tests.faults.bidding import Fair, make_fair
from tests.faults.needles import links
from tests.makers import make_council, make_person, make_provider
from tests.makers.applications import make_application_file, make_part
from tests.makers.files import make_stored_file
from tests.makers.questions import make_question
from tests.support.background import RunJobs
from tests.support.size import ONE_ENGINE, size
from tests.visiting import Visitor, stranger, visit

pytestmark = pytest.mark.slow

MOST_PAGES = size(9, 60)  # of one person
ROLES = size({Role.AUDITOR, Role.BIDS}, set(Role))
PASSING = re.compile(r'name="(csrf_token|_nonce)" value="[^"]*"|The clock is set to [^.]*')
Found = dict[str, Any]


@dataclass(frozen=True)
class Onlooker:
    """Somebody who does not bid in the round, with a browser."""

    scope: Scope
    visitor: Visitor

    def finds(self, database: Database, starts: list[str]) -> Found:
        """Every row that the database lets them see, and every page that leads from these."""
        return {**self._rows(database), **self._pages(starts)}

    def _rows(self, database: Database) -> Found:
        with database.session(self.scope) as session:
            return {
                model.__tablename__: [
                    [getattr(one, each.key) for each in inspect(model).column_attrs]
                    for one in session.scalars(select(model).order_by(*inspect(model).primary_key))
                ]
                for model in (mapper.class_ for mapper in Base.registry.mappers)
                if model is not SignIn  # each request says when they were seen last
            }

    def _pages(self, starts: list[str]) -> Found:
        waiting, found = deque(starts), Found()
        while waiting and len(found) < MOST_PAGES:
            path = waiting.popleft()
            if path not in found:
                answer = self.visitor.get(path)
                found[path] = [answer.status_code, *PASSING.sub("", answer.text).splitlines()]
                new = links(answer.text)
                waiting.extend(link for link in new if not link.startswith("/sign-in"))
        return found


def come_in(app: Flask, fair: Fair, person: Person, organisation: Organisation) -> Onlooker:
    with fair.operating() as session:
        membership = session.scalars(
            select(Membership).where(
                Membership.person_id == person.id, Membership.organisation_id == organisation.id
            )
        ).one()
        visitor = visit(app, session, membership)
    return Onlooker(Scope(organisation.id, person.id), visitor)


def onlookers(app: Flask, fair: Fair) -> dict[str, Onlooker]:
    """Every role of the lead council and of a partner, a rival, and the public."""
    with fair.operating() as session:
        partner, rival = make_council(session), make_provider(session)
        session.add(
            FrameworkCouncil(
                framework_id=fair.framework.id,
                council_id=partner.id,
                lead_council_id=fair.council.id,
            )
        )
        people = {
            f"{role} of {one.name}": (make_person(session, organisation=one, roles=[role]), one)
            for one in (fair.council, partner, rival)
            for role in sorted(ROLES)
            if role_fits(one.kind, role)
        }
    opener = come_in(app, fair, fair.openers[0], fair.council)
    return {
        **{name: come_in(app, fair, *one) for name, one in people.items()},
        "an opener": opener,
        "the public": Onlooker(Scope.public(), stranger(app)),
    }


def bid(
    app: Flask, fair: Fair, provider: Organisation, person: Person, asks: QuestionVersion
) -> None:
    """Begin, answer with a file, submit, change, submit again."""
    own = come_in(app, fair, person, provider).visitor

    def send(path: str, **form: str) -> str:
        answer = own.post(path, form)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    home = send(f"/applications/rounds/{fair.round.id}", lend="no")
    send(f"{home}/categories", categories="1a", **{"version-1a": "0"})
    with fair.operating() as session:
        application = session.get_one(Application, UUID(home.rsplit("/", 1)[1]))
        file = make_stored_file(session, provider=provider, name="Policy.pdf")
        question = session.get_one(Question, asks.question_id)
        make_application_file(session, application=application, question=question, file=file)
        make_part(
            session, application=application, part=f"answer:{question.code}", value=str(file.id),
            by=person, question_version_id=asks.id,
        )  # fmt: skip
    for version, price in enumerate(("28.00", "27.50")):
        send(f"{home}/prices/1a", **{"price_1": price, "version-1": str(version)})
        page = own.get(f"{home}/submit").text
        seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
        send(f"{home}/submit", declared_as="Director", declare="y", seen=seen)


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_what_others_can_read_is_the_same_however_many_bid(
    app: Flask, owner_database: Database, run_jobs: RunJobs
) -> None:
    fair = make_fair(owner_database, bidders=0)
    with fair.operating() as session:
        asks = make_question(session, round_=fair.round, kind=QuestionKind.FILE)
        bidders = []
        for _ in range(2):
            provider = make_provider(session)
            person = make_person(session, organisation=provider, roles=[Role.BIDS])
            bidders.append((provider, person))
    home = f"/rounds/{fair.round.id}"
    starts = [
        home, f"{home}/opening", f"{home}/late-doors", f"/opportunities/{fair.round.id}",
        f"/frameworks/{fair.framework.id}", "/record", "/notices", "/rounds", "/",
    ]  # fmt: skip
    watching = onlookers(app, fair)
    database: Database = app.extensions["portal.database"]
    allowed = {
        name: [path for path in starts if one.visitor.get(path).status_code == 200]
        for name, one in watching.items()
    }

    def all_of_it() -> dict[str, Found]:
        run_jobs()
        with fair.operating() as session:
            own = [person.id for _, person in bidders]
            letters = session.scalars(
                select(Letter).where(Letter.person_id.not_in(own)).order_by(Letter.id)
            )
            post = {"letters": [(one.address, one.subject) for one in letters]}
        found = {name: one.finds(database, allowed[name]) for name, one in watching.items()}
        return {**found, "the post": post}

    before = all_of_it()
    for one in bidders:
        bid(app, fair, *one, asks)
    assert len(fair.received()) == 4, "there is something to learn"
    after = all_of_it()
    for name, found in after.items():
        assert found.keys() == before[name].keys(), name
        for part, said in found.items():
            assert said == before[name][part], (name, part)
