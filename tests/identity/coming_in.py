"""Coming in by the pages themselves, and what the record then says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.audit.models import AuditEvent
from portal.identity.models import Person
from portal.kernel.clock import now_of, set_clock
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.makers import PASSWORD, csrf_token
from tests.makers.factors import code_at

OPERATOR = Scope.system(Task.OPERATOR)


def attempt(client: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    """Send the sign-in form, as the page gave it."""
    page = client.get("/sign-in").text
    return client.post(
        "/sign-in",
        data={"csrf_token": csrf_token(page), "email": email, "password": password, **more},
    )


def send(client: FlaskClient, url: str, page: str = "", **fields: str) -> TestResponse:
    """Send a form of the page at ``page``, which is the same address unless told."""
    token = csrf_token(client.get(page or url).text)
    return client.post(url, data={"csrf_token": token, **fields})


def half_in(client: FlaskClient, person: Person) -> None:
    """Give the right password, and no more."""
    assert attempt(client, person.email, PASSWORD).location.startswith("/sign-in/code")


def give_code(client: FlaskClient, code: str) -> TestResponse:
    """Send the form of the second step."""
    return send(client, "/sign-in/code", code=code)


def come_in(client: FlaskClient, person: Person, database: Database) -> TestResponse:
    """Give the password, and the code that the person's app shows now."""
    half_in(client, person)
    return give_code(client, code_at(portal_time(database)))


def portal_time(database: Database) -> datetime:
    """What the portal's clock shows."""
    with database.session(OPERATOR) as session:
        return now_of(session)


def later(database: Database, by: timedelta) -> None:
    """Set the clock forward from the real time."""
    with database.transaction(OPERATOR) as session:
        set_clock(session, datetime.now(UTC) + by)


def is_in(client: FlaskClient) -> bool:
    """Whether the home page opens."""
    return client.get("/").status_code == 200


def events(database: Database) -> list[str]:
    """What was recorded, in order."""
    with database.session(OPERATOR) as session:
        return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))
