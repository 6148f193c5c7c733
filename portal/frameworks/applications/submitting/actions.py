"""Submitting a complete application, withdrawing it, taking it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.applications import completeness
from portal.frameworks.applications.actions import Event, subject
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.applications.receiving.actions import hold, receive
from portal.frameworks.applications.receiving.queries import locked_application
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


def withdraw(session: Session, actor: Actor, application: Application) -> None:
    """Take an application back; nothing of it is read at the opening.

    The moment is the database's, as for ``receive``. Raises NotOpen, Withdrawn.
    """
    application, at = _in_time(session, application)
    if application.withdrawn_at is not None:
        raise Withdrawn
    application.withdrawn_at = at
    session.flush()
    record(session, actor, Event.WITHDRAWN, subject(application), at=at)


def take_up(session: Session, actor: Actor, application: Application) -> None:
    """Go on with a withdrawn application; what was submitted before counts again.

    The moment is the database's, as for ``receive``. Raises NotOpen.
    """
    application, at = _in_time(session, application)
    if application.withdrawn_at is not None:
        application.withdrawn_at = None
        session.flush()
        record(session, actor, Event.TAKEN_UP, subject(application), at=at)


def _in_time(session: Session, application: Application) -> tuple[Application, datetime]:
    """An application as it stands now, held with its round, and the moment. Raises NotOpen."""
    held = hold(session, application)
    check_open(held.round, held.late_until, held.moment)
    return locked_application(session, application.id), held.moment
