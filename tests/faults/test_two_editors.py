"""Two people change the same thing in the same moment: one is saved, the other is told and keeps
what they typed; nothing is overwritten (promise 17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.complaints.models import Complaint, Message
from portal.delivery.models import DeliverySession
from portal.identity.models import Membership, Person
from portal.identity.rules import Role
from portal.invoicing.actions import replying
from portal.invoicing.models import Decision
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.complaints.handling.cases import Desk
from tests.delivery.conftest import arrange, session_form
from tests.faults.at_once import at_once
from tests.identity.people.conftest import Council, council
from tests.invoicing.filed import AT, file_invoice
from tests.makers import make_person, make_session
from tests.support.size import size
from tests.visiting import Visitor, visit

__all__ = ["council"]

OPERATOR = Scope.system(Task.OPERATOR)
TIMES = size(4, 200)
Typed = Mapping[str, object]


@dataclass(frozen=True)
class Round:
    """What the two typed, and how each was answered."""

    typed: tuple[str, str]
    answers: tuple[TestResponse, TestResponse]

    def winner(self) -> str:
        """What the one typed who was saved; the other was told and has their words before them."""
        statuses = [one.status_code for one in self.answers]
        assert sorted(statuses) == [303, 409], [one.text[-2000:] for one in self.answers]
        won = statuses.index(303)
        lost = 1 - won
        assert self.typed[lost] in self.answers[lost].text, "what was typed is kept"
        return self.typed[won]


@pytest.fixture
def browsers(app: Flask, owner_database: Database) -> Callable[[Person, Person], list[Visitor]]:
    """Gives the signed-in browsers of two people."""

    def signed_in(*people: Person) -> list[Visitor]:
        with owner_database.transaction(OPERATOR) as session:
            own = [session.query(Membership).filter_by(person_id=one.id).one() for one in people]
            return [visit(app, session, membership) for membership in own]

    return signed_in


def both(
    visitors: list[Visitor], address: str, name: str, words: tuple[str, str], form: Typed
) -> Round:
    """Two people send the form of the same page, each with their own words in one field."""

    def send(one: tuple[Visitor, str]) -> TestResponse:
        visitor, said = one
        return visitor.post(address, {**form, name: said})

    first, second = at_once(send, list(zip(visitors, words, strict=True)))
    return Round(words, (first, second))


def test_a_session(
    browsers: Callable[..., list[Visitor]], database: Database, owner_database: Database
) -> None:
    arranged = arrange(database, owner_database)
    with arranged.operator() as session:
        made = make_session(session, agreement=arranged.hourly, mentor=arranged.mentor).id
    two = browsers(arranged.finance, arranged.mentoring)
    for number in range(1, TIMES + 1):
        words = (f"Finance {number}.", f"Mentor {number}.")
        done = both(
            two,
            f"/delivery/sessions/{made}/edit",
            "summary",
            words,
            {**session_form(arranged.mentor), "version": number},
        )
        with owner_database.session(OPERATOR) as session:
            kept = session.get_one(DeliverySession, made)
            assert (kept.summary, kept.version) == (done.winner(), number + 1)


def test_a_persons_roles(browsers: Callable[..., list[Visitor]], council: Council) -> None:
    two = browsers(council.first, council.second)
    member = council.member(council.holder)
    for number in range(TIMES):
        said = (Role.COMMISSIONER.value, Role.REFERRER.value)
        version = council.member(council.holder).version
        done = both(
            two,
            f"/people/{member.id}/roles",
            "roles",
            said,
            {"version": version},
        )
        assert council.roles(council.holder) == {Role(done.winner())}, number
        assert council.member(council.holder).version == version + 1


def test_a_decision_on_a_line(
    browsers: Callable[..., list[Visitor]], database: Database, owner_database: Database
) -> None:
    filed = file_invoice(owner_database, database, sections=1, minutes=60)
    two = browsers(filed.approver, filed.second)
    asked = []
    for number in range(TIMES):
        line = filed.line(1)
        done = both(
            two,
            f"/invoices/{filed.invoice_id}/lines/{line.id}/query",
            "question",
            (f"Who was there {number}?", f"How long was it {number}?"),
            {"version": line.version},
        )
        asked.append(done.winner())
        with database.transaction(filed.scope(filed.finance)) as session:
            replying.answer(
                session, filed.actor(filed.finance), filed.invoice_id, line.id,
                version=line.version + 1, words="Sam was.", at=AT,
            )  # fmt: skip
    with owner_database.session(OPERATOR) as session:
        assert sorted(session.scalars(select(Decision.words))) == sorted(asked)


def test_a_complaints_case(
    browsers: Callable[..., list[Visitor]], database: Database, owner_database: Database
) -> None:
    desk = Desk(database, owner_database)
    with owner_database.transaction(OPERATOR) as session:
        second = make_person(
            session, organisation=desk.council, roles=[Role.COMPLAINTS_MANAGER], name="Sam Second"
        )
    with desk.work() as session:
        desk.take_up(session)
        begun = desk.version(session)
    two = browsers(desk.manager, second)
    sent = []
    for number in range(TIMES):
        done = both(
            two,
            f"/complaints/{desk.id}/do/message",
            "text",
            (f"We look into it {number}.", f"We have asked them {number}."),
            {"version": begun + number},
        )
        sent.append(done.winner())
    with owner_database.session(OPERATOR) as session:
        assert sorted(session.scalars(select(Message.text))) == sorted(sent)
        assert session.get_one(Complaint, desk.id).version == begun + TIMES
