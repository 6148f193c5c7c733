"""Every form that changes something adds an event (promise 21), whichever test sends it.

While a POST is answered, the tables that its transaction writes are noted. One that succeeds, has
changed something, and recorded nothing fails the test that sent it. At the end of a whole run,
every rule of the URL map that takes a POST must have succeeded somewhere with an event, or stand
below with the reason why it has none.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, g, has_request_context, request, request_finished
from sqlalchemy import Engine, event

from portal import create_app
from portal.config import Config
from tests.support.databases import FOLDER

WRITES = re.compile(r'(?:INSERT INTO|UPDATE(?! sign_in SET seen_at=)|DELETE FROM) "?(\w+)')
"""What a statement writes, but for when a browser was last there: any request may note that."""
NOTE = "recorded-forms"
# What a form may write without an event of its own, and why.
OF_ITSELF = {
    "audit_chain": "the record",
    "audit_link": "the record",
    "form_receipt": "a form's own number, against sending it twice",
    "job": "the job records what it does",
    "letter": "what it tells of is recorded",
    "notice": "a person's own mark that they have read it",
    "notice_preference": "how a person wants to hear of things",
    "registration": "waits for its letter to be answered, which is recorded",
    "unsent_complaint": "a young person's draft: nobody's business before it is sent",
    "wrong_guesses": "counts what strangers try, beside no account",
}
WITHOUT_EVENT = {
    "conversations.read_on_agreement": "a person's own mark that they have read it",
    "conversations.read_on_referral": "a person's own mark that they have read it",
    "delivery.upload.preview": "shows what a file would save",
    "factors.download": "gives as a file what the page before shows",
    "following.leave": "closes what a browser had open",
    "identity.start_with_passkey": "hands out a challenge; the answer to it is recorded",
    "joining.ask": "answers everybody alike; its job records what came of it",
    "making.answer": "a draft that is not sent",
    "making.begin": "a draft that is not sent",
    "making.finish": "a draft that is not sent",
    "making.remove_file": "a draft that is not sent",
    "notices.follow": "a person's own mark that they have read it",
    "notices.prefer": "how a person wants to hear of things",
    "notices.read": "a person's own mark that they have read it",
    "notices.read_all": "a person's own mark that they have read it",
    "procedures.preview": "shows what would be published",
    "recovery.ask_for_password": "answers everybody alike; its job records what came of it",
    "registration.register": "answers everybody alike; what its letter leads to is recorded",
    "runs.preview": "shows what a file would record",
    "second_step.start_again": "goes back to the first page",
}


JUDGE = pytest.StashKey[Any]()  # held here, since the signal holds it weakly


@pytest.hookimpl(trylast=True)  # after the run has its folder
def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch."""
    folder = config.stash[FOLDER]

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if has_request_context() and (found := WRITES.match(statement)):
            g.setdefault("tables_written", set()).add(found[1])

    def judge(_app: Flask, response: Response, **_rest: Any) -> None:
        written = g.get("tables_written", set())
        if request.method != "POST" or response.status_code >= 400 or not request.endpoint:
            return
        if "audit_event" in written:
            _remember(folder, request.endpoint)
        elif request.endpoint in WITHOUT_EVENT:
            return
        elif changed := written - OF_ITSELF.keys():
            raise AssertionError(
                f"{request.endpoint} changed {', '.join(sorted(changed))} and recorded nothing: "
                "let its action record an event in the same transaction"
            )

    config.stash[JUDGE] = judge
    request_finished.connect(judge)


def _remember(folder: Path, endpoint: str) -> None:
    descriptor = os.open(folder / NOTE, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, f"{endpoint}\n".encode())
    finally:
        os.close(descriptor)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A whole run in which some form was never seen to record what it does has failed."""
    if session.exitstatus == pytest.ExitCode.OK and _unseen(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which."""
    for endpoint in _unseen(config):
        terminalreporter.write_line(
            f"No test saw {endpoint} succeed with an event. Add one, or say in "
            "tests/support/recorded.py, in WITHOUT_EVENT, why it needs none.",
            red=True,
        )


def _unseen(config: pytest.Config) -> list[str]:
    """The endpoints of POST rules that never recorded anything; none unless all tests ran."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    chosen = config.option.keyword or config.option.markexpr or hasattr(config, "workerinput")
    if not whole or chosen:
        return []
    app = create_app(Config(database_url="sqlite://", secret_key="for tests only"))
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    app.extensions["portal.database"].close()
    noted = config.stash[FOLDER] / NOTE
    seen = set(noted.read_text().split()) if noted.exists() else set()
    return sorted(taking - seen - WITHOUT_EVENT.keys())
