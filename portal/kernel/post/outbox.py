"""Writing a letter: it is in the outbox if and only if the transaction commits."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from portal.kernel.database import scope_of
from portal.kernel.errors import DomainError
from portal.kernel.ids import new_id
from portal.kernel.jobs import enqueue
from portal.kernel.post.models import Letter
from portal.kernel.post.public import public_url

# One address and nothing else: no list, no name, nothing that could begin another header.
_ADDRESS = re.compile(r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]{1,64}@[A-Za-z0-9.-]{1,189}")


class BadAddress(DomainError, ValueError):
    """What was given is not one e-mail address."""

    status = 422
    sentence = "Enter an e-mail address in the correct format, like name@example.com."


def write(
    session: Session,
    *,
    to: str,
    subject: str,
    template: str,
    at: datetime,
    person_id: UUID | None = None,
    **context: Any,
) -> UUID:
    """Put an e-mail in plain text into the outbox, in this transaction; a job sends it.

    The template, which extends "kernel/post/letter.txt", is rendered now; it makes its links with
    ``public_url(endpoint, **values)``. A letter says where to look, never what stands there: no
    name of a young person, no figure, no text of a message. ``person_id`` is whose letter it is,
    so that it goes when they are forgotten.

    Raises BadAddress, and ForeignRow from a session that works for nobody: enter a system task.
    """
    if not _ADDRESS.fullmatch(to):
        raise BadAddress
    body = current_app.jinja_env.get_template(template).render(public_url=public_url, **context)
    letter = Letter(
        id=new_id(),
        organisation_id=scope_of(session).organisation_id,
        person_id=person_id,
        address=to,
        subject=" ".join(subject.split())[:200],
        body=body.strip() + "\n",
        written_at=at,
    )
    session.add(letter)
    enqueue(session, "post:send", at=at, arguments={"letter_id": letter.id.hex})
    return letter.id
