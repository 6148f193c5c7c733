"""One's own account: password, open sign-ins, history, and the letters (promise 5)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from portal.identity.models import Credential, Organisation, Person, SignIn
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from tests.identity.coming_in import (
    OPERATOR,
    attempt,
    come_in,
    events,
    is_in,
    later,
    portal_time,
    send,
)
from tests.makers import PASSWORD, make_authenticator, make_person, sign_in
from tests.makers.factors import code_at
from tests.support.background import Letters

NEW = "kettle orbit maple"


def test_a_new_password_asks_for_the_present_one_and_ends_every_other_sign_in(
    app: Flask, person: Person, owner_database: Database, letters: Letters
) -> None:
    here, there = app.test_client(), app.test_client()
    for client in (here, there):
        sign_in(client, person)
    assert send(here, "/account/password", present="wrong", new=NEW).status_code == 422
    assert is_in(there)
    assert send(here, "/account/password", present=PASSWORD, new=NEW).location == "/account"
    assert is_in(here)
    assert not is_in(there)
    assert attempt(there, person.email, PASSWORD).status_code == 422
    assert attempt(there, person.email, NEW).status_code == 303
    assert events(owner_database).count("identity:person:sign-in-failed") == 2
    (letter,) = letters()
    assert letter.to == person.email
    assert "your password was changed" in letter.body
    assert NEW not in letter.body


@pytest.mark.parametrize(
    ("new", "because"),
    [
        ("eleven char", "at least 12"),
        ("x" * 501, "at most 500"),
        ("qwertyuiop123", "easy to guess"),
        ("AldermoorCouncil1", "easy to guess"),
        ("Placewell2026", "easy to guess"),
        ("ruth.aldermoor", "easy to guess"),
    ],
)
def test_a_weak_new_password_is_refused_with_its_reason(
    client: FlaskClient, person: Person, new: str, because: str
) -> None:
    sign_in(client, person)
    page = send(client, "/account/password", present=PASSWORD, new=new)
    assert page.status_code == 422
    assert because in page.text


def test_a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in(
    client: FlaskClient, bidder: Person, owner_database: Database
) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with owner_database.transaction(OPERATOR) as session:
        session.get_one(Credential, bidder.id).password_hash = older
    assert attempt(client, bidder.email, PASSWORD).status_code == 303
    with owner_database.session(OPERATOR) as session:
        kept = session.get_one(Credential, bidder.id).password_hash
    assert kept != older
    assert attempt(client.application.test_client(), bidder.email, PASSWORD).status_code == 303


def test_open_sign_ins_are_listed_and_ended(
    app: Flask, person: Person, owner_database: Database
) -> None:
    here, telephone, library = (app.test_client() for _ in range(3))
    for client in (here, telephone):
        sign_in(client, person)
    started = sign_in(library, person)
    page = here.get("/account/sessions").text
    assert page.count("Firefox on Windows</th>") + page.count("Firefox on Windows <strong") == 3
    assert page.count("This one") == 1
    assert send(here, f"/account/sessions/{started.id}/end", "/account/sessions").status_code == 303
    assert not is_in(library)
    assert is_in(telephone)
    assert send(here, "/account/sessions/end-others", "/account/sessions").status_code == 303
    assert not is_in(telephone)
    assert is_in(here)
    assert events(owner_database).count("identity:sign-in:ended") == 2


def test_somebody_elses_sign_in_is_not_there(
    app: Flask, person: Person, bidder: Person, owner_database: Database
) -> None:
    mine, theirs = app.test_client(), app.test_client()
    sign_in(mine, person)
    foreign = sign_in(theirs, bidder)
    for sign_in_id in (foreign.id, new_id()):
        url = f"/account/sessions/{sign_in_id}/end"
        assert send(mine, url, "/account/sessions").status_code == 404
    assert is_in(theirs)


def test_when_a_sign_in_was_last_used_is_kept_now_and_then(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    started = sign_in(client, person)

    def seen() -> object:
        with owner_database.session(OPERATOR) as session:
            return session.get_one(SignIn, started.id).seen_at

    later(owner_database, timedelta(minutes=4))
    client.get("/account")
    assert seen() == started.seen_at
    later(owner_database, timedelta(minutes=6))
    client.get("/account")
    assert seen() != started.seen_at


def test_the_history_tells_ninety_days_and_only_ones_own(
    app: Flask, person: Person, bidder: Person, owner_database: Database
) -> None:
    client = app.test_client()
    attempt(client, person.email, "a wrong password")
    attempt(client, bidder.email, "a wrong password")
    come_in(client, person, owner_database)
    page = client.get("/account/history").text
    said = re.findall(r"</th>\s*<td[^>]*>([^<]+)</td>", page)
    assert said == [
        "Signed in",
        "Gave the password; the second step was still to come",
        "Gave a wrong password",
    ]
    assert "Password and code" in page
    later(owner_database, timedelta(days=91))
    assert "Gave a wrong password" not in client.get("/account/history").text


def test_a_browser_is_told_of_the_first_time_only(
    app: Flask, person: Person, owner_database: Database, letters: Letters
) -> None:
    firefox = {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"}
    client = app.test_client()
    client.environ_base.update(firefox)
    come_in(client, person, owner_database)
    (letter,) = letters()
    assert letter.subject == "You signed in with a browser we have not seen before"
    assert "with Firefox on Windows" in letter.body
    cookie = client.get_cookie("portal-known")
    assert cookie is not None
    assert cookie.http_only
    later(owner_database, timedelta(days=1))
    send(client, "/sign-out", "/")
    come_in(client, person, owner_database)
    assert len(letters()) == 1
    later(owner_database, timedelta(days=2))
    come_in(app.test_client(), person, owner_database)
    assert len(letters()) == 2


def test_a_lock_out_is_told_once_and_to_nobody_unknown(
    client: FlaskClient, person: Person, letters: Letters
) -> None:
    for _ in range(12):
        attempt(client, person.email, "a wrong password")
        attempt(client, "nobody@aldermoor.example", "a wrong password")
    (letter,) = letters()
    assert letter.to == person.email
    assert letter.subject == "Nobody can sign in as you for 15 minutes"


def test_a_factor_is_added_replaced_and_removed_with_the_password_and_told(
    client: FlaskClient, bidder: Person, owner_database: Database, letters: Letters
) -> None:
    sign_in(client, bidder)

    def add(password: str) -> int:
        page = client.get("/account/app").text
        secret = re.search(r'portal-secret">([A-Z2-7 ]+)<', page)
        sealed = re.search(r'name="sealed" value="([^"]+)"', page)
        assert secret is not None
        assert sealed is not None
        code = code_at(portal_time(owner_database), secret[1].replace(" ", ""))
        sent = send(client, "/account/app", sealed=sealed[1], code=code, password=password)
        return sent.status_code

    assert add("not this one") == 422
    assert add(PASSWORD) == 303
    assert add(PASSWORD) == 303
    assert send(client, "/account/app/remove", password="not this one").status_code == 422
    assert send(client, "/account/app/remove", password=PASSWORD).location == "/account"
    told = [letter.body for letter in letters()]
    assert ["app that shows codes was added" in body for body in told] == [True, True, False]
    assert "the app that shows codes was removed" in told[2]


def test_the_last_factor_of_somebody_who_needs_one_stays(
    client: FlaskClient, person: Person
) -> None:
    sign_in(client, person)
    refused = send(client, "/account/app/remove", password=PASSWORD)
    assert refused.status_code == 409
    assert "this is your only one" in refused.text
    assert "Added" in client.get("/account").text


def test_ten_wrong_passwords_in_the_account_lock_out_as_well(
    client: FlaskClient, council: Organisation, owner_database: Database, letters: Letters
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        other = make_person(session, organisation=council, roles=[Role.AUDITOR])
        make_authenticator(session, person=other)
    sign_in(client, other)
    for _ in range(10):
        assert send(client, "/account/recovery-codes", password="wrong").status_code == 422
    assert send(client, "/account/recovery-codes", password=PASSWORD).status_code == 422
    assert attempt(client.application.test_client(), other.email, PASSWORD).status_code == 422
    assert [letter.subject for letter in letters()] == ["Nobody can sign in as you for 15 minutes"]
