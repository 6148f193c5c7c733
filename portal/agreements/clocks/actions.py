"""Starting an agreement's clocks, and recording the contacts that meet them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.clocks.models import ContactRecord, KeptClock, pauses_of
from portal.agreements.clocks.queries import held_clocks, held_order_clocks
from portal.agreements.clocks.rules import (
    Clock,
    ClockKind,
    Contact,
    check_contact,
    order_clocks,
)
from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record
from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date


class Event(StrEnum):
    """What happens to contacts."""

    RECORDED = "clocks:contact:recorded"
    WITHDRAWN = "clocks:contact:withdrawn"


WORDS: Mapping[str, str] = {
    Event.RECORDED: "Recorded a contact with a young person",
    Event.WITHDRAWN: "Withdrew a contact that was recorded wrongly",
}


class AlreadyWithdrawn(DomainError):
    """A contact is withdrawn once."""

    sentence = "This contact was withdrawn already."


def start_clocks(session: Session, agreement: Agreement, ordered_on: date) -> None:
    """Start the clock of the first contact, from the order form's day (rules.md C6)."""
    keep_clock(session, agreement, Clock(ClockKind.CONTACT, ordered_on))


def keep_clock(session: Session, agreement: Agreement, clock: Clock) -> KeptClock:
    """Keep a clock of an agreement, so that both sides find it while it is open."""
    kept = KeptClock(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        kind=clock.kind,
        starts_on=clock.starts_on,
        due_on=clock.due_on,
        done_on=clock.done_on,
        stopped_on=clock.stopped_on,
    )
    session.add(kept)
    session.flush()
    return kept


def count_around(session: Session, agreement: Agreement) -> None:
    """Count an agreement's clocks anew around the days on which it is suspended."""
    for kept in held_clocks(session, agreement.id):
        kept.due_on = kept.clock.due_on
    session.flush()


def record_contact(
    session: Session, actor: Actor, agreement: Agreement, contact: Contact, *, at: datetime
) -> ContactRecord:
    """Record it, and let the clocks count from it. Raises UnfitContact."""
    kept = held_order_clocks(session, agreement.id)
    first = kept.get(ClockKind.CONTACT)
    ordered_on = None if first is None else first.starts_on
    check_contact(contact, ordered_on=ordered_on, today=local_date(at))
    made = ContactRecord(
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        kind=contact.kind,
        how=contact.how,
        day=contact.day,
        words=contact.words,
        recorded_by_name=actor.name,
        recorded_at=at,
    )
    session.add(made)
    session.flush()
    _count_anew(session, agreement, kept)
    record(session, actor, Event.RECORDED, _about(made, agreement), at=at, **_figures(made))
    return made


def withdraw_contact(
    session: Session, actor: Actor, contact: ContactRecord, *, because: str, at: datetime
) -> None:
    """Take back what was recorded wrongly, and let the clocks count without it.

    It stays to be read, with the reason. Raises AlreadyWithdrawn.
    """
    if contact.withdrawn_at is not None:
        raise AlreadyWithdrawn
    kept = held_order_clocks(session, contact.agreement_id)
    contact.withdrawn_at, contact.withdrawn_by_name = at, actor.name
    contact.withdrawn_because = because
    session.flush()
    _count_anew(session, contact.agreement, kept)
    about = _about(contact, contact.agreement)
    record(session, actor, Event.WITHDRAWN, about, at=at, **_figures(contact))


def _count_anew(session: Session, agreement: Agreement, kept: dict[ClockKind, KeptClock]) -> None:
    """The clocks of the order as the contacts that stand leave them; none without an order."""
    if ClockKind.CONTACT not in kept:
        return
    contacts = session.execute(
        select(ContactRecord.kind, ContactRecord.day)
        .where(ContactRecord.agreement_id == agreement.id, ContactRecord.withdrawn_at.is_(None))
        .order_by(ContactRecord.day, ContactRecord.id)
    ).all()
    session.refresh(agreement, ["suspensions"])
    counted = order_clocks(
        kept[ClockKind.CONTACT].starts_on,
        [(kind, day) for kind, day in contacts],
        pauses_of(agreement),
    )
    for clock in counted:
        known = kept.pop(clock.kind, None)
        if known is None:
            keep_clock(session, agreement, clock)
        else:
            known.starts_on, known.due_on = clock.starts_on, clock.due_on
            known.done_on = clock.done_on
    for over in kept.values():
        session.delete(over)
    session.flush()


def _about(contact: ContactRecord, agreement: Agreement) -> Subject:
    return Subject(
        "contact",
        contact.id,
        f"{agreement.reference}, contact on {say_date(contact.day)}",
        council_id=contact.council_id,
        provider_id=contact.provider_id,
    )


def _figures(contact: ContactRecord) -> dict[str, str]:
    return {"kind": contact.kind.value, "how": contact.how.value, "day": contact.day.isoformat()}
