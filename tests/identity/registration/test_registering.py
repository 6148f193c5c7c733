"""A provider registers itself: a letter proves the address before anything is made."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.identity.models import Membership, Organisation, Person
from portal.identity.people.events import Event
from portal.identity.registration.models import Registration
from portal.identity.registration.rules import MOST_WAITING, WAITS_FOR
from portal.identity.rules import Role
from portal.kernel.clock import now_of
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.identity.people.browsing import words_of
from tests.makers import make_person, make_provider
from tests.makers.announced import make_registration
from tests.support.background import Letters, RunJobs
from tests.visiting import Visitor, stranger, visit

OPERATOR = Scope.system(Task.OPERATOR)
TYPED = {
    "name": "Fernhollow  Mentoring",
    "legal_name": "Fernhollow Mentoring CIC",
    "company_number": "",
    "street": "3 Invented Street",
    "city": "Exampleton",
    "postcode": "zz1 1zz",
    "person_name": "Nia New",
    "email": "Nia@Fernhollow.example",
}
PASSWORD = {"password": "heron lantern orchard"}


def made(database: Database, name: str = "Fernhollow Mentoring") -> Organisation | None:
    """The organisation of this name, if there is one."""
    with database.session(OPERATOR) as session:
        return session.scalars(select(Organisation).where(Organisation.name == name)).first()


def link_in(letters: Letters) -> str:
    """The address of the link in the newest letter."""
    found = re.search(r"http\S+?(/register/\S+)", letters()[-1].body)
    assert found is not None
    return found[1]


def test_a_provider_and_its_administrator_are_made_by_the_link(
    app: Flask, owner_database: Database, letters: Letters
) -> None:
    visitor = stranger(app)
    sent = visitor.post("/register", TYPED)
    assert (sent.status_code, sent.location) == (303, "/register/sent")
    assert made(owner_database) is None, "nothing before the address is proved"
    (letter,) = letters()
    assert letter.to == "nia@fernhollow.example"
    assert "Fernhollow Mentoring" not in letter.body, "links, never content"

    link = link_in(letters)
    page = words_of(visitor.get(link))
    assert "Fernhollow Mentoring CIC" in page and "ZZ1 1ZZ" in page
    for weak in ("", "short", "fernhollow mentoring"):
        assert visitor.post(f"{link}/new", {"password": weak}).status_code == 422
    assert visitor.post(f"{link}/new", PASSWORD).location == "/sign-in"

    organisation = made(owner_database)
    assert organisation is not None
    with owner_database.session(OPERATOR) as session:
        member = session.scalars(
            select(Membership).where(Membership.organisation_id == organisation.id)
        ).one()
        assert member.person.email == "nia@fernhollow.example"
        assert [one.role for one in member.roles] == [Role.PROVIDER_ADMINISTRATOR]
        assert session.scalars(select(Registration)).all() == []
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == Event.REGISTERED.value)
        ).one()
        assert event.organisation_id == organisation.id
    again = visitor.post(f"{link}/new", PASSWORD)
    assert again.status_code == 410 and "sign in" in words_of(again)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter the name of your organisation"),
        ({"postcode": "Exampleton"}, "Enter a full UK postcode, like ZZ1 1ZZ"),
        ({"email": "nia"}, "Enter an email address in the correct format"),
    ],
)
def test_what_is_wrong_is_said(app: Flask, changes: dict[str, str], sentence: str) -> None:
    answer = stranger(app).post("/register", {**TYPED, **changes})
    assert answer.status_code == 422 and sentence in words_of(answer)
    assert "3 Invented Street" in answer.text, "what was typed is kept"


def test_the_answer_says_nothing_of_who_is_registered(
    app: Flask, owner_database: Database, letters: Letters
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        taken = make_provider(session, name="Fernhollow Mentoring")
        make_person(session, organisation=taken, roles=[Role.BIDS], email="nia@fernhollow.example")
    visitor = stranger(app)
    assert visitor.post("/register", TYPED).location == "/register/sent"
    page = words_of(visitor.get(link_in(letters)))
    assert "A provider of this name is registered already" in page
    assert visitor.post(f"{link_in(letters)}/new", PASSWORD).status_code == 409


def test_somebody_with_an_account_confirms_by_signing_in(
    app: Flask, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        first = make_provider(session, name="Another Provider")
        make_person(
            session, organisation=first, roles=[Role.FINANCE], email="nia@fernhollow.example"
        )
        other = make_person(session, organisation=first, roles=[Role.FINANCE])
        make_registration(
            session, name="Fernhollow Mentoring", email="nia@fernhollow.example", secret="s",
            at=now_of(session),
        )  # fmt: skip
    visitor = stranger(app)
    assert "Sign in with it to register" in words_of(visitor.get("/register/s"))
    refused = visitor.post("/register/s/new", PASSWORD)
    assert refused.status_code == 409 and "There is an account" in words_of(refused)

    wrong = signed_in(app, owner_database, other.email)
    assert wrong.post("/register/s").status_code == 409
    right = signed_in(app, owner_database, "nia@fernhollow.example")
    assert right.post("/register/s").location == "/organisations"
    organisation = made(owner_database)
    assert organisation is not None
    with owner_database.session(OPERATOR) as session:
        people = session.scalars(
            select(Person).where(Person.email == "nia@fernhollow.example")
        ).all()
        assert len(people) == 1, "one account for both"


def signed_in(app: Flask, database: Database, email: str) -> Visitor:
    """The browser of somebody with an account, who works as one organisation."""
    with database.transaction(OPERATOR) as session:
        member = session.scalars(
            select(Membership).join(Membership.person).where(Person.email == email)
        ).first()
        assert member is not None
        return visit(app, session, member)


def test_a_link_ends_after_seven_days_and_is_forgotten(
    app: Flask, owner_database: Database, run_jobs: RunJobs
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        at = now_of(session)
        make_registration(session, secret="old", at=at - WAITS_FOR)
        make_registration(session, secret="new", at=at)
    assert stranger(app).get("/register/old").status_code == 410
    assert stranger(app).get("/register/never").status_code == 410
    assert stranger(app).get("/register/new").status_code == 200
    run_jobs(at + timedelta(days=1), schedules=["registration:sweep"])
    with owner_database.session(OPERATOR) as session:
        kept = session.scalars(select(Registration.expires_at)).all()
    assert len(kept) == 1 and kept[0] > at


def test_nobody_is_sent_a_flood(app: Flask, letters: Letters) -> None:
    visitor = stranger(app)
    for number in range(MOST_WAITING + 2):
        visitor.post("/register", {**TYPED, "name": f"Fernhollow {number}"})
    assert len(letters()) == MOST_WAITING
