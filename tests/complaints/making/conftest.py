"""A council, a provider that works for it, and somebody who writes to it without an account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.identity.models import Organisation
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_category, make_council, make_framework, make_place, make_provider

OPERATOR = Scope.system(Task.OPERATOR)
WORDS = "They took my bag and nobody said sorry."
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "what": {"kind": "complaint"},
    "safe": {"safe": "yes"},
    "happened": {"happened": WORDS},
    "about": {"about": "council"},
    "wish": {"wish": "I want my bag back."},
    "who": {"who": "young-person"},
    "name": {"named": "no"},
    "answer": {"answer_by": "here"},
    "helper": {"helper": "no"},
    "files": {},
    "needs": {},
}
SHOWN = re.compile(r'public-code__words"[^>]*>([^<]+)<')


@dataclass
class Somebody:
    """A browser without an account, on the pages of one council."""

    client: FlaskClient
    front: str = "/young-people/aldermoor-council"
    token: str = field(default="")

    def get(self, path: str) -> TestResponse:
        """Open a page, and keep the token of its forms."""
        answered = self.client.get(self.front + path)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answered.text)
        self.token = found[1] if found else self.token
        return answered

    def post(self, path: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        """Send a form."""
        return self.client.post(
            self.front + path,
            data={"csrf_token": self.token, "_nonce": "0" * 32, **(data or {})},
            content_type="multipart/form-data",
        )

    def say(self, step: str, **data: Any) -> TestResponse:
        """Answer one question."""
        if not self.token:
            self.get("/tell-us/what")
        return self.post(f"/tell-us/{step}", data)

    def say_all(self, **changed: Mapping[str, Any]) -> TestResponse:
        """Answer every question, some of them otherwise; gives the page of the last answer."""
        answered = None
        for step, answers in {**ANSWERS, **changed}.items():
            answered = self.say(step, **answers)
            assert answered.status_code == 303, (step, answered.text)
        assert answered is not None
        return answered

    def send(self) -> TestResponse:
        """Press the last button."""
        return self.post("/tell-us/send")

    def code(self, page: str = "/tell-us/sent") -> tuple[str, str]:
        """The code and the four words, as the page shows them."""
        reference, passphrase = SHOWN.findall(self.get(page).text)
        return reference, passphrase

    def open(self, reference: str, passphrase: str) -> TestResponse:
        """Come back with the code and the words."""
        self.get("/follow")
        return self.post("/follow", {"reference": reference, "passphrase": passphrase})


@pytest.fixture
def council(owner_database: Database) -> Organisation:
    """Aldermoor Council."""
    with owner_database.transaction(OPERATOR) as session:
        return make_council(session, name="Aldermoor Council")


@pytest.fixture
def provider(owner_database: Database, council: Organisation) -> Organisation:
    """Larkspur Mentoring, which works for it."""
    with owner_database.transaction(OPERATOR) as session:
        framework = make_framework(session, lead=council)
        own = make_provider(session, name="Larkspur Mentoring")
        category = make_category(session, framework=framework)
        make_place(session, category=category, provider=own)
        return own


@pytest.fixture
def somebody(app: Flask, council: Organisation) -> Somebody:
    """Somebody at the council's pages."""
    return Somebody(app.test_client())


@pytest.fixture
def kept(owner_database: Database) -> Iterator[Session]:
    """What the database holds, to look at."""
    with owner_database.session(OPERATOR) as session:
        yield session
