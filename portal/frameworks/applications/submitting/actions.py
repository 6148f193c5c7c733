"""Submitting a complete application, withdrawing it, taking it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.applications import completeness, queries
from portal.frameworks.applications.actions import Event, check_writable, subject
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.applications.receiving.actions import receive
from portal.frameworks.applications.rules import Missing, Withdrawn, check_open
from portal.kernel.errors import DomainError, Stale
from portal.kernel.local_time import local_date


class Incomplete(DomainError):
    """Something is missing; ``missing`` says what."""

    status = 422
    sentence = "This application is not complete yet, so it was not submitted."

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__()
        self.missing = missing


class ChangedMeanwhile(Stale):
    """A colleague changed the draft after it was checked."""

    sentence = (
        "A colleague changed this application after you opened the page, so it was not submitted. "
        "Check the answers again, then submit them."
    )


def submit(
    session: Session,
    actor: Actor,
    draft: Draft,
    *,
    seen: str,
    declared_as: str,
    at: datetime,
) -> Submission:
    """Send in what the draft says now; ``seen`` is the state of the draft that was checked.

    Whether it is in time is for ``receive``, by the database's clock. Raises Withdrawn,
    Incomplete, ChangedMeanwhile; NotReceived as ``receive`` does.
    """
    if draft.application.withdrawn_at is not None:
        raise Withdrawn
    if missing := completeness.missing(draft, local_date(at)):
        raise Incomplete(missing)
    if draft.state != seen:
        raise ChangedMeanwhile
    return receive(session, actor, draft.application, draft.content(), declared_as=declared_as)


def withdraw(session: Session, actor: Actor, application_id: UUID, *, at: datetime) -> Application:
    """Take an application back; nothing of it is read at the opening. Raises NotOpen, Withdrawn."""
    application = queries.locked_application(session, application_id)
    check_writable(session, application, at=at)
    application.withdrawn_at = at
    session.flush()
    record(session, actor, Event.WITHDRAWN, subject(application), at=at)
    return application


def take_up(session: Session, actor: Actor, application_id: UUID, *, at: datetime) -> Application:
    """Go on with a withdrawn application; what was submitted before counts again.

    Raises NotOpen.
    """
    application = queries.locked_application(session, application_id)
    late = queries.late_until(session, application.round_id, application.provider_id)
    check_open(application.round, late, at)
    if application.withdrawn_at is not None:
        application.withdrawn_at = None
        session.flush()
        record(session, actor, Event.TAKEN_UP, subject(application), at=at)
    return application
