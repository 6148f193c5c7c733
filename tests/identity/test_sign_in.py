"""Signing in and out over HTTP (promise 5)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.identity import viewing
from portal.identity.models import Credential, Person, SignIn
from portal.kernel.database import Database
from tests.identity.coming_in import OPERATOR, attempt, events, is_in, later
from tests.makers import PASSWORD, csrf_token

WRONG = "The email address or the password is wrong. Check both and try again."


@pytest.fixture
def person(bidder: Person) -> Person:
    """Somebody whose role needs no second step."""
    return bidder


def cookie_of(client: FlaskClient) -> str:
    """The value of the portal's cookie."""
    cookie = client.get_cookie("portal")
    assert cookie is not None
    return cookie.value


def plain(page: TestResponse) -> str:
    """A page without the tokens and challenges that differ each time."""
    return re.sub(r'(value|data-options)="[^"]*"', "", page.text)


def test_the_right_password_opens_the_home_page(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    assert not is_in(client)
    answered = attempt(client, person.email, PASSWORD)
    assert (answered.status_code, answered.location) == (303, "/")
    assert is_in(client)
    assert person.name in client.get("/").text
    assert events(owner_database) == ["identity:person:signed-in"]
    assert client.get("/sign-in").status_code == 302  # no need to again


@pytest.mark.parametrize("email", [" Bea@Larkspur.Example ", "BEA@LARKSPUR.EXAMPLE"])
def test_an_address_is_known_however_it_is_typed(
    client: FlaskClient, person: Person, email: str
) -> None:
    assert attempt(client, email, PASSWORD).status_code == 303


@pytest.mark.parametrize("password", ["wrong", PASSWORD.upper(), f"{PASSWORD} ", "x" * 500])
def test_a_wrong_password_is_refused_and_recorded(
    client: FlaskClient, person: Person, owner_database: Database, password: str
) -> None:
    answered = attempt(client, person.email, password)
    assert answered.status_code == 422
    assert WRONG in answered.text
    assert not is_in(client)
    assert events(owner_database) == ["identity:person:sign-in-failed"]


def test_an_unknown_person_gets_the_same_page_after_the_same_work(
    client: FlaskClient, person: Person
) -> None:
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, kept: str | bytes, password: str | bytes) -> bool:
        checked.append(str(kept).split("$")[3])
        return verify(self, kept, password)

    with patch.object(PasswordHasher, "verify", counting):
        known = attempt(client, person.email, "a wrong password")
        unknown = attempt(client, "nobody@aldermoor.example", "a wrong password")
    assert len(checked) == 2
    assert checked[0] == checked[1]  # the same cost
    assert known.status_code == unknown.status_code == 422
    assert plain(known).replace(person.email, "") == plain(unknown)


@pytest.mark.parametrize(("email", "password"), [("", PASSWORD), ("ruth@a.example", ""), ("", "")])
def test_what_is_missing_is_said_at_its_place(
    client: FlaskClient, email: str, password: str
) -> None:
    answered = attempt(client, email, password)
    assert answered.status_code == 422
    assert ("Enter your email address" in answered.text) == (not email)
    assert ("Enter your password" in answered.text) == (not password)
    assert "Error: Sign in" in answered.text


def test_ten_failures_lock_the_person_out_for_a_quarter_of_an_hour(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    wrong = [attempt(client, person.email, "a wrong password") for _ in range(10)]
    locked = attempt(client, person.email, PASSWORD)
    assert locked.status_code == 422
    assert plain(locked) == plain(wrong[0])
    assert events(owner_database).count("identity:person:sign-in-failed") == 9
    assert events(owner_database)[-1] == "identity:person:locked-out"
    later(owner_database, timedelta(minutes=14))
    assert attempt(client, person.email, PASSWORD).status_code == 422
    later(owner_database, timedelta(minutes=15, seconds=1))
    assert attempt(client, person.email, PASSWORD).status_code == 303


def test_a_success_forgets_the_failures_before_it(
    app: Flask, person: Person, owner_database: Database
) -> None:
    for _ in range(2):
        for _ in range(9):
            attempt(app.test_client(), person.email, "a wrong password")
        assert attempt(app.test_client(), person.email, PASSWORD).status_code == 303
    with owner_database.session(OPERATOR) as session:
        assert session.get_one(Credential, person.id).failures == 0


def test_more_than_thirty_attempts_a_minute_from_one_place_have_to_wait(
    client: FlaskClient, person: Person
) -> None:
    statuses = [attempt(client, f"{n}@a.example", "wrong").status_code for n in range(31)]
    assert statuses == [422] * 30 + [429]
    refused = attempt(client, person.email, PASSWORD)
    assert refused.status_code == 429
    assert "Wait a minute" in refused.text


def test_a_failed_attempt_while_signed_in_leaves_that_sign_in(
    client: FlaskClient, person: Person
) -> None:
    token = csrf_token(client.get("/sign-in").text)
    attempt(client, person.email, PASSWORD)
    with client.session_transaction() as cookie:
        raw = cookie.get("csrf_token")
    assert raw is None  # the token was renewed with the sign-in
    home = client.get("/").text
    answered = client.post(
        "/sign-in",
        data={"csrf_token": csrf_token(home), "email": person.email, "password": "wrong"},
    )
    assert answered.status_code == 422
    assert is_in(client)
    assert token != csrf_token(home)


def test_the_cookie_is_a_new_one_after_signing_in(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    client.get("/sign-in")
    before = cookie_of(client)
    attempt(client, person.email, PASSWORD)
    first = cookie_of(client)
    assert first != before
    client.post("/sign-out", data={"csrf_token": csrf_token(client.get("/").text)})
    attempt(client, person.email, PASSWORD)
    assert cookie_of(client) != first
    with owner_database.session(OPERATOR) as session:
        assert len(set(session.scalars(select(SignIn.secret_digest)))) == 2


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    client: FlaskClient, person: Person
) -> None:
    answered = attempt(client, person.email, PASSWORD)
    header = next(h for h in answered.headers.getlist("Set-Cookie") if h.startswith("portal="))
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Domain" not in header


def test_signing_out_ends_the_sign_in_even_for_who_kept_the_cookie(
    app: Flask, client: FlaskClient, person: Person, owner_database: Database
) -> None:
    attempt(client, person.email, PASSWORD)
    stolen = cookie_of(client)
    answered = client.post("/sign-out", data={"csrf_token": csrf_token(client.get("/").text)})
    assert (answered.status_code, answered.location) == (303, "/sign-in")
    assert not is_in(client)
    thief = app.test_client()
    thief.set_cookie("portal", stolen)
    assert not is_in(thief)
    assert events(owner_database)[-1] == "identity:person:signed-out"


@pytest.mark.parametrize("change", ["secret", "id", "signature"])
def test_a_cookie_that_was_made_up_opens_nothing(
    app: Flask, client: FlaskClient, person: Person, change: str
) -> None:
    attempt(client, person.email, PASSWORD)
    with client.session_transaction() as cookie:
        sign_in_id, secret, started, seen = cookie["sign_in"]
        if change == "secret":
            cookie["sign_in"] = [sign_in_id, "made up", started, seen]
        if change == "id":
            cookie["sign_in"] = ["0" * 32, secret, started, seen]
    if change == "signature":
        client.set_cookie("portal", cookie_of(client)[:-4] + "AAAA")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("pauses", "still_in"),
    [
        ([timedelta(minutes=59)], True),
        ([timedelta(minutes=61)], False),
        ([timedelta(minutes=50)] * 13, True),  # 10 hours 50 minutes, never idle for an hour
        ([timedelta(minutes=50)] * 15, False),  # 12 hours 30 minutes
    ],
)
def test_a_sign_in_ends_after_an_hour_idle_or_twelve_hours(
    client: FlaskClient, person: Person, pauses: list[timedelta], still_in: bool
) -> None:
    attempt(client, person.email, PASSWORD)
    moment = datetime.now(UTC)
    opened = True
    for pause in pauses:
        moment += pause
        with patch.object(viewing, "real_seconds", moment.timestamp):
            opened = is_in(client)
    assert opened is still_in


def test_setting_the_demonstrations_clock_signs_nobody_out(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    attempt(client, person.email, PASSWORD)
    later(owner_database, timedelta(days=400))
    assert is_in(client)


@pytest.mark.parametrize("target", ["/", "/organisations"])
def test_whoever_comes_unknown_is_asked_to_sign_in_and_goes_on(
    client: FlaskClient, person: Person, target: str
) -> None:
    turned_away = client.get(target)
    assert turned_away.status_code == 303
    assert turned_away.location == f"/sign-in?next={target}"
    page = client.get(turned_away.location).text
    assert f'name="next" value="{target}"' in page
    answered = attempt(client, person.email, PASSWORD, next=target)
    assert answered.location == target


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "/\t/elsewhere.example/",
        "\t//elsewhere.example",
        "/\r\n/elsewhere.example",
        "http:elsewhere.example",
        "javascript:alert(1)",
        "///elsewhere.example",
        "elsewhere.example",
        "http://[",
    ],
)
def test_nobody_is_sent_on_to_another_site(
    client: FlaskClient, person: Person, wanted: str
) -> None:
    page = client.get("/sign-in", query_string={"next": wanted})
    assert page.status_code == 200
    assert "elsewhere" not in page.text
    answered = attempt(client, person.email, PASSWORD, next=wanted)
    assert (answered.status_code, answered.location) == (303, "/")


def test_htmx_is_told_to_go_to_the_sign_in_page(client: FlaskClient) -> None:
    answered = client.get("/", headers={"HX-Request": "true"})
    assert answered.status_code == 401
    assert answered.headers["HX-Redirect"] == "/sign-in?next=/"
    assert answered.data == b""


def test_a_sign_in_form_without_its_token_does_nothing(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    answered = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert answered.status_code == 400
    assert events(owner_database) == []
