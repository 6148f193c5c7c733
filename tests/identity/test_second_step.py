"""The step after the password: codes, recovery codes, and setting one up (promise 5)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal import create_app
from portal.config import Config
from portal.identity.factors.models import Authenticator, RecoveryCode
from portal.identity.models import (
    Credential,
    Membership,
    MembershipRole,
    OrganisationSetting,
    Person,
    SignIn,
)
from portal.identity.rules import Role
from portal.kernel.database import Database
from tests.identity.coming_in import (
    OPERATOR,
    attempt,
    come_in,
    events,
    give_code,
    half_in,
    is_in,
    later,
    portal_time,
    send,
)
from tests.makers import PASSWORD, csrf_token, make_person, sign_in
from tests.makers.factors import SECRET, SECRET_KEY, code_at
from tests.support.databases import Address

HTMX = {"HX-Request": "true"}


@pytest.fixture
def newcomer(owner_database: Database, council: object) -> Person:
    """An approver who has never set up a second step."""
    with owner_database.transaction(OPERATOR) as session:
        return make_person(session, organisation=council, roles=[Role.APPROVER])  # type: ignore[arg-type]


def test_the_password_alone_opens_nothing(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    client.get("/sign-in")
    half_in(client, person)
    assert client.get("/").location == "/sign-in?next=/"
    assert client.get("/sign-in?next=/invoices").location == "/sign-in/code?next=/invoices"
    for address in ("/invoices", "/account", "/account/app", "/organisations", "/people"):
        assert client.get(address).status_code == 303, address
        refused = client.get(address, headers=HTMX)
        assert (refused.status_code, refused.data) == (401, b"")
    token = csrf_token(client.get("/sign-in/code").text)
    for address in ("/sign-out", "/account/app/remove", "/account/sessions/end-others"):
        assert client.post(address, data={"csrf_token": token}).status_code == 401, address
    page = client.get("/accessibility").text
    assert person.name not in page
    assert events(owner_database) == ["identity:person:password-given"]


def test_the_code_opens_the_page_that_was_wanted_and_the_secret_of_the_browser_is_a_new_one(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    assert attempt(client, person.email, PASSWORD, next="/invoices").location == (
        "/sign-in/code?next=/invoices"
    )
    stolen = client.get_cookie("portal")
    assert stolen is not None
    page = client.get("/sign-in/code?next=/invoices").text
    assert 'name="next" value="/invoices"' in page
    code = code_at(portal_time(owner_database))
    token = csrf_token(page)
    answered = client.post(
        "/sign-in/code", data={"csrf_token": token, "code": code, "next": "/invoices"}
    )
    assert (answered.status_code, answered.location) == (303, "/invoices")
    assert is_in(client)
    assert client.get("/sign-in/code").location == "/sign-in"  # nothing is owed any more
    thief = client.application.test_client()
    thief.set_cookie("portal", stolen.value)
    assert not is_in(thief)
    assert thief.get("/sign-in/code").location == "/sign-in"


@pytest.mark.parametrize("again", ["{0}", "{0} ", "{1} {2}", " {1}-{2}"])
def test_a_code_is_used_once_and_a_space_does_not_make_it_new(
    app: Flask, person: Person, owner_database: Database, again: str
) -> None:
    code = code_at(portal_time(owner_database))
    first, second = app.test_client(), app.test_client()
    half_in(first, person)
    half_in(second, person)
    assert give_code(first, f"{code[:3]} {code[3:]}").status_code == 303
    refused = give_code(second, again.format(code, code[:3], code[3:]))
    assert refused.status_code == 422
    assert "has been used already" in refused.text
    assert not is_in(second)


def test_the_same_code_in_two_sessions_at_once_works_once(
    app: Flask, person: Person, owner_database: Database
) -> None:
    code = code_at(portal_time(owner_database))
    clients = [app.test_client() for _ in range(4)]
    for one in clients:
        half_in(one, person)
    tokens = [csrf_token(one.get("/sign-in/code").text) for one in clients]

    def give(pair: tuple[FlaskClient, str]) -> TestResponse:
        return pair[0].post("/sign-in/code", data={"csrf_token": pair[1], "code": code})

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = [one.status_code for one in pool.map(give, zip(clients, tokens, strict=True))]
    assert sorted(answers) == [303, 422, 422, 422]
    assert sum(is_in(one) for one in clients) == 1


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_out_each_way(
    client: FlaskClient, person: Person, owner_database: Database, steps: int, right: bool
) -> None:
    half_in(client, person)
    code = code_at(portal_time(owner_database) + steps * timedelta(seconds=30))
    assert (give_code(client, code).status_code == 303) is right


def test_wrong_codes_lock_the_person_out_like_wrong_passwords_and_the_right_password_forgives_none(
    app: Flask, person: Person, owner_database: Database
) -> None:
    waiting = app.test_client()
    half_in(waiting, person)
    for count in range(9):
        client = app.test_client()
        half_in(client, person)  # does not begin the count anew
        typed = "000 000" if count % 2 else "9-zzzz-zzzz"
        assert give_code(client, typed).status_code == 422
    tenth = app.test_client()
    half_in(tenth, person)
    locked = give_code(tenth, "12")
    assert (locked.status_code, locked.location) == (303, "/sign-in")
    assert "nobody can sign in as you for 15 minutes" in tenth.get("/sign-in").text
    assert attempt(app.test_client(), person.email, PASSWORD).status_code == 422
    assert give_code(waiting, code_at(portal_time(owner_database))).location == "/sign-in"
    assert not is_in(waiting)  # the right code opens nothing now
    assert events(owner_database).count("identity:person:second-step-failed") == 9
    assert events(owner_database).count("identity:person:locked-out") == 1
    later(owner_database, timedelta(minutes=15, seconds=1))
    assert come_in(app.test_client(), person, owner_database).location == "/"
    with owner_database.session(OPERATOR) as session:
        assert session.get_one(Credential, person.id).failures == 0


def test_the_secret_is_sealed_where_it_is_kept(person: Person, owner_database: Database) -> None:
    with owner_database.session(OPERATOR) as session:
        kept = session.get_one(Authenticator, person.id).sealed_secret
    assert SECRET not in kept
    assert len(kept) > 100


def test_a_secret_that_another_key_sealed_makes_every_code_wrong_and_breaks_nothing(
    client: FlaskClient, person: Person, owner_database: Database
) -> None:
    client.application.config["SECRET_KEY"] = "another one"
    half_in(client, person)
    assert give_code(client, code_at(portal_time(owner_database))).status_code == 422


def test_whoever_must_have_a_second_step_is_led_through_setting_one_up(
    client: FlaskClient, newcomer: Person, owner_database: Database
) -> None:
    assert attempt(client, newcomer.email, PASSWORD).location == "/sign-in/set-up"
    assert client.get("/invoices").location == "/sign-in?next=/invoices"
    assert client.get("/sign-in/code").location == "/sign-in/set-up"
    page = client.get("/sign-in/set-up").text
    assert "<svg" in page
    secret = _secret_shown(page)
    assert len(secret) == 32
    sealed = _hidden(page, "sealed")
    wrong = send(client, "/sign-in/set-up/app", "/sign-in/set-up", sealed=sealed, code="000000")
    assert wrong.status_code == 422
    assert _secret_shown(wrong.text) == secret  # the picture that was scanned still counts
    code = code_at(portal_time(owner_database), secret)
    token = csrf_token(wrong.text)
    done = client.post(
        "/sign-in/set-up/app", data={"csrf_token": token, "sealed": sealed, "code": code}
    )
    assert done.status_code == 200
    assert "They are shown only now" in done.text
    assert is_in(client)
    codes = re.findall(r"<li>(\d+-\w{4}-\w{4})</li>", done.text)
    assert len(codes) == 10
    file = client.post(
        "/account/recovery-codes/download",
        data={"csrf_token": csrf_token(done.text), "sealed": _hidden(done.text, "sealed")},
    )
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert all(code in file.text for code in codes)
    again = client.application.test_client()
    half_in(again, newcomer)
    assert give_code(again, code).status_code == 422  # the code that set it up was used, too


def test_a_secret_that_was_not_offered_to_this_person_sets_nothing_up(
    app: Flask, newcomer: Person, person: Person, owner_database: Database
) -> None:
    mine, theirs = app.test_client(), app.test_client()
    attempt(mine, newcomer.email, PASSWORD)
    sign_in(theirs, person)
    page = theirs.get("/account/app").text
    code = code_at(portal_time(owner_database), _secret_shown(page))
    for sealed in (_hidden(page, "sealed"), SECRET, ""):
        sent = send(mine, "/sign-in/set-up/app", "/sign-in/set-up", sealed=sealed, code=code)
        assert sent.status_code == 422
    assert not is_in(mine)


def test_a_recovery_code_works_once_and_is_kept_as_its_hash(
    app: Flask, person: Person, owner_database: Database
) -> None:
    client = app.test_client()
    sign_in(client, person)
    made = send(client, "/account/recovery-codes", password=PASSWORD)
    codes = re.findall(r"<li>(\d+-\w{4}-\w{4})</li>", made.text)
    with owner_database.session(OPERATOR) as session:
        hashes = [row.code_hash for row in session.scalars(select(RecoveryCode))]
    assert len(hashes) == 10
    assert all(kept.startswith("$argon2id$") for kept in hashes)
    first, second = app.test_client(), app.test_client()
    for one in (first, second):
        half_in(one, person)
    assert give_code(first, codes[2].upper().replace("-", " ")).status_code == 303
    assert is_in(first)
    assert give_code(second, codes[2]).status_code == 422
    assert give_code(second, "3" + codes[4][1:]).status_code == 422  # another one's letters
    assert "9 of 10" in first.get("/account").text
    assert give_code(second, codes[9]).status_code == 303


def test_only_bidding_needs_no_second_step_unless_the_organisation_asks_it_of_everybody(
    client: FlaskClient, bidder: Person, owner_database: Database
) -> None:
    assert attempt(client, bidder.email, PASSWORD).location == "/"
    assert is_in(client)
    with owner_database.transaction(OPERATOR) as session:
        own = session.scalars(select(Membership).where(Membership.person_id == bidder.id)).one()
        session.add(
            OrganisationSetting(
                organisation_id=own.organisation_id, second_factor_for_all=True, version=1
            )
        )
    assert not is_in(client)  # with the page already open
    assert client.get("/frameworks", headers=HTMX).status_code == 401
    assert client.get("/sign-in").location == "/sign-in/set-up"
    other = client.application.test_client()
    assert attempt(other, bidder.email, PASSWORD).location == "/sign-in/set-up"


def test_a_role_given_while_somebody_is_signed_in_asks_for_the_second_step_at_once(
    client: FlaskClient, bidder: Person, owner_database: Database
) -> None:
    attempt(client, bidder.email, PASSWORD)
    with owner_database.transaction(OPERATOR) as session:
        own = session.scalars(select(Membership).where(Membership.person_id == bidder.id)).one()
        session.add(MembershipRole(membership_id=own.id, role=Role.PROVIDER_ADMINISTRATOR))
    assert client.get("/people").location == "/sign-in?next=/people"
    assert client.get("/sign-in?next=/people").location == "/sign-in/set-up?next=/people"


def test_a_half_sign_in_ends_after_half_an_hour_or_by_going_back(
    app: Flask, person: Person, owner_database: Database
) -> None:
    client = app.test_client()
    half_in(client, person)
    with client.session_transaction() as cookie:
        sign_in_id, secret, started, seen = cookie["sign_in"]
        cookie["sign_in"] = [sign_in_id, secret, started - 30 * 60 - 1, seen]
    assert client.get("/sign-in/code").location == "/sign-in"
    back = app.test_client()
    half_in(back, person)
    assert send(back, "/sign-in/start-again", "/sign-in/code").location == "/sign-in"
    assert back.get("/sign-in").status_code == 200
    with owner_database.session(OPERATOR) as session:
        kept = session.scalars(select(SignIn).order_by(SignIn.id))
        assert [one.ended_at is None for one in kept] == [True, False]


def test_the_demonstration_shows_the_code_and_nothing_else_ever_does(
    client: FlaskClient, person: Person, owner_database: Database, address: Address
) -> None:
    half_in(client, person)
    page = client.get("/sign-in/code").text
    shown = re.search(r"your code now is <strong[^>]*>([\d ]+)<", page)
    assert shown is not None
    assert give_code(client, shown[1]).status_code == 303
    with owner_database.transaction(OPERATOR) as session:
        session.execute(update(Authenticator).values(last_step=0))
    real = create_app(
        Config(
            database_url=address.application,
            operator_url=address.owner,
            secret_key=SECRET_KEY,
            demonstration=False,
            secure_cookies=False,
            cheap_passwords=True,
        )
    )
    browser = real.test_client()
    half_in(browser, person)
    pages = [browser.get("/sign-in/code").text, give_code(browser, "000 000").text]
    sign_in(browser, person)
    pages.append(browser.get("/account/app").text)
    real.extensions["portal.database"].close()
    code = code_at(portal_time(owner_database))
    for page in pages:
        assert "demonstration" not in page.lower()
        assert code not in page
        assert f"{code[:3]} {code[3:]}" not in page


def _secret_shown(page: str) -> str:
    found = re.search(r'portal-secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]
