"""Each look at a young person's identity is recorded, also by a page that only reads.

A page that shows one says so with ``shows_identity``. The event has a short transaction of its
own before the answer leaves; where it cannot be written, nothing is shown.
"""

from __future__ import annotations

from flask import Flask, Response, g

from portal.audit.actions import Subject, record_look
from portal.identity.viewing import actor, viewer
from portal.kernel.clock import now
from portal.kernel.session import close_session, database
from portal.kernel.tenancy import Scope, Task

SHOWN = frozenset({200, 409, 422})
"""A form that went wrong, or was overtaken, shows again what its page shows."""


def shows_identity(subject: Subject, *, reason: str) -> None:
    """This answer tells whoever asked who a young person is; ``reason`` is why they may know."""
    g.identity_shown = subject, reason


def init_looking(app: Flask) -> None:
    """Have every such answer recorded."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    shown = g.pop("identity_shown", None)
    if shown is not None and response.status_code in SHOWN:
        close_session()
        subject, reason = shown
        scope = viewer().scope or Scope.system(Task.SIGN_IN)
        with database().transaction(scope) as session:
            record_look(session, actor(), subject, reason=reason, at=now())
    return response
