"""One's own name and address; a new address is confirmed at both ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.identity.models import Person
from portal.identity.recovery.actions.details import ChangeGone
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from tests.identity.people.browsing import browser, link_in, words_of
from tests.identity.people.conftest import AT, OPERATOR, Council
from tests.makers import PASSWORD, make_person
from tests.support.background import Letters, RunJobs
from tests.visiting import Visitor, stranger

NEW = "ruth@new.example"


@pytest.fixture
def ruth(app: Flask, council: Council) -> Visitor:
    """The approver's browser, in October."""
    with council.owner.transaction(OPERATOR) as session:
        set_clock(session, AT)
    return browser(app, council, council.member(council.approver))


def _email(council: Council) -> str:
    with council.owner.session(OPERATOR) as session:
        return session.get_one(Person, council.approver.id).email


def _change(ruth: Visitor, email: str) -> TestResponse:
    return ruth.post("/your-details/address", {"email": email, "present": PASSWORD})


def _ask(ruth: Visitor, letters: Letters) -> tuple[str, str]:
    """Ask for the new address; gives the old address's link, and the new one's."""
    assert _change(ruth, NEW).status_code == 303
    old, new = letters()[-2:]
    assert (old.to, new.to) == ("ruth@aldermoor.example", NEW)
    return link_in(old, "new-address"), link_in(new, "new-address")


def test_a_name_is_changed_and_recorded(app: Flask, council: Council, ruth: Visitor) -> None:
    assert ruth.post("/your-details/name", {"name": ""}).status_code == 422
    assert ruth.post("/your-details/name", {"name": "Ruth Fern-Elm"}).status_code == 303
    assert "Ruth Fern-Elm" in ruth.get("/").text


def test_the_address_is_changed_by_whoever_knows_the_password(
    ruth: Visitor, letters: Letters
) -> None:
    for typed in ("", "not this one, surely"):
        refused = ruth.post("/your-details/address", {"email": NEW, "present": typed})
        assert refused.status_code == 422
        assert NEW in refused.text, "what was typed is kept"
    assert [letter.to for letter in letters()] == []


def test_both_addresses_confirm_and_the_change_is_made(
    council: Council, ruth: Visitor, letters: Letters, app: Flask
) -> None:
    old, new = _ask(ruth, letters)
    assert f"to change it to {NEW}" in words_of(ruth.get("/your-details"))
    guest = stranger(app)
    assert "No, stop" not in words_of(guest.get(new))
    assert guest.post(f"{new}/confirm").location == "/new-address-confirmed"
    assert _email(council) == "ruth@aldermoor.example"
    assert "No, stop" in words_of(guest.get(old))
    assert guest.post(f"{old}/confirm").location == "/"
    assert _email(council) == NEW
    assert [letter.to for letter in letters()[-2:]] == ["ruth@aldermoor.example", NEW]
    for link in (old, new):
        gone = guest.post(f"{link}/confirm")
        assert gone.status_code == 410
        assert ChangeGone.sentence in words_of(gone)


def test_the_old_address_stops_the_change_and_ends_every_sign_in(
    council: Council, ruth: Visitor, letters: Letters, app: Flask
) -> None:
    old, new = _ask(ruth, letters)
    guest = stranger(app)
    assert guest.post(f"{new}/stop").status_code == 410  # only the old one may
    assert guest.post(f"{old}/stop").status_code == 303
    assert guest.post(f"{new}/confirm").status_code == 410
    assert _email(council) == "ruth@aldermoor.example"
    assert ruth.get("/").status_code == 303


@pytest.mark.parametrize(("confirmed", "becomes"), [(True, NEW), (False, "ruth@aldermoor.example")])
def test_an_old_address_that_nobody_reads_lets_72_hours_pass(
    council: Council,
    ruth: Visitor,
    letters: Letters,
    app: Flask,
    run_jobs: RunJobs,
    confirmed: bool,
    becomes: str,
) -> None:
    old, new = _ask(ruth, letters)
    if confirmed:
        stranger(app).post(f"{new}/confirm")
    run_jobs(at=AT + timedelta(hours=71, minutes=30))
    assert _email(council) == "ruth@aldermoor.example"
    run_jobs(at=AT + timedelta(hours=72, minutes=30))
    assert _email(council) == becomes
    assert stranger(app).post(f"{old}/stop").status_code == 410


def test_an_address_of_somebody_else_is_not_told_and_not_taken(
    council: Council, ruth: Visitor, letters: Letters, app: Flask
) -> None:
    with council.owner.transaction(OPERATOR) as session:
        make_person(session, organisation=council.organisation, roles=[], email=NEW)
    answered = _change(ruth, NEW)
    assert answered.status_code == 303
    assert f"We wrote to {NEW}" in words_of(ruth.get("/your-details"))
    assert [letter.to for letter in letters()] == ["ruth@aldermoor.example"]


def test_an_address_taken_meanwhile_stays_with_whoever_took_it(
    council: Council, ruth: Visitor, letters: Letters, app: Flask
) -> None:
    old, new = _ask(ruth, letters)
    with council.owner.transaction(OPERATOR) as session:
        make_person(session, organisation=council.organisation, roles=[], email=NEW)
    guest = stranger(app)
    guest.post(f"{new}/confirm")
    guest.post(f"{old}/confirm")
    assert _email(council) == "ruth@aldermoor.example"
    assert letters()[-1].subject == "Your email address stays"


def test_an_address_cannot_make_somebody_the_twin_of_a_role_kept_apart(
    council: Council, ruth: Visitor, letters: Letters
) -> None:
    """An approver would move to the mailbox of a budget holder (promise 4)."""
    refused = ruth.post(
        "/your-details/address", {"email": "hal+2@aldermoor.example", "present": PASSWORD}
    )
    assert refused.status_code == 422
    assert "cannot hold both" in words_of(refused)
    assert letters() == []
    with council.owner.transaction(OPERATOR) as session:
        make_person(
            session, organisation=council.organisation, roles=[Role.REFERRER],
            email="sam@aldermoor.example",
        )  # fmt: skip
    fine = ruth.post(
        "/your-details/address", {"email": "sam+2@aldermoor.example", "present": PASSWORD}
    )
    assert fine.status_code == 303
