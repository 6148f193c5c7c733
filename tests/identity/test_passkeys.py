"""Passkeys over HTTP: made, used after the password and instead of it, refused when not right."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.identity.factors.models import Authenticator, Passkey
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database
from tests.identity.coming_in import OPERATOR, attempt, events, half_in, is_in, later, send
from tests.identity.security_key import SecurityKey
from tests.makers import PASSWORD, csrf_token, make_person, sign_in


@pytest.fixture
def key(client: FlaskClient, person: Person) -> SecurityKey:
    """A security key that the approver has added."""
    made = SecurityKey()
    sign_in(client, person)
    assert add(client, made).location == "/account/passkeys"
    return made


def add(client: FlaskClient, key: SecurityKey, name: str = "Grey key") -> TestResponse:
    """Add a passkey from the account."""
    page = client.get("/account/passkeys").text
    return send(client, "/account/passkeys", name=name, password=PASSWORD, **key.create(page))


def step(client: FlaskClient, fields: dict[str, str]) -> TestResponse:
    """Send a passkey's answer as the second step."""
    return send(client, "/sign-in/code/passkey", "/sign-in/code", **fields)


def alone(client: FlaskClient, fields: dict[str, str]) -> TestResponse:
    """Send a passkey's answer instead of a password."""
    return send(client, "/sign-in/passkey", "/sign-in", **fields)


def test_several_passkeys_have_names_and_can_be_removed_with_the_password(
    client: FlaskClient, key: SecurityKey, owner_database: Database
) -> None:
    assert add(client, SecurityKey(), "Work laptop").status_code == 303
    assert add(client, key).status_code == 422  # the same one a second time
    page = client.get("/account/passkeys").text
    assert "Grey key" in page
    assert "Work laptop" in page
    with owner_database.session(OPERATOR) as session:
        one = session.scalars(select(Passkey).where(Passkey.name == "Grey key")).one()
    url = f"/account/passkeys/{one.id}/remove"
    assert send(client, url, password="not this one").status_code == 422
    assert send(client, url, password=PASSWORD).status_code == 303
    page = client.get("/account/passkeys").text.split("Your passkeys")[1]
    assert "Grey key" not in page
    assert client.get(url).status_code == 404


def test_a_passkey_is_a_second_step_and_its_answer_counts_once(
    app: Flask, person: Person, key: SecurityKey
) -> None:
    client = app.test_client()
    half_in(client, person)
    answer = key.sign(client.get("/sign-in/code").text)
    assert step(client, answer).location == "/"
    assert is_in(client)
    again = app.test_client()
    half_in(again, person)
    assert step(again, answer).status_code == 422
    assert not is_in(again)


def test_a_passkey_lets_somebody_in_without_a_password(
    app: Flask, person: Person, key: SecurityKey, owner_database: Database
) -> None:
    client = app.test_client()
    page = client.get("/sign-in").text
    answer = key.sign(page)
    assert alone(client, answer).location == "/"
    assert is_in(client)
    assert person.name in client.get("/").text
    assert "Passkey" in client.get("/account/history").text
    assert alone(app.test_client(), answer).status_code == 422
    later(owner_database, timedelta(minutes=11))
    late = app.test_client()
    key.count += 1
    assert alone(late, key.sign(page)).status_code == 422  # the page had been open for too long
    assert alone(late, key.sign(late.get("/sign-in").text)).status_code == 303


def test_without_a_password_the_passkey_must_make_sure_of_its_holder(
    app: Flask, person: Person, key: SecurityKey
) -> None:
    key.checks = False
    client = app.test_client()
    assert alone(client, key.sign(client.get("/sign-in").text)).status_code == 422
    half_in(client, person)  # after the password it need not
    assert step(client, key.sign(client.get("/sign-in/code").text)).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    ["origin", "site", "handle", "challenge", "signature", "purpose", "count", "nothing", "text"],
)
def test_an_answer_that_is_not_right_lets_nobody_in(
    app: Flask, key: SecurityKey, owner_database: Database, person: Person, wrong: str
) -> None:
    client = app.test_client()
    assert alone(client, key.sign(client.get("/sign-in").text)).status_code == 303
    browser = app.test_client()
    page = browser.get("/sign-in").text
    if wrong == "origin":
        key.origin = "http://localhost.elsewhere.example"
    if wrong == "site":
        key.site = "elsewhere.example"
    if wrong == "handle":
        key.handle = "AAAAAAAAAAAAAAAAAAAAAA"
    if wrong == "count":
        key.count -= 1  # as a copy of the key would
    if wrong == "purpose":
        half_in(browser, person)
        page = browser.get("/sign-in/code").text
        browser = app.test_client()
    sent = key.sign(page, challenge="A" * 43 if wrong == "challenge" else "")
    if wrong == "signature":
        credential = json.loads(sent["credential"])
        credential["response"]["signature"] = credential["response"]["clientDataJSON"]
        sent["credential"] = json.dumps(credential)
    if wrong == "nothing":
        sent["credential"] = ""
    if wrong == "text":
        sent["credential"] = '{"id": [], "response": "x"}'
    assert alone(browser, sent).status_code == 422
    assert not is_in(browser)
    known = wrong not in {"nothing", "text", "purpose"}
    assert ("identity:factor:passkey-refused" in events(owner_database)) is known


def test_a_passkey_may_be_the_first_second_step(
    client: FlaskClient, council: Organisation, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        newcomer = make_person(session, organisation=council, roles=[Role.REFERRER])
    attempt(client, newcomer.email, PASSWORD)
    page = client.get("/sign-in/set-up").text
    key = SecurityKey()
    made = client.post(
        "/sign-in/set-up/passkey",
        data={"csrf_token": csrf_token(page), "name": "Telephone", **key.create(page)},
    )
    assert "They are shown only now" in made.text
    assert is_in(client)
    with owner_database.session(OPERATOR) as session:
        assert session.scalars(select(Authenticator)).all() == []
        assert session.scalars(select(Passkey.name)).all() == ["Telephone"]
    elsewhere = client.application.test_client()
    half_in(elsewhere, newcomer)
    page = elsewhere.get("/sign-in/code").text
    assert "one of your recovery codes" in page
    assert step(elsewhere, key.sign(page)).status_code == 303


def test_where_the_portal_is_reached_by_a_number_no_passkey_is_offered(client: FlaskClient) -> None:
    assert "data-passkey" in client.get("/sign-in").text
    assert "data-passkey" not in client.get("/sign-in", base_url="http://127.0.0.1:5000").text
