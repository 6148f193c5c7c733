"""Saving what a file said, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.clocks.meetings import note_meetings
from portal.audit.actions import Actor, record_all
from portal.delivery.models import DeliverySession
from portal.delivery.nights import actions as nights
from portal.delivery.sessions import actions as sessions
from portal.delivery.sessions.rules import SessionEntry
from portal.delivery.upload.queries import Checked, Sound, check_nights, check_sessions
from portal.delivery.upload.rows import NightsRow, SessionRow


def save_sessions(
    session: Session,
    actor: Actor,
    provider_id: UUID,
    rows: Sequence[SessionRow],
    *,
    at: datetime,
) -> Checked[SessionRow]:
    """Save every row that is not recorded yet, unless anything is against one of them now.

    What is found is given back; when it has errors nothing was saved.
    """
    checked = check_sessions(session, provider_id, rows, at=at)
    mentor_ids = {sound.mentor_id for sound in checked.sound if sound.mentor_id is not None}
    sessions.keep_others_out(session, mentor_ids)
    checked = check_sessions(session, provider_id, rows, at=at)
    if checked.errors:
        return checked
    made = [(_session(actor, sound, at), sound.agreement) for sound in checked.sound]
    session.add_all([one for one, _agreement in made])
    session.flush()
    happenings = [
        (sessions.subject(one, agreement), sessions.figures(one)) for one, agreement in made
    ]
    record_all(session, actor, sessions.Event.RECORDED, happenings, at=at)
    note_meetings(session, actor, sessions.held_among(made), at=at)
    return checked


def save_nights(
    session: Session,
    actor: Actor,
    provider_id: UUID,
    rows: Sequence[NightsRow],
    *,
    at: datetime,
) -> Checked[NightsRow]:
    """The same for nights."""
    checked = check_nights(session, provider_id, rows, at=at)
    nights.keep_others_out(session, [sound.agreement.id for sound in checked.sound])
    checked = check_nights(session, provider_id, rows, at=at)
    if checked.errors:
        return checked
    made = [
        (stay, sound.agreement)
        for sound in checked.sound
        for stay in nights.new_stays(
            actor,
            sound.agreement,
            sound.row.nights,
            present=sound.row.present,
            at=at,
        )
    ]
    session.add_all([stay for stay, _agreement in made])
    session.flush()
    happenings = [
        (nights.subject(stay, agreement), nights.figures(stay)) for stay, agreement in made
    ]
    record_all(session, actor, nights.Event.RECORDED, happenings, at=at)
    return checked


def _session(actor: Actor, sound: Sound[SessionRow], at: datetime) -> DeliverySession:
    row, agreement = sound.row, sound.agreement
    assert sound.mentor_id is not None
    assert sound.starts_at is not None
    entry = SessionEntry(
        mentor_id=sound.mentor_id,
        day=row.day,
        start=row.start,
        minutes=row.minutes,
        state=row.state,
        mode=row.mode,
        interactions=row.interactions,
        summary=row.summary,
        second=row.second,
        cancelled_by=row.cancelled_by,
        cancelled_because=row.cancelled_because,
    )
    return sessions.new_session(actor, agreement, entry, sound.starts_at, at=at)
