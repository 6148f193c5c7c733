"""Signing in as a person who was made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from portal.identity.models import Person
from tests.makers.rows import PASSWORD

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def sign_in(client: FlaskClient, person: Person, password: str = PASSWORD) -> TestResponse:
    """Sign in through the page itself, its token against forgery included."""
    page = client.get("/sign-in").get_data(as_text=True)
    return client.post(
        "/sign-in",
        data={"csrf_token": csrf_token(page), "email": person.email, "password": password},
    )


def csrf_token(page: str) -> str:
    """The token that the first form of a page carries.

    Raises ValueError for a page without one.
    """
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise ValueError("no form of this page carries a token")
    return found[1]
