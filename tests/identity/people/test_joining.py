"""Asking to join: nobody learns who is there, and administrators answer."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.identity.people.invitations.models import JoinRequest
from portal.identity.people.invitations.rules import MOST_WAITING
from portal.kernel.clock import set_clock
from tests.identity.people.browsing import browser, words_of
from tests.identity.people.conftest import AT, OPERATOR, Council
from tests.makers import make_provider, make_request
from tests.support.background import Letters, RunJobs
from tests.visiting import stranger

ASKER = {"name": "Nora Elm", "email": "Nora@Home.example"}


def _waiting(council: Council) -> list[JoinRequest]:
    with council.owner.session(OPERATOR) as session:
        return list(session.scalars(select(JoinRequest).order_by(JoinRequest.asked_at)))


def test_the_answer_is_the_same_whoever_is_there(
    app: Flask, council: Council, letters: Letters, run_jobs: RunJobs
) -> None:
    asker = stranger(app)
    for number, (organisation, found) in enumerate(
        [
            ("Aldermoor Council", True),
            (" aldermoor COUNCIL ", True),
            ("aldermoor.example", True),
            ("@Aldermoor.example", True),
            ("Aldermoor", False),
            ("moor.example", False),
            ("Nowhere Council", False),
            ("%", False),
        ]
    ):
        before, written = len(_waiting(council)), len(letters())
        form = {"name": "Nora Elm", "email": f"Nora{number}@Home.example"}
        answered = asker.post("/join", {**form, "organisation": organisation})
        assert (answered.status_code, answered.location) == (303, "/join/asked")
        assert len(_waiting(council)) == before  # nothing is looked for before the answer
        run_jobs()
        new = [one.email for one in _waiting(council)][before:]
        assert new == [f"nora{number}@home.example"] * found, organisation
        told = letters()[written:]
        both = ["ada@aldermoor.example", "ben@aldermoor.example"]
        assert sorted(letter.to for letter in told) == both * found
        assert all("Nora" not in letter.body for letter in told)  # links, never content


def test_the_page_says_nothing_of_who_is_there(app: Flask) -> None:
    said = words_of(stranger(app).get("/join/asked"))
    assert "says the same whichever name was entered" in said


def test_a_name_of_two_organisations_reaches_neither(
    app: Flask, council: Council, run_jobs: RunJobs
) -> None:
    with council.owner.transaction(OPERATOR) as session:
        make_provider(session, name="Elsewhere", accounts_email="x@aldermoor.example")
    stranger(app).post("/join", {**ASKER, "organisation": "aldermoor.example"})
    run_jobs()
    assert _waiting(council) == []


def test_the_same_address_waits_once_and_a_flood_stops(
    app: Flask, council: Council, run_jobs: RunJobs
) -> None:
    asker = stranger(app)
    for _ in range(2):
        asker.post("/join", {**ASKER, "organisation": "Aldermoor Council"})
    run_jobs()
    assert len(_waiting(council)) == 1
    with council.owner.transaction(OPERATOR) as session:
        for _ in range(MOST_WAITING - 1):
            make_request(session, organisation=council.organisation)
    asker.post("/join", {**ASKER, "email": "late@a.example", "organisation": "Aldermoor Council"})
    run_jobs()
    assert len(_waiting(council)) == MOST_WAITING


def test_ten_requests_an_hour_from_one_place_are_enough(app: Flask) -> None:
    asker = stranger(app)
    statuses = [asker.post("/join", ASKER).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_request_is_answered_with_an_invitation_or_declined_once(
    app: Flask, council: Council, letters: Letters
) -> None:
    with council.owner.transaction(OPERATOR) as session:
        set_clock(session, AT)
        wanted = make_request(session, organisation=council.organisation, email="nora@a.example")
        unknown = make_request(session, organisation=council.organisation)
    administrator = browser(app, council, council.member(council.first))
    assert "Answer 2 requests to join" in words_of(administrator.get("/people"))
    assert "Answer 2 requests to join" in words_of(administrator.get("/"))
    page = f"/people/requests/{wanted.id}"
    nothing = administrator.post(page)
    assert nothing.status_code == 422
    assert "Choose at least one role" in words_of(nothing)
    assert administrator.post(page, {"roles": "commissioner"}).status_code == 303
    (letter,) = letters()
    assert letter.to == "nora@a.example"
    assert administrator.post(f"/people/requests/{unknown.id}/decline").status_code == 303
    assert len(letters()) == 1
    assert "Nobody waits for an answer" in words_of(administrator.get("/people/requests"))
    other = browser(app, council, council.member(council.second))
    for path in (page, f"{page}/decline"):
        assert other.post(path, {"roles": "commissioner"}).status_code == 409
    assert len(letters()) == 1
