"""Somebody without an account, in a browser of their own and at an address of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

ALDERMOOR = "/young-people/aldermoor-council"
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
addresses = (f"10.9.{number // 250}.{number % 250 + 1}" for number in count())


@dataclass
class Somebody:
    """A browser on the public pages of one council; ``front`` is where they begin."""

    client: FlaskClient
    front: str = ALDERMOOR
    token: str = field(default="")

    def get(self, path: str) -> TestResponse:
        """Open a page, and keep the token of its forms."""
        answered = self.client.get(self.front + path)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answered.text)
        self.token = found[1] if found else self.token
        return answered

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, nonce: str = "0" * 32
    ) -> TestResponse:
        """Send a form."""
        whole = {"csrf_token": self.token, "_nonce": nonce, **(data or {})}
        return self.client.post(self.front + path, data=whole, content_type="multipart/form-data")

    def say(self, question: str, **data: Any) -> TestResponse:
        """Answer one question."""
        if not self.token:
            self.get("/tell-us/what")
        return self.post(f"/tell-us/{question}", data)

    def say_all(self, **changed: Mapping[str, Any] | None) -> TestResponse:
        """Answer every question, some otherwise or (None) not at all; gives the last answer."""
        answered = None
        for question, answers in {**ANSWERS, **changed}.items():
            if answers is not None:
                answered = self.say(question, **answers)
                assert answered.status_code == 303, (question, answered.status_code)
        assert answered is not None
        return answered

    def send(self) -> TestResponse:
        """Press the last button."""
        return self.post("/tell-us/send")

    def send_all(self, **changed: Mapping[str, Any] | None) -> tuple[str, str]:
        """Answer every question and send it; gives the code and the four words."""
        self.say_all(**changed)
        assert self.send().location.endswith("/tell-us/sent")
        return self.code()

    def code(self, page: str = "/tell-us/sent") -> tuple[str, str]:
        """The code and the four words, as the page shows them."""
        tree = html.fromstring(self.get(page).text)
        reference, passphrase = tree.xpath("//dd[@class='public-code__words']/text()")
        return reference, passphrase

    def open(self, reference: str, passphrase: str) -> TestResponse:
        """Come back with the code and the words."""
        self.get("/follow")
        typed = {"reference": reference, "passphrase": passphrase}
        answered = self.post("/follow", typed)
        if answered.status_code == 303:
            self.get(answered.location.removeprefix(self.front))
        return answered


def somebody_at(app: Flask, *, address: str | None = None, front: str = ALDERMOOR) -> Somebody:
    """Somebody new, at an address of their own unless they share one."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address or next(addresses)
    return Somebody(client, front)
