"""The browser of this request: what it is, and whether somebody has signed in with it before.

A signed cookie of a year names the people who have. It lets nobody in; without it, a sign-in is
told to its person by letter.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from portal.identity.sign_ins.rules import describe_browser
from portal.kernel.sealing import signing_keys

COOKIE = "portal-known"
LASTS = timedelta(days=365)
MOST_PEOPLE = 10


def this_browser() -> str:
    """What this browser is, roughly."""
    return describe_browser(request.headers.get("User-Agent", ""))


def is_known_to(person_id: UUID) -> bool:
    """Whether this person has signed in with this browser before."""
    return person_id.hex in _people()


def make_known_to(person_id: UUID) -> None:
    """Let this browser be known from now on."""
    people = [person_id.hex, *(one for one in _people() if one != person_id.hex)]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            _signer().dumps(people[:MOST_PEOPLE]),
            max_age=LASTS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _people() -> list[str]:
    try:
        people = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return []
    return [str(one) for one in people]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(), salt="known browser")
