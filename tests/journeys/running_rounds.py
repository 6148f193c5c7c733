"""Councils and providers who take a framework from its first page to signed places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.evidence.rules import EvidenceKind
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from portal.kernel.database import Database, ScopedSession
from portal.kernel.tenancy import Scope, Task
from tests.journeys.at_forms import Desk, day
from tests.kernel.files.samples import PDF
from tests.makers import make_council, make_evidence, make_person, make_provider, sign_in
from tests.makers.rounds import make_escrow_key

OPERATOR = Scope.system(Task.OPERATOR)
PHRASE = "heron lantern orchard tuesday"
REGISTERED = {
    "legal_name": "Larkspur Homes CIC", "company_number": "", "street": "3 Invented Street",
    "city": "Exampleton", "postcode": "ZZ1 1ZZ",
}  # fmt: skip


@dataclass
class Table:
    """Everybody's desks around one framework; the councils' names are invented."""

    app: Flask
    owner: Database
    councils: list[Organisation]
    people: dict[str, Person]
    desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, who: str) -> Desk:
        """The desk of somebody, signed in: "Aldermoor commissioner"."""
        if who not in self.desks:
            client = self.app.test_client()
            sign_in(client, self.people[who])
            self.desks[who] = Desk(client)
        return self.desks[who]

    @property
    def lead(self) -> Desk:
        """The commissioner of the council that leads."""
        return self.desk(f"{self.councils[0].name} commissioner")

    def everywhere(self, role: str) -> list[Desk]:
        """The desks of that role, the lead council's first."""
        return [self.desk(f"{council.name} {role}") for council in self.councils]

    def clock(self, moment: str) -> None:
        """Set the portal's clock to a moment in UTC."""
        with self.owner.transaction(OPERATOR) as session:
            set_clock(session, datetime.fromisoformat(moment).replace(tzinfo=UTC))

    def looking(self) -> ScopedSession:
        """A session that sees everything."""
        return self.owner.session(OPERATOR)

    def prove(self, provider: str, kinds: Iterable[EvidenceKind]) -> None:
        """The provider's wallet holds these kinds of evidence, verified and in date."""
        with self.owner.transaction(OPERATOR) as session:
            own = session.scalars(select(Organisation).where(Organisation.name == provider)).one()
            make_evidence(session, provider=own, kinds=kinds)

    def register(self, provider: str, letters: Callable[[], Any]) -> None:
        """A provider that the portal does not know registers itself, and confirms by its letter."""
        browser = Desk(self.app.test_client())
        email = f"founder@{provider.split(maxsplit=1)[0].lower()}.example"
        browser.fill("/register", **REGISTERED, name=provider, person_name="Fay New", email=email)
        found = re.search(r"http\S+?(/register/\S+)", letters()[-1].body)
        assert found is not None
        again = {"password": "heron lantern orchard"}
        browser.fill(found[1], action="/new", **again)
        with self.owner.transaction(OPERATOR) as session:
            founder = session.scalars(select(Person).where(Person.email == email)).one()
        self.people[f"{provider} administrator"] = founder

    def provider(self, name: str) -> None:
        """A provider that is there already, whose administrator bids and signs."""
        with self.owner.transaction(OPERATOR) as session:
            made = make_provider(session, name=name)
            self.people[f"{name} administrator"] = make_person(
                session, organisation=made, roles=[Role.PROVIDER_ADMINISTRATOR], password=None
            )


def lay_table(app: Flask, owner: Database, names: Iterable[str], at: str) -> Table:
    """Councils with a commissioner and an evaluator each; the first can do it alone."""
    table = Table(app, owner, [], {})
    table.clock(at)
    with owner.transaction(OPERATOR) as session:
        make_escrow_key(session)
        for name in names:
            council = make_council(session, name=name)
            for role in (Role.COMMISSIONER, Role.EVALUATOR):
                table.people[f"{name} {role.value}"] = make_person(
                    session, organisation=council, roles=[role], password=None,
                    name=f"{name} {role.value}",
                )  # fmt: skip
            table.councils.append(council)
        lead = table.councils[0]
        more = {
            "moderator": Role.EVALUATOR,
            "other evaluator": Role.EVALUATOR,
            "second": Role.COMMISSIONER,
        }
        for what, role in more.items():
            table.people[f"{lead.name} {what}"] = make_person(
                session, organisation=lead, roles=[role], password=None, name=f"{lead.name} {what}"
            )
    return table


def make_round(
    table: Table, framework: str, sets: Mapping[str, str], dates: Mapping[str, str]
) -> str:
    """Make a round for every category, ask ready-made questions, name two openers, announce.

    ``sets`` gives each ready-made set the lot that is asked, "" for everybody; ``dates`` are
    "opens", "questions" and "closes". The round's address.
    """
    lead, second = table.lead, table.desk(f"{table.councils[0].name} second")
    page = f"{framework}/rounds/new"
    offered = lead.form(page).choices("categories")
    when: dict[str, str] = {}
    for name, iso in dates.items():
        when |= {**day(f"{name}_on", iso), f"{name}_time": "midday"}
    address = lead.fill(page, title="First round", guidance="", categories=offered, **when)
    for name, lot in sets.items():
        lead.fill(f"{address}/questions/sets/{name}", lot=lot)
    assert "Name 2 people to open the bids: nobody is named." in lead.read(f"{address}/announce")
    for opener in (lead, second):
        opener.fill("/opening-key/make", phrase=PHRASE, again=PHRASE)
    for person in lead.form(f"{address}/opening/name").choices("person"):
        lead.fill(f"{address}/opening/name", person=person)
    lead.fill(f"{address}/announce")
    return address


def apply(desk: Desk, round_address: str, prices: Mapping[str, list[str]]) -> str:
    """Apply for these categories at these prices, and answer all that is said to be missing.

    The application's address; it is complete and not submitted.
    """
    own = desk.fill(f"/applications{round_address}")
    desk.fill(f"{own}/categories", categories=list(prices))
    for code, asked in prices.items():
        if asked:
            typed = {f"price_{place}": price for place, price in enumerate(asked, start=1)}
            desk.fill(f"{own}/prices/{code}", **typed)
    tried: dict[str, int] = {}
    while missing := desk.missing(f"{own}/check"):
        for question in missing:
            assert "/answers/" in question, f"{missing} is missing beside answers"
            answer(desk, question, tried.get(question, 0))
            tried[question] = tried.get(question, 0) + 1
    return own


def answer(desk: Desk, question: str, attempt: int) -> None:
    """Answer a question as its kind wants it; choices in their order, one after the other."""
    form = desk.form(question)
    offered = form.choices("answer")
    assert attempt < max(1, len(offered)), f"{question}: what was answered does not pass"
    typed: dict[str, Any] = {"answer": "As we always do."}
    if offered:
        typed = {"answer": offered[attempt]}
    elif form.asks("answer-day", "text"):
        typed = day("answer", "2024-04-01")
    elif form.asks("answer", "file"):
        typed = {"answer": (BytesIO(PDF), "policy.pdf")}
    elif form.asks("answer", "text"):
        typed = {"answer": "12"}
    assert desk.send(form, **typed).status_code == 303, question


def submit(desk: Desk, application: str) -> str:
    """Declare an application true and send it in: the address of its receipt."""
    return desk.fill(f"{application}/submit", declared_as="Director", declare="y")


def open_bids(table: Table, round_address: str) -> None:
    """Two people give their shares; before the second, nobody learns how many bids there are."""
    second = table.desk(f"{table.councils[0].name} second")
    table.lead.fill(f"{round_address}/opening", phrase=PHRASE)
    assert table.lead.client.get(f"{round_address}/evaluation").status_code == 404
    second.fill(f"{round_address}/opening", phrase=PHRASE)


def evaluate(table: Table, round_address: str, scores: Mapping[str, int]) -> None:
    """Every council names its evaluator, who declares and scores; the moderator agrees.

    ``scores`` are by the provider's name. Compliance is kept as the portal offers it.
    """
    moderator = table.desk(f"{table.councils[0].name} moderator")
    people = f"{round_address}/evaluation/people"
    evaluators = [table.desk(name) for name in table.people if name.endswith("evaluator")]
    for council, desk in zip(table.councils, table.everywhere("commissioner"), strict=True):
        for name in table.people:
            duty = name.rpartition(" ")[2]
            if name.startswith(council.name) and duty in ("evaluator", "moderator"):
                (person,) = desk.form(people).choices("person", name)
                desk.fill(people, person=person, duty=duty)
    for desk in (*evaluators, moderator):
        desk.fill(f"{round_address}/evaluation/declaration", answer="none")
    for page in table.lead.pages(f"{round_address}/compliance"):
        table.lead.fill(page)
    table.lead.fill(f"{round_address}/evaluation", action="/begin")
    for desk in evaluators:
        _score(desk, f"{round_address}/scoring", scores)
        desk.fill(f"{round_address}/scoring", action="/finish")
    moderator.fill(f"{round_address}/moderation", action="/begin")
    _score(moderator, f"{round_address}/moderation", scores)
    moderator.fill(f"{round_address}/moderation", action="/finish")


def _score(desk: Desk, address: str, scores: Mapping[str, int]) -> None:
    for provider, score in scores.items():
        page = desk.link(address, provider)
        desk.fill(page, **{"score-*": str(score), "reason-*": f"Shown in what {provider} says."})


def decide_and_sign(
    table: Table, round_address: str, winners: Iterable[str], *, after: str, starts_on: str
) -> None:
    """By the ranking: letters, standstill, every signature and the places.

    ``after`` is a moment after the standstill.
    """
    for page in table.lead.pages(f"{round_address}/decisions"):
        table.lead.fill(page)
    table.lead.fill(f"{round_address}/decisions", action="/fix")
    table.lead.fill(f"{round_address}/letters")
    table.clock(after)
    signs = {"signed_as": "Director", "agrees": "y"}
    outcome = round_address.replace("/rounds/", "/outcomes/")
    for winner in winners:
        table.desk(f"{winner} administrator").fill(outcome, action="/sign", **signs)
        for desk in table.everywhere("commissioner"):
            desk.fill(desk.link(f"{round_address}/agreements", winner), **signs)
    agreements = f"{round_address}/agreements"
    table.lead.fill(agreements, action="/conclude", **day("starts_on", starts_on))
