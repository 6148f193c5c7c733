"""Recording, changing and removing one session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.clocks.meetings import Held, note_meetings
from portal.agreements.models import Agreement, Mentor
from portal.audit.actions import Actor, Subject, record
from portal.delivery.models import DeliverySession
from portal.delivery.rules import Invoiced, Mode, Refusal, Refused, SessionState, require_kind
from portal.delivery.sessions.queries import load_book
from portal.delivery.sessions.rules import SessionEntry, Timing, cancelled_refusal, moment
from portal.frameworks.rules import Unit
from portal.kernel.database import hold
from portal.kernel.errors import NotFound, Stale
from portal.kernel.ids import new_id
from portal.kernel.wording import say_date


class Event(StrEnum):
    """What happens to sessions."""

    RECORDED = "delivery:session:recorded"
    CHANGED = "delivery:session:changed"
    REMOVED = "delivery:session:removed"


def record_session(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    entry: SessionEntry,
    *,
    at: datetime,
    without: Sequence[UUID] = (),
) -> DeliverySession:
    """Record a session on an agreement; ``without`` are sessions that it takes the place of.

    Raises Refused with a sentence for each field that breaks a rule, and WrongKind.
    """
    require_kind(agreement.unit, Unit.SESSION)
    starts_at = _held_against_the_rules(session, agreement, entry, at=at, without=without)
    delivered = new_session(actor, agreement, entry, starts_at, at=at)
    session.add(delivered)
    session.flush()
    record(
        session, actor, Event.RECORDED, subject(delivered, agreement), at=at, **figures(delivered)
    )
    note_meetings(session, actor, held_among([(delivered, agreement)]), at=at)
    return delivered


def new_session(
    actor: Actor,
    agreement: Agreement,
    entry: SessionEntry,
    starts_at: datetime,
    *,
    at: datetime,
    plan_id: UUID | None = None,
) -> DeliverySession:
    """A session as entered, which begins at a moment in UTC; not yet added."""
    made = DeliverySession(
        id=new_id(),
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        recorded_by_name=actor.name,
        recorded_at=at,
        hands=[str(actor.person_id)],
        plan_id=plan_id,
    )
    _enter(made, entry, starts_at)
    return made


def change_session(
    session: Session,
    actor: Actor,
    delivered: DeliverySession,
    entry: SessionEntry,
    *,
    version: int,
    at: datetime,
) -> None:
    """Change a session that is on no invoice yet.

    Raises Invoiced, Stale when the page showed an older version, Refused as record_session.
    """
    locked_for_change(session, delivered, version)
    starts_at = _held_against_the_rules(
        session, delivered.agreement, entry, at=at, without=[delivered.id]
    )
    change(session, actor, delivered, entry, starts_at, at=at)


def change(
    session: Session,
    actor: Actor,
    delivered: DeliverySession,
    entry: SessionEntry,
    starts_at: datetime,
    *,
    at: datetime,
) -> None:
    """Write a change down that was held against the rules, on a row that is locked."""
    before = figures(delivered)
    _enter(delivered, entry, starts_at)
    delivered.version += 1
    delivered.hands = sorted({*delivered.hands, str(actor.person_id)})
    session.flush()
    after = figures(delivered)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    about = subject(delivered, delivered.agreement)
    record(session, actor, Event.CHANGED, about, at=at, **changed)
    note_meetings(session, actor, held_among([(delivered, delivered.agreement)]), at=at)


def held_among(sessions: Sequence[tuple[DeliverySession, Agreement]]) -> list[Held]:
    """Those that were delivered, as the clock of the first meeting takes them."""
    return [
        Held(agreement, one.service_date, one.mode is Mode.REMOTE)
        for one, agreement in sessions
        if one.state is SessionState.DELIVERED
    ]


def _enter(delivered: DeliverySession, entry: SessionEntry, starts_at: datetime) -> None:
    cancelled = entry.state is SessionState.CANCELLED
    delivered.mentor_id = entry.mentor_id
    delivered.starts_at = starts_at
    delivered.service_date = entry.day
    delivered.minutes = entry.minutes
    delivered.state = entry.state
    delivered.mode = entry.mode
    delivered.interactions = entry.interactions
    delivered.summary = entry.summary
    delivered.cancelled_by = entry.cancelled_by if cancelled else None
    delivered.cancelled_because = entry.cancelled_because if cancelled else None
    if entry.state is SessionState.SCHEDULED:
        delivered.planned_minutes = entry.minutes


def remove_session(
    session: Session, actor: Actor, delivered: DeliverySession, *, version: int, at: datetime
) -> None:
    """Take away a session that is on no invoice yet. Raises Invoiced, Stale."""
    locked_for_change(session, delivered, version)
    about = subject(delivered, delivered.agreement)
    record(session, actor, Event.REMOVED, about, at=at, **figures(delivered))
    session.delete(delivered)
    session.flush()


def subject(delivered: DeliverySession, agreement: Agreement) -> Subject:
    """A session as the audit record names it."""
    return Subject(
        "session",
        delivered.id,
        f"{agreement.reference}, session on {say_date(delivered.service_date)}",
        council_id=delivered.council_id,
        provider_id=delivered.provider_id,
    )


def figures(delivered: DeliverySession) -> dict[str, Any]:
    """Figures and codes of a session for the audit record; never its summary."""
    return {
        "mentor_id": str(delivered.mentor_id),
        "starts_at": delivered.starts_at.isoformat(),
        "minutes": delivered.minutes,
        "state": delivered.state.value,
        "mode": delivered.mode.value,
        "interactions": delivered.interactions,
        "cancelled_by": delivered.cancelled_by.value if delivered.cancelled_by else None,
    }


def keep_others_out(session: Session, mentor_ids: set[UUID]) -> None:
    """Let nobody else record for these mentors until this transaction ends.

    SQLite's writer is alone already; PostgreSQL locks the mentors' rows, always in one order, and
    the people they are, for whom another provider may record at the same moment.
    """
    held = session.execute(
        select(Mentor.id, Mentor.person_id)
        .where(Mentor.id.in_(mentor_ids))
        .order_by(Mentor.id)
        .with_for_update()
    ).all()
    hold(session, {one.person_id for one in held if one.person_id is not None})


def _held_against_the_rules(
    session: Session,
    agreement: Agreement,
    entry: SessionEntry,
    *,
    at: datetime,
    without: Sequence[UUID] = (),
) -> datetime:
    """When the session starts, in UTC, if nothing is against it. Raises Refused."""
    if (wrong := cancelled_refusal(entry.state, entry.cancelled_by)) is not None:
        raise Refused([wrong])
    starts_at = moment(entry.day, entry.start, second=entry.second)
    if isinstance(starts_at, Refusal):
        raise Refused([starts_at])
    keep_others_out(session, {entry.mentor_id})
    book = load_book(
        session,
        agreement_ids=[agreement.id],
        mentor_ids=[entry.mentor_id],
        first=entry.day,
        last=entry.day,
        without=without,
    )
    if entry.mentor_id not in book.mentors:
        raise Refused([Refusal("mentor", "Choose a mentor from the list.")])
    timing = Timing(entry.day, starts_at, entry.minutes, entry.state)
    if refusals := book.refusals(agreement.id, entry.mentor_id, timing, at=at):
        raise Refused(refusals)
    return starts_at


def locked_for_change(session: Session, delivered: DeliverySession, version: int) -> None:
    """The row as it is now, which nobody else changes until this transaction ends."""
    now_there = session.execute(
        select(DeliverySession.version, DeliverySession.locked_at)
        .where(DeliverySession.id == delivered.id)
        .with_for_update()
    ).one_or_none()
    if now_there is None:
        raise NotFound
    if now_there.locked_at is not None:
        raise Invoiced
    if now_there.version != version:
        session.refresh(delivered)
        raise Stale
