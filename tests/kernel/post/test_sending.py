"""Letters go to a real mail server on this machine: one that accepts, refuses, or hangs up."""

from __future__ import annotations

import socket
from asyncio import Transport
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select

from portal.kernel.clock import now_of
from portal.kernel.database import Database
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.rules import JobState
from portal.kernel.jobs.worker import Worker
from portal.kernel.post import write
from portal.kernel.post.carriers import NoCarrier, Notify, carrier_of
from portal.kernel.post.models import Letter
from portal.kernel.post.sending import ATTEMPTS
from portal.kernel.tenancy import Scope, Task
from tests.dealings import AT
from tests.support.background import RunJobs

POST, JOBS = Scope.system(Task.POST), Scope.system(Task.JOBS)
ALWAYS = 100
LONG = timedelta(hours=10)


class Desk:
    """The mail server's side: what it took, and how it answers the next letters."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.refusals: list[str] = []
        self.hang_ups = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Refuse the address as told, or note it."""
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take the letter; or take it and hang up, so that the sender cannot know."""
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        if self.hang_ups:
            self.hang_ups -= 1
            cast(Transport, server.transport).abort()
        return "250 OK"


@pytest.fixture
def engine_name() -> str:
    """A conversation with a mail server is the same whatever the database."""
    return "sqlite"


@pytest.fixture
def desk(app: Flask) -> Iterator[Desk]:
    """A mail server on a free port of this machine, which the application is told of."""
    own = Desk()
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    controller = Controller(own, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{port}?tls=no"
    yield own
    controller.stop()


def _write(app: Flask, database: Database) -> None:
    with app.app_context(), database.transaction(POST) as session:
        write(
            session, to="a@post.example", subject="Grüße £5", template="notices/at_once.txt",
            at=AT, about="A – dash", link="/x",
        )  # fmt: skip


def _state(database: Database) -> tuple[JobState, int]:
    with database.session(JOBS) as session:
        job = session.scalars(select(Job)).one()
        return job.state, job.attempts


def _letter(database: Database) -> Letter:
    with database.session(POST) as session:
        return session.scalars(select(Letter)).one()


@pytest.fixture
def send_until_over(app: Flask, database: Database) -> Callable[[], None]:
    """Try what waits again and again, each time as if ten hours had passed."""

    def send() -> None:
        with database.session(JOBS) as session:
            at = now_of(session)
        for turn in range(ALWAYS):
            later = at + turn * LONG
            if not Worker(app, moment=lambda _s, at=later: at, schedules={}).once():  # type: ignore[misc]
                return

    return send


def test_a_server_that_accepts_gets_one_whole_letter(
    app: Flask, database: Database, run_jobs: RunJobs, desk: Desk
) -> None:
    _write(app, database)
    assert run_jobs() == 1
    (sent,) = (message_from_bytes(content) for content in desk.taken)
    letter = _letter(database)
    assert sent["To"] == "a@post.example"
    assert sent["Message-ID"] == f"<{letter.id.hex}@127.0.0.1>"
    assert sent["Auto-Submitted"] == "auto-generated"
    body = sent.get_payload(decode=True)
    assert isinstance(body, bytes) and "A – dash" in body.decode()
    assert letter.body is None and _state(database) == (JobState.DONE, 1)


def test_a_refusal_for_now_is_tried_again(
    app: Flask, database: Database, desk: Desk, send_until_over: Callable[[], None]
) -> None:
    desk.refusals = ["451 Try later", "421 Too busy"]
    _write(app, database)
    send_until_over()
    assert len(desk.taken) == 1 and _state(database) == (JobState.DONE, 3)


def test_a_refusal_for_good_is_not_tried_again_and_the_words_are_erased(
    app: Flask, database: Database, run_jobs: RunJobs, desk: Desk
) -> None:
    desk.refusals = ["550 No such mailbox"] * ALWAYS
    _write(app, database)
    assert run_jobs() == 1
    letter = _letter(database)
    assert letter.body is None and letter.given_up_at is not None and letter.sent_at is None
    assert _state(database) == (JobState.FAILED, 1)


def test_an_address_that_always_fails_is_given_up_after_ten_attempts(
    app: Flask, database: Database, desk: Desk, send_until_over: Callable[[], None]
) -> None:
    desk.refusals = ["451 Not now"] * ALWAYS
    _write(app, database)
    send_until_over()
    assert ATTEMPTS == 10 and _state(database) == (JobState.FAILED, 10)
    assert _letter(database).given_up_at is not None


def test_a_server_that_hangs_up_after_taking_it_gets_it_again_under_the_same_id(
    app: Flask, database: Database, desk: Desk, send_until_over: Callable[[], None]
) -> None:
    """At least once: the receiver can tell the second copy by its Message-ID."""
    desk.hang_ups = 1
    _write(app, database)
    send_until_over()
    first, second = (message_from_bytes(content)["Message-ID"] for content in desk.taken)
    assert first == second and _state(database) == (JobState.DONE, 2)


def test_a_server_that_is_away_keeps_the_letter_waiting(
    app: Flask, database: Database, run_jobs: RunJobs
) -> None:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1?tls=no"
    _write(app, database)
    assert run_jobs() == 1
    assert _letter(database).body is not None and _state(database) == (JobState.WAITING, 1)


def test_a_password_is_never_sent_without_tls(
    app: Flask, database: Database, run_jobs: RunJobs, desk: Desk
) -> None:
    """The server offers no STARTTLS, so there is no conversation."""
    port = app.config["SMTP_URL"].partition("?")[0].rpartition(":")[2]
    app.config["SMTP_URL"] = f"smtp://user:secret@127.0.0.1:{port}"
    _write(app, database)
    assert run_jobs() == 1
    assert desk.taken == [] and _state(database) == (JobState.WAITING, 1)


def test_without_any_way_to_send_letters_wait(
    app: Flask, database: Database, run_jobs: RunJobs
) -> None:
    app.config["POST_FOLDER"] = ""
    with pytest.raises(NoCarrier):
        carrier_of(app.config)
    _write(app, database)
    assert run_jobs() == 1
    assert _letter(database).body is not None


def test_gov_uk_notify_is_given_the_subject_the_body_and_the_stable_reference(
    app: Flask, database: Database, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from notifications_python_client.errors import HTTPError
    from notifications_python_client.notifications import NotificationsAPIClient

    asked: list[dict[str, Any]] = []
    key = "placewell-" + "-".join(["00000000-0000-4000-8000-000000000000"] * 2)
    app.config.update(NOTIFY_KEY=key, NOTIFY_TEMPLATE="a-template")

    def send(_client: object, **arguments: Any) -> None:
        asked.append(arguments)
        if len(asked) == 2:
            raise HTTPError(type("Answer", (), {"status_code": 400, "json": lambda _s: {}})())

    monkeypatch.setattr(NotificationsAPIClient, "send_email_notification", send)
    _write(app, database)
    assert isinstance(carrier_of(app.config), Notify)
    assert run_jobs() == 1
    letter = _letter(database)
    assert letter.sent_at is not None
    assert asked[0]["email_address"] == "a@post.example"
    assert asked[0]["template_id"] == "a-template"
    assert asked[0]["reference"] == f"<{letter.id.hex}@127.0.0.1>"
    assert asked[0]["personalisation"]["subject"] == "Grüße £5"
    _write(app, database)
    assert run_jobs() == 1
    with database.session(POST) as session:
        assert [one.given_up_at is not None for one in session.scalars(select(Letter))] == [
            False,
            True,
        ]
