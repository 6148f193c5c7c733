"""Signing in as a person who was made."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from portal.identity.actions import digest
from portal.identity.models import Person, SignIn
from portal.identity.queries import memberships_of
from portal.kernel.clock import now_of
from portal.kernel.tenancy import Scope, Task

if TYPE_CHECKING:
    from uuid import UUID

    from flask.testing import FlaskClient

SECRET_OF_A_BROWSER = "what only this browser keeps"


def sign_in(client: FlaskClient, person: Person) -> SignIn:
    """Let a person in who has given everything that is asked, as the sign-in pages end.

    Somebody in several organisations has still to choose one.
    """
    database = client.application.extensions["portal.database"]
    with database.transaction(Scope.system(Task.SIGN_IN)) as session:
        memberships = memberships_of(session, person.id)
        only = memberships[0].id if len(memberships) == 1 else None
        started = make_sign_in(session, person_id=person.id, membership_id=only)
    give_cookie(client, started)
    return started


def make_sign_in(session: Session, *, person_id: UUID, membership_id: UUID | None) -> SignIn:
    """A sign-in whose second step was given just now."""
    at = now_of(session)
    started = SignIn(
        secret_digest=digest(SECRET_OF_A_BROWSER),
        person_id=person_id,
        membership_id=membership_id,
        browser="Firefox on Windows",
        started_at=at,
        confirmed_at=at,
        seen_at=at,
    )
    session.add(started)
    session.flush()
    return started


def give_cookie(client: FlaskClient, started: SignIn) -> None:
    """The browser keeps what the sign-in page would have given it."""
    moment = datetime.now(UTC).timestamp()
    with client.session_transaction() as cookie:
        cookie["sign_in"] = [started.id.hex, SECRET_OF_A_BROWSER, moment, moment]


def csrf_token(page: str) -> str:
    """The token that the first form of a page carries.

    Raises ValueError for a page without one.
    """
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise ValueError("no form of this page carries a token")
    return found[1]
