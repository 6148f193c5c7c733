"""Doing the background's work within a test, and reading the e-mail that came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.kernel.clock import now_of
from portal.kernel.database import Database
from portal.kernel.jobs.registry import SCHEDULES
from portal.kernel.jobs.worker import Worker
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Scope, Task

RunJobs = Callable[..., int]


@dataclass(frozen=True)
class Post:
    """One e-mail, waiting or sent."""

    to: str
    subject: str
    body: str
    sent: bool


Letters = Callable[[], list[Post]]


@pytest.fixture
def run_jobs(app: Flask, letters: Letters) -> RunJobs:
    """Do everything that is due by the portal's clock, or at a given moment; says how many jobs.

    When a moment is given, schedules run too: all of them, or those that are named. What fails is
    tried again only once its wait is over.
    """

    def run(at: datetime | None = None, *, schedules: Iterable[str] | None = None) -> int:
        moment = now_of if at is None else lambda _session: at
        named = SCHEDULES if at is not None and schedules is None else (schedules or ())
        wanted = {name: SCHEDULES[name] for name in named}
        worker, done = Worker(app, moment=moment, schedules=wanted), 0
        while worker.once():
            done += 1
        return done

    return run


@pytest.fixture
def letters(app: Flask, tmp_path: Path) -> Letters:
    """Every e-mail so far, the oldest first: those in the outbox, and those sent (to a folder)."""
    folder = tmp_path / "post"
    app.config["POST_FOLDER"] = str(folder)
    database: Database = app.extensions["portal.database"]

    def read() -> list[Post]:
        with database.session(Scope.system(Task.POST)) as session:
            return [
                _post(letter, folder)
                for letter in session.scalars(select(Letter).order_by(Letter.id))
            ]

    return read


def _post(letter: Letter, folder: Path) -> Post:
    if letter.body is not None:
        return Post(letter.address, letter.subject, letter.body, sent=False)
    kept = folder / f"{letter.id.hex}.eml"
    if not kept.exists():
        return Post(letter.address, letter.subject, "", sent=letter.sent_at is not None)
    message = message_from_bytes(kept.read_bytes(), policy=SMTP)
    assert isinstance(message, EmailMessage)
    body = message.get_content().replace("\r\n", "\n")
    return Post(message["To"], message["Subject"], body, sent=True)
