"""A letter is in the outbox if and only if its transaction was committed, and says no content."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kernel.database import Database
from portal.kernel.post import BadAddress, public_url, write
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import ForeignRow, Scope, Task
from tests.dealings import AT
from tests.support.background import Letters, RunJobs

POST = Scope.system(Task.POST)
SIGN_IN = Scope.system(Task.SIGN_IN)
TEMPLATE = "notices/at_once.txt"


def _write(app: Flask, database: Database, scope: Scope = SIGN_IN, **changes: str) -> None:
    values = {"to": "a.b@post.example", "subject": "A subject", "about": "Invoices", "link": "/x"}
    with app.app_context(), database.transaction(scope) as session:
        write(session, template=TEMPLATE, at=AT, **{**values, **changes})  # type: ignore[arg-type]


def test_a_letter_is_written_sent_once_and_its_words_are_erased(
    app: Flask, database: Database, run_jobs: RunJobs, letters: Letters
) -> None:
    _write(app, database, name="Ada")
    (waiting,) = letters()
    assert (waiting.to, waiting.subject, waiting.sent) == ("a.b@post.example", "A subject", False)
    assert waiting.body.startswith("Hello Ada,\n\nThere is something new for you about: Invoices.")
    assert "http://127.0.0.1:5000/notices/preferences" in waiting.body
    assert run_jobs() == 1
    assert run_jobs() == 0
    with database.session(POST) as session:
        row = session.scalars(select(Letter)).one()
    assert row.body is None and row.sent_at is not None
    (sent,) = letters()
    assert sent.sent and sent.body == waiting.body


def test_a_letter_of_a_transaction_that_was_undone_was_never_written(
    app: Flask, database: Database, run_jobs: RunJobs, letters: Letters
) -> None:
    with app.app_context(), database.session(SIGN_IN, writes=True) as session:
        write(session, to="a@b.example", subject="S", template=TEMPLATE, at=AT, about="", link="")
        session.rollback()
    assert letters() == []
    assert run_jobs() == 0


@pytest.mark.parametrize(
    "given",
    [
        "a@b.example\r\nBcc: everybody@b.example",
        "a@b.example\nSubject: other",
        "a@b.example, c@d.example",
        "a@b.example;c@d.example",
        "Somebody <a@b.example>",
        "a b@c.example",
        "a\0@b.example",
        "@b.example",
        "a@",
        "",
        "a@b.example\n",
    ],
)
def test_what_is_not_one_address_is_refused(given: str) -> None:
    with pytest.raises(BadAddress):
        write(Session(), to=given, subject="", template=TEMPLATE, at=AT)


def test_a_line_break_in_a_subject_begins_no_other_header(
    app: Flask, database: Database, run_jobs: RunJobs, letters: Letters
) -> None:
    _write(app, database, subject="Hello\r\nBcc: everybody@b.example")
    assert run_jobs() == 1
    (sent,) = letters()
    assert (sent.sent, sent.subject) == (True, "Hello Bcc: everybody@b.example")


def test_links_begin_with_the_setting_and_not_with_what_a_request_says(app: Flask) -> None:
    app.config["PUBLIC_URL"] = "https://portal.council.example/placewell"
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert public_url("home.show") == "https://portal.council.example/placewell/"
    with app.app_context():
        assert public_url("notices.index", show="unread") == (
            "https://portal.council.example/placewell/notices?show=unread"
        )


def test_nobody_but_the_post_reads_a_letter(app: Flask, database: Database) -> None:
    own = Scope(uuid4(), uuid4())
    _write(app, database, own)
    for scope in (own, Scope(own.organisation_id), Scope.public()):
        with database.session(scope) as session:
            assert session.scalars(select(Letter)).all() == []
    with pytest.raises(ForeignRow):
        _write(app, database, Scope.public())
