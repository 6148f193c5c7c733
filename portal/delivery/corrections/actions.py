"""Correcting what is on an invoice: a reversing entry with what replaces it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.corrections.queries import corrections_of_session, corrections_of_stay
from portal.delivery.corrections.rules import (
    CorrectionWaits,
    NotInvoiced,
    Place,
    Standing,
    correction_refusals,
    moving_refusal,
    nights_off_refusal,
)
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import Invoiced, Nights, Refused, SessionState
from portal.delivery.sessions.actions import keep_others_out, record_session, remove_session
from portal.delivery.sessions.queries import entry_of, load_book
from portal.delivery.sessions.rules import Timing
from portal.kernel.errors import NotFound
from portal.kernel.wording import say_period


class Event(StrEnum):
    """What happens to corrections."""

    CORRECTED = "delivery:correction:made"
    TAKEN_BACK = "delivery:correction:taken-back"


def standing_of(session: Session, delivered: DeliverySession) -> Standing:
    """A session as it was charged, or as its latest correction left it."""
    earlier = corrections_of_session(session, delivered.id)
    if not earlier:
        return Standing(delivered.state, delivered.minutes, delivered.interactions)
    last = earlier[-1]
    assert last.state is not None
    assert last.interactions is not None
    return Standing(last.state, last.after, last.interactions)


def correct_session(
    session: Session,
    actor: Actor,
    delivered: DeliverySession,
    wanted: Standing,
    *,
    place: Place | None = None,
    because: str,
    at: datetime,
) -> DeliveryCorrection:
    """Reverse what a locked session stands as, and put something else in its place.

    The next invoice charges or takes off the difference under the session's month. A session that
    took place on another day, at another time or with another mentor (``place``) is taken off, and
    recorded as it took place: the next invoice charges that at the price of its own day. Raises
    NotInvoiced, CorrectionWaits, and Refused with a sentence at its field.
    """
    _require_locked(session, DeliverySession, delivered.id)
    earlier = corrections_of_session(session, delivered.id)
    if any(one.locked_at is None for one in earlier):
        raise CorrectionWaits
    standing = standing_of(session, delivered)
    if wanted.state is not SessionState.DELIVERED:
        wanted = Standing(wanted.state, 0, wanted.interactions)
    instead_id = None
    if place is not None and place != place_of(delivered):
        if (wrong := moving_refusal(standing, wanted)) is not None:
            raise Refused([wrong])
        instead_id = _record_instead(session, actor, delivered, wanted, place, at=at).id
        wanted = Standing(SessionState.CANCELLED, 0, standing.interactions)
    elif refusals := correction_refusals(standing, wanted):
        raise Refused(refusals)
    elif wanted.minutes > standing.minutes:
        _require_free(session, delivered, wanted, at=at)
    return _keep(
        session,
        actor,
        DeliveryCorrection(
            agreement_id=delivered.agreement_id,
            council_id=delivered.council_id,
            provider_id=delivered.provider_id,
            session_id=delivered.id,
            first_day=delivered.service_date,
            last_day=delivered.service_date,
            before=standing.minutes,
            after=wanted.minutes,
            state=wanted.state,
            interactions=wanted.interactions,
            because=because,
            instead_id=instead_id,
        ),
        delivered.agreement.reference,
        at,
    )


def take_nights_off(
    session: Session, actor: Actor, stay: Stay, off: Nights, *, because: str, at: datetime
) -> DeliveryCorrection:
    """Reverse nights of a locked stay on which the young person was not there.

    Raises NotInvoiced, and Refused with a sentence at its field.
    """
    _require_locked(session, Stay, stay.id)
    already = [Nights(one.first_day, one.last_day) for one in corrections_of_stay(session, stay.id)]
    charged = Nights(stay.first_night, stay.last_night)
    if (wrong := nights_off_refusal(charged, off, already)) is not None:
        raise Refused([wrong])
    return _keep(
        session,
        actor,
        DeliveryCorrection(
            agreement_id=stay.agreement_id,
            council_id=stay.council_id,
            provider_id=stay.provider_id,
            stay_id=stay.id,
            first_day=off.first,
            last_day=off.last,
            before=len(off),
            after=0,
            because=because,
        ),
        stay.agreement.reference,
        at,
    )


def take_back(
    session: Session, actor: Actor, correction: DeliveryCorrection, *, at: datetime
) -> None:
    """Take away a correction that no invoice has charged yet, and what was recorded instead.

    Raises Invoiced, NotFound.
    """
    now_there = session.execute(
        select(DeliveryCorrection.locked_at)
        .where(DeliveryCorrection.id == correction.id)
        .with_for_update()
    ).one_or_none()
    if now_there is None:
        raise NotFound
    if now_there.locked_at is not None:
        raise Invoiced
    if (instead := correction.instead) is not None:
        remove_session(session, actor, instead, version=instead.version, at=at)
    about = subject(correction, correction.agreement.reference)
    record(session, actor, Event.TAKEN_BACK, about, at=at, **figures(correction))
    session.delete(correction)
    session.flush()


def subject(correction: DeliveryCorrection, reference: str) -> Subject:
    """A correction as the audit record names it."""
    days = say_period(correction.first_day, correction.last_day)
    return Subject(
        "correction",
        correction.id,
        f"{reference}, {days}",
        council_id=correction.council_id,
        provider_id=correction.provider_id,
    )


def figures(correction: DeliveryCorrection) -> dict[str, Any]:
    """Figures and codes of a correction for the audit record; never its reason."""
    corrected = correction.session_id or correction.stay_id
    return {
        "of": str(corrected),
        "before": correction.before,
        "after": correction.after,
        "state": correction.state.value if correction.state else None,
        "interactions": correction.interactions,
        "instead": correction.instead_id and str(correction.instead_id),
    }


def _keep(
    session: Session,
    actor: Actor,
    correction: DeliveryCorrection,
    reference: str,
    at: datetime,
) -> DeliveryCorrection:
    correction.recorded_by_name = actor.name
    correction.recorded_at = at
    correction.hands = [str(actor.person_id)]
    session.add(correction)
    session.flush()
    about = subject(correction, reference)
    record(session, actor, Event.CORRECTED, about, at=at, **figures(correction))
    return correction


def _require_locked(session: Session, model: type[DeliverySession | Stay], unit_id: UUID) -> None:
    """The row as it is now, locked, so that one correction is made at a time."""
    there = session.execute(
        select(model.locked_at).where(model.id == unit_id).with_for_update()
    ).one_or_none()
    if there is None:
        raise NotFound
    if there.locked_at is None:
        raise NotInvoiced


def place_of(delivered: DeliverySession) -> Place:
    """When a session was said to begin, and whose it was."""
    entry = entry_of(delivered)
    return Place(entry.day, entry.start, entry.mentor_id, entry.second)


def _record_instead(
    session: Session,
    actor: Actor,
    delivered: DeliverySession,
    wanted: Standing,
    place: Place,
    *,
    at: datetime,
) -> DeliverySession:
    """The session as it took place, held against everything that a new one is."""
    entry = replace(
        entry_of(delivered),
        mentor_id=place.mentor_id,
        day=place.day,
        start=place.start,
        second=place.second,
        minutes=wanted.minutes or delivered.minutes,
        state=wanted.state,
        interactions=wanted.interactions,
    )
    return record_session(session, actor, delivered.agreement, entry, at=at, without=[delivered.id])


def _require_free(
    session: Session, delivered: DeliverySession, wanted: Standing, *, at: datetime
) -> None:
    """A session that becomes longer is held against everything that a new one is."""
    keep_others_out(session, {delivered.mentor_id})
    day = delivered.service_date
    book = load_book(
        session,
        agreement_ids=[delivered.agreement_id],
        mentor_ids=[delivered.mentor_id],
        first=day,
        last=day,
        without=[delivered.id],
    )
    timing = Timing(day, delivered.starts_at, wanted.minutes, wanted.state)
    if refusals := book.refusals(delivered.agreement_id, delivered.mentor_id, timing, at=at):
        raise Refused([replace(refusal, field="minutes") for refusal in refusals])
