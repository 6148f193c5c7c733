"""A substitute takes over what is scheduled from their first day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Assignment
from portal.audit.actions import Actor, record
from portal.delivery.cover.queries import scheduled_from
from portal.delivery.plans import actions as plans
from portal.delivery.plans.queries import plans_of
from portal.delivery.sessions import actions as sessions
from portal.delivery.sessions.queries import entry_of, load_book
from portal.delivery.sessions.rules import Occupied, Timing


def take_over(
    session: Session, actor: Actor, agreement: Agreement, assignment: Assignment, *, at: datetime
) -> int:
    """Give an agreement's scheduled sessions and plans to whoever works on it from now on.

    A session that a rule forbids them, such as being in two places at once, stays as it is and is
    shown to be arranged. Says how many sessions they took.
    """
    mentor_id, first = assignment.mentor_id, assignment.starts_on
    scheduled = scheduled_from(session, agreement.id, mentor_id, first)
    taken = 0
    if scheduled:
        sessions.keep_others_out(session, {mentor_id})
        book = load_book(
            session,
            agreement_ids=[agreement.id],
            mentor_ids=[mentor_id],
            first=first,
            last=scheduled[-1].service_date,
        )
        for one in scheduled:
            timing = Timing(one.service_date, one.starts_at, one.minutes, one.state)
            if book.refusals(agreement.id, mentor_id, timing, at=at):
                continue
            entry = replace(entry_of(one), mentor_id=mentor_id)
            sessions.change(session, actor, one, entry, one.starts_at, at=at)
            book.take(
                mentor_id,
                one.service_date,
                Occupied(one.starts_at, one.minutes, one.state, agreement.reference),
            )
            taken += 1
    for plan in plans_of(session, agreement.id):
        if plan.last_day < first or plan.mentor_id == mentor_id:
            continue
        plan.mentor_id = mentor_id
        session.flush()
        about = plans.subject(plan, agreement)
        record(
            session, actor, plans.Event.TAKEN_OVER, about, at=at,
            mentor_id=str(mentor_id), first_day=first.isoformat(),
        )  # fmt: skip
    return taken
