"""A signed-in browser without the sign-in page, for tests that need hundreds of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.identity.models import Membership
from tests.makers.signing_in import give_cookie, make_sign_in

CSRF = "0f" * 32
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Visitor:
    """A browser with its cookie, and the token that its forms carry."""

    client: FlaskClient
    token: str

    def get(self, url: str, *, fragment: bool = False) -> TestResponse:
        """Ask for a page, or as htmx does for a part of it."""
        return self.client.get(url, headers=HTMX if fragment else {})

    def post(
        self, url: str, data: Mapping[str, Any] | None = None, *, fragment: bool = False
    ) -> TestResponse:
        """Send a form, with its token against forgery."""
        whole = {"csrf_token": self.token, **(data or {})}
        return self.client.post(url, data=whole, headers=HTMX if fragment else {})


def stranger(app: Flask) -> Visitor:
    """A browser in which nobody is signed in; its forms still carry a token."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = CSRF
    return Visitor(client, token(app))


def visit(app: Flask, session: Session, membership: Membership) -> Visitor:
    """A browser of somebody who works as one organisation; the session is the operator's."""
    started = make_sign_in(session, person_id=membership.person_id, membership_id=membership.id)
    visitor = stranger(app)
    give_cookie(visitor.client, started)
    return visitor


def token(app: Flask) -> str:
    """The token of a form whose cookie holds ``CSRF``."""
    return str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(CSRF))
