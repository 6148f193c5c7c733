"""A POST commits once or leaves nothing, a GET writes nothing, and a form sent twice acts once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

import pytest
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from portal.audit.actions import Subject, record
from portal.audit.models import AuditEvent
from portal.identity.models import Membership
from portal.identity.rules import Role
from portal.identity.viewing import actor
from portal.kernel.access import signed_in
from portal.kernel.clock import now
from portal.kernel.database import Database
from portal.kernel.errors import DomainError
from portal.kernel.session import FormReceipt, db
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_council, make_person
from tests.visiting import Visitor, visit

OPERATOR = Scope.system(Task.OPERATOR)


class Event(StrEnum):
    """What the pages of these tests do."""

    NOTED = "tests:note:noted"


@dataclass
class Pages:
    """The portal with a page that notes what it is sent, and two visitors of one council."""

    app: Flask
    owner: Database
    visitor: Visitor
    stranger: Visitor

    def noted(self) -> int:
        """How many notes were kept."""
        with self.owner.session(OPERATOR) as session:
            kept = select(func.count()).where(AuditEvent.event == Event.NOTED.value)
            return session.scalar(kept.select_from(AuditEvent)) or 0


@pytest.fixture
def pages(own_app: Flask, owner_database: Database) -> Pages:
    """Two councils, and on the portal a page to send a note to."""

    def note() -> None:
        record(db(), actor(), Event.NOTED, Subject("note", None, "a note"), at=now())

    @own_app.post("/notes")
    @signed_in("a test")
    def add() -> ResponseReturnValue:
        note()
        answer = request.form.get("answer", "redirect")
        if answer == "refused":
            raise DomainError("Not now.")
        if answer == "overtaken":
            raise StaleDataError
        if answer == "broken":
            raise ZeroDivisionError
        if answer == "redirect":
            return redirect(f"/notes/{actor().person_id}/{request.form['words']}", 303)
        return "answered", int(answer)

    @own_app.get("/notes")
    @signed_in("a test")
    def peek() -> ResponseReturnValue:
        note()
        return "noted"

    with owner_database.transaction(OPERATOR) as session:
        visitors = []
        for _ in range(2):
            council = make_council(session)
            person = make_person(session, organisation=council, roles=[Role.APPROVER])
            membership = session.query(Membership).filter_by(person_id=person.id).one()
            visitors.append(visit(own_app, session, membership))
    return Pages(own_app, owner_database, *visitors)


@pytest.mark.parametrize("answer", ["redirect", "200", "201"])
def test_a_post_that_succeeds_is_kept(pages: Pages, answer: str) -> None:
    pages.visitor.post("/notes", {"answer": answer, "words": "x"})
    assert pages.noted() == 1


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("422", 422),
        ("404", 404),
        ("409", 409),
        ("503", 503),
        ("refused", 409),
        ("overtaken", 409),
        ("broken", 500),
    ],
)
def test_a_post_that_fails_leaves_nothing(pages: Pages, answer: str, status: int) -> None:
    answered = pages.visitor.post("/notes", {"answer": answer, "_nonce": "n", "words": "x"})
    assert answered.status_code == status
    assert pages.noted() == 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_a_page_cannot_write(pages: Pages, method: str) -> None:
    answered = pages.visitor.client.open("/notes", method=method)
    assert answered.status_code in {500, 503}
    assert pages.noted() == 0
    assert pages.visitor.post("/notes", {"words": "x"}).status_code == 303


def test_without_its_token_a_form_does_nothing(pages: Pages) -> None:
    answered = pages.visitor.client.post("/notes", data={"words": "x"})
    assert answered.status_code == 400
    assert "nothing was saved" in answered.text
    assert pages.noted() == 0


def test_a_form_sent_twice_acts_once_and_is_answered_alike(pages: Pages) -> None:
    first = pages.visitor.post("/notes", {"_nonce": "n", "words": "x"})
    second = pages.visitor.post("/notes", {"_nonce": "n", "words": "x"})
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert first.status_code == 303
    assert pages.noted() == 1


def test_the_same_form_with_other_content_is_refused(pages: Pages) -> None:
    pages.visitor.post("/notes", {"_nonce": "n", "words": "x"})
    changed = pages.visitor.post("/notes", {"_nonce": "n", "words": "y"})
    assert changed.status_code == 422
    assert "already sent with other content" in changed.text
    assert pages.noted() == 1


@pytest.mark.parametrize("other", [b"other", b"longer than it was"])
def test_another_file_of_the_same_name_is_other_content(pages: Pages, other: bytes) -> None:
    def send(content: bytes) -> int:
        data = {"_nonce": "n", "words": "x", "file": (BytesIO(content), "sessions.csv")}
        return pages.visitor.post("/notes", data).status_code

    assert (send(b"first"), send(b"first"), send(other)) == (303, 303, 422)
    assert pages.noted() == 1


def test_the_same_nonce_at_another_address_is_other_content(pages: Pages) -> None:
    pages.app.add_url_rule(
        "/elsewhere", view_func=pages.app.view_functions["add"], methods=["POST"]
    )
    pages.visitor.post("/notes", {"_nonce": "n", "words": "x"})
    assert pages.visitor.post("/elsewhere", {"_nonce": "n", "words": "x"}).status_code == 422


def test_after_a_refusal_the_same_form_may_be_put_right(pages: Pages) -> None:
    wrong = pages.visitor.post("/notes", {"_nonce": "n", "words": "x", "answer": "422"})
    right = pages.visitor.post("/notes", {"_nonce": "n", "words": "x"})
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert pages.noted() == 1


def test_another_organisation_may_have_the_same_nonce(pages: Pages) -> None:
    pages.visitor.post("/notes", {"_nonce": "n", "words": "x"})
    assert pages.stranger.post("/notes", {"_nonce": "n", "words": "y"}).status_code == 303
    assert pages.noted() == 2


def test_fifty_identical_forms_at_once_act_once(pages: Pages) -> None:
    def send(_number: int) -> tuple[int, str | None]:
        own = Visitor(pages.app.test_client(), pages.visitor.token)
        own.client._cookies = dict(pages.visitor.client._cookies or {})
        answered = own.post("/notes", {"_nonce": "n", "words": "x"})
        return answered.status_code, answered.location

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(send, range(50)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 303
    assert pages.noted() == 1
    with pages.owner.session(OPERATOR) as session:
        assert session.query(FormReceipt).count() == 1


def test_connections_are_given_back(pages: Pages) -> None:
    for answer in ("redirect", "422", "broken"):
        pages.visitor.post("/notes", {"answer": answer, "words": "x"})
    pages.visitor.get("/notes")
    database: Database = pages.app.extensions["portal.database"]
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
