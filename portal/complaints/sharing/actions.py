"""Sharing a complaint with a provider, its answer, and the log it keeps of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.complaints.handling.actions.case import complaint_subject, opened
from portal.complaints.handling.queries import files_of
from portal.complaints.handling.rules import Outcome
from portal.complaints.sharing.models import OwnComplaint, SharedComplaint, SharedFile
from portal.complaints.sharing.queries import get_own, locked_shared, shared_of
from portal.complaints.sharing.rules import Category, refuse_sharing
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError, NotFound, Stale
from portal.kernel.local_time import local_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

SENDERS_FILE = "File {number}"
"""What a shared file is called: its own name could say who sent it."""


class Event(StrEnum):
    """What happens between a council and a provider, and in a provider's log."""

    SHARED = "complaints:shared:with-provider"
    TAKEN_BACK = "complaints:shared:taken-back"
    ANSWERED = "complaints:shared:answered"
    LOGGED = "complaints:own:logged"
    LOG_CHANGED = "complaints:own:changed"


class NotNow(DomainError):
    """The dates of an entry do not fit, or what was shared stands already."""

    status = 422


def share(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    provider_id: UUID,
    summary: str,
    with_name: bool,
    with_words: bool,
    files: Collection[UUID],
    answer_by: date,
    version: int,
    at: datetime,
) -> SharedComplaint:
    """Share a complaint with a provider: a summary, and more only where the sender agreed.

    Raises NotAgreed, and NotNow when it was shared with the provider before.
    """
    whole = opened(session, actor, complaint_id, version)
    complaint = whole.complaint
    refuse_sharing(agreed=complaint.tell_provider, name=with_name, words=with_words)
    if any(one.provider_id == provider_id for one in shared_of(session, complaint_id)):
        raise NotNow("This was shared with that provider before")
    if answer_by < local_date(at):
        raise NotNow("The day to answer by must not be in the past")
    shared = SharedComplaint(
        complaint_id=complaint_id,
        council_id=complaint.council_id,
        provider_id=provider_id,
        summary=summary,
        agreed=complaint.tell_provider,
        words=complaint.what_happened if with_words else None,
        sender_name=complaint.name if with_name else None,
        shared_at=at,
        answer_by=answer_by,
    )
    session.add(shared)
    session.flush()
    chosen = [stored for _, stored in files_of(session, complaint_id) if stored.id in files]
    for number, stored in enumerate(chosen, start=1):
        session.add(
            SharedFile(
                shared_id=shared.id,
                council_id=shared.council_id,
                provider_id=provider_id,
                stored_file_id=stored.id,
                label=SENDERS_FILE.format(number=number),
            )
        )
    complaint.version += 1
    record(
        session, actor, Event.SHARED, _subject(shared), at=at,
        name=with_name, own_words=with_words, files=len(chosen),
    )  # fmt: skip
    record(session, actor, Event.SHARED, complaint_subject(complaint), at=at)
    tell(
        session,
        NoticeKind.SHARED_COMPLAINT,
        sentence="A council shared a complaint with you and asks for your answer.",
        endpoint="shared.show",
        values={"shared_id": str(shared.id)},
        organisation_id=provider_id,
        permission=Permission.SHARED_COMPLAINT_ANSWER,
        at=at,
        key=f"shared {shared.id.hex}",
    )
    return shared


def take_back(
    session: Session, actor: Actor, shared_id: UUID, *, version: int, at: datetime
) -> SharedComplaint:
    """Hide it from the provider again, with its files. Raises NotFound, Stale."""
    shared = locked_shared(session, shared_id, _own(actor), version)
    if shared.council_id != actor.organisation_id:
        raise NotFound
    shared.taken_back_at = at
    shared.version += 1
    record(session, actor, Event.TAKEN_BACK, _subject(shared), at=at)
    return shared


def answer_shared(
    session: Session,
    actor: Actor,
    shared_id: UUID,
    *,
    answer: str,
    learning: str,
    version: int,
    at: datetime,
) -> SharedComplaint:
    """The provider's answer, which the council reads at once. Raises NotFound, Stale, NotNow."""
    shared = locked_shared(session, shared_id, _own(actor), version)
    if shared.provider_id != actor.organisation_id:
        raise NotFound
    if shared.answered_at is not None:
        raise NotNow("This was answered before")
    shared.answer, shared.learning = answer, learning
    shared.answered_at, shared.answered_by_name = at, actor.name
    shared.version += 1
    record(session, actor, Event.ANSWERED, _subject(shared), at=at)
    tell(
        session,
        NoticeKind.COMPLAINT,
        sentence="A provider answered what you shared with it.",
        endpoint="complaints.show",
        values={"complaint_id": str(shared.complaint_id)},
        organisation_id=shared.council_id,
        permission=Permission.COMPLAINT_HANDLE,
        at=at,
        key=f"answered {shared.id.hex}",
    )
    return shared


def log_own(
    session: Session,
    actor: Actor,
    *,
    received_on: date,
    category: Category,
    what: str,
    due_on: date,
    council_id: UUID | None,
    at: datetime,
) -> OwnComplaint:
    """A complaint that came to the provider itself; a council named is told. Raises NotNow."""
    _refuse_dates(received_on, at, due_on=due_on)
    own = OwnComplaint(
        provider_id=_own(actor), council_id=council_id, received_on=received_on,
        category=category, what=what, due_on=due_on,
    )  # fmt: skip
    session.add(own)
    session.flush()
    record(session, actor, Event.LOGGED, _own_subject(own), at=at, category=category.value)
    if council_id is not None:
        tell(
            session,
            NoticeKind.COMPLAINT,
            sentence="A provider told you of a complaint that came to it.",
            endpoint="alerts.index",
            values={},
            organisation_id=council_id,
            permission=Permission.COMPLAINT_REPORT_READ,
            at=at,
            key=f"own {own.id.hex}",
        )
    return own


def finish_own(
    session: Session,
    actor: Actor,
    own_id: UUID,
    *,
    answered_on: date,
    looked_into_by: str,
    outcome: Outcome,
    action: str,
    learning: str,
    version: int,
    at: datetime,
) -> OwnComplaint:
    """What came of it. Raises NotFound, Stale, NotNow."""
    own = get_own(session, own_id, _own(actor))
    if own.version != version:
        raise Stale
    _refuse_dates(own.received_on, at, answered_on=answered_on)
    own.answered_on, own.outcome, own.looked_into_by = answered_on, outcome, looked_into_by
    own.action, own.learning = action, learning
    own.version += 1
    record(session, actor, Event.LOG_CHANGED, _own_subject(own), at=at, outcome=outcome.value)
    return own


def _refuse_dates(
    received_on: date,
    at: datetime,
    *,
    due_on: date | None = None,
    answered_on: date | None = None,
) -> None:
    today = local_date(at)
    if received_on > today or (answered_on is not None and answered_on > today):
        raise NotNow("The date must not be in the future")
    if answered_on is not None and answered_on < received_on:
        raise NotNow("It cannot be answered before it came")
    if due_on is not None and due_on < received_on:
        raise NotNow("The day to answer by must be after the day it came")


def _own(actor: Actor) -> UUID:
    if actor.organisation_id is None:
        raise NotFound
    return actor.organisation_id


def _subject(shared: SharedComplaint) -> Subject:
    """What both parties may read of: never the complaint, its reference or its day."""
    return Subject(
        "shared-complaint", shared.id, "Shared complaint", shared.council_id, shared.provider_id
    )


def _own_subject(own: OwnComplaint) -> Subject:
    return Subject(
        "own-complaint", own.id, "Entry of a provider's log", own.council_id, own.provider_id
    )
