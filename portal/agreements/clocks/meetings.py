"""A session that was delivered is a meeting: it stops the clocks that still wait for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.clocks.actions import record_contact
from portal.agreements.clocks.models import KeptClock
from portal.agreements.clocks.rules import ClockKind, Contact, ContactKind, How
from portal.agreements.models import Agreement
from portal.audit.actions import Actor

NOTE = "A session was recorded for that day."


@dataclass(frozen=True, slots=True)
class Held:
    """A session that took place on an agreement; a remote one is taken for a video call."""

    agreement: Agreement
    day: date
    remote: bool


def note_meetings(session: Session, actor: Actor, held: Sequence[Held], *, at: datetime) -> None:
    """Record the first of each agreement's sessions as its first meeting, where one is waited for.

    One statement where none is. A session that is changed afterwards leaves the contact as it is:
    it is withdrawn by hand.
    """
    if not held:
        return
    ordered_on: dict[UUID, date] = {}
    for kept in session.scalars(
        select(KeptClock)
        .where(
            KeptClock.agreement_id.in_({one.agreement.id for one in held}),
            KeptClock.kind != ClockKind.SUBSTITUTE,
            KeptClock.done_on.is_(None),
        )
        .order_by(KeptClock.agreement_id, KeptClock.starts_on)
    ):
        ordered_on.setdefault(kept.agreement_id, kept.starts_on)
    for one in sorted(held, key=lambda one: one.day):
        since = ordered_on.get(one.agreement.id)
        if since is not None and one.day >= since:
            del ordered_on[one.agreement.id]
            how = How.VIDEO if one.remote else How.VISIT
            meeting = Contact(ContactKind.MEETING, how, one.day, NOTE)
            record_contact(session, actor, one.agreement, meeting, at=at)
