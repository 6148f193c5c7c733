"""Refusals are recorded too: somebody asked for what is not theirs, or what their role forbids.

What is refused changes nothing, and a page that reads (GET) can write nothing. So the event has a
short transaction of its own, once the request's is over. Each person's refusals are listed up to a
limit in an hour; then one event says that there are more, so that nobody can bury the record
or keep the database busy with them. What an action itself asked to have recorded
(``record_refusal``) is recorded each time.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from portal.audit.actions import Actor, Subject, record, record_history, take_refusals
from portal.audit.events import Event
from portal.audit.queries import refusals_since
from portal.identity.viewing import viewer
from portal.kernel.clock import now
from portal.kernel.database import scope_of
from portal.kernel.session import close_session, database, db
from portal.kernel.tenancy import Scope, Task

REFUSALS = frozenset({403, 404})
MOST = 60  # listed for one person in an hour
HOUR = timedelta(hours=1)


def init_refusals(app: Flask) -> None:
    """Have every refusal of a signed-in person recorded."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    """Addresses that no page has are nobody's thing, and leave no trace."""
    if "db_session" in g and (refused := take_refusals(db())):
        scope = scope_of(db())
        close_session()
        with database().transaction(scope) as session:
            record_history(session, refused)
    if response.status_code in REFUSALS and request.endpoint and current_user.is_authenticated:
        close_session()
        try:
            _record(response.status_code, at=now())
        except OperationalError as error:
            cause = type(error.__cause__).__name__
            current_app.logger.warning("a refusal was not recorded: %s", cause)
    return response


def _record(status: int, *, at: datetime) -> None:
    person = viewer()
    opened = database()
    scope = person.scope or Scope.system(Task.SIGN_IN)
    with opened.session(scope) as reading:
        earlier = refusals_since(reading, scope.organisation_id, person.person_id, at - HOUR)
    if Event.REFUSED_OFTEN in earlier:
        return
    event = Event.REFUSED if len(earlier) < MOST else Event.REFUSED_OFTEN
    asked = re.sub(r"<[^>]+>", "…", request.url_rule.rule) if request.url_rule else ""
    with opened.transaction(scope) as session:
        record(
            session,
            Actor(person.person_id, person.person_name, scope.organisation_id),
            event,
            Subject("page", _thing(), asked[:200]),
            at=at,
            asked=request.method,
            status=status,
        )


def _thing() -> UUID | None:
    """The thing that the address names, the last of several."""
    named = [value for value in (request.view_args or {}).values() if isinstance(value, UUID)]
    return named[-1] if named else None
