"""Planning sessions for every week, changing them from one on, and ending a plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record, record_all
from portal.delivery.models import DeliverySession
from portal.delivery.plans.models import SessionPlan
from portal.delivery.plans.queries import proposals, scheduled_of
from portal.delivery.plans.rules import Pattern, pattern_refusal
from portal.delivery.rules import Refusal, Refused, SessionState, require_kind
from portal.delivery.sessions import actions as sessions
from portal.delivery.sessions.queries import entry_of, load_book
from portal.delivery.sessions.rules import SessionEntry, Timing, cancelled_refusal, moment
from portal.frameworks.rules import Unit
from portal.kernel.errors import Stale
from portal.kernel.ids import new_id
from portal.kernel.wording import say_date, say_period


class Event(StrEnum):
    """What happens to plans."""

    MADE = "delivery:plan:made"
    ENDED = "delivery:plan:ended"
    TAKEN_OVER = "delivery:plan:taken-over"


def make_plan(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    pattern: Pattern,
    chosen: Collection[date],
    *,
    at: datetime,
) -> SessionPlan:
    """Schedule a session on each chosen day of the pattern; the other days are left out.

    Raises WrongKind, and Refused at ``days`` where one of them cannot be, having made nothing.
    """
    require_kind(agreement.unit, Unit.SESSION)
    if (wrong := pattern_refusal(pattern)) is not None:
        raise Refused([wrong])
    sessions.keep_others_out(session, {pattern.mentor_id})
    wanted = [one for one in proposals(session, agreement, pattern, at=at) if one.day in chosen]
    if not wanted:
        raise Refused([Refusal("days", "Choose at least one day.")])
    if refused := [
        Refusal("days", f"{say_date(one.day)}: {one.refusal.sentence}")
        for one in wanted
        if one.refusal
    ]:
        raise Refused(refused)
    days = {one.day for one in wanted}
    plan = SessionPlan(
        id=new_id(),
        agreement_id=agreement.id,
        council_id=agreement.council_id,
        provider_id=agreement.provider_id,
        mentor_id=pattern.mentor_id,
        first_day=pattern.first,
        last_day=pattern.last,
        weekdays=sorted(pattern.weekdays),
        start=pattern.start,
        minutes=pattern.minutes,
        mode=pattern.mode,
        left_out=[day.isoformat() for day in pattern.days() if day not in days],
        made_by_name=actor.name,
        made_at=at,
    )
    made = [_session(actor, agreement, plan, day, at=at) for day in sorted(days)]
    session.add_all([plan, *made])
    session.flush()
    record(session, actor, Event.MADE, subject(plan, agreement), at=at, sessions=len(made))
    happenings = [(sessions.subject(one, agreement), sessions.figures(one)) for one in made]
    record_all(session, actor, sessions.Event.RECORDED, happenings, at=at)
    return plan


def end_plan(
    session: Session,
    actor: Actor,
    plan: SessionPlan,
    agreement: Agreement,
    *,
    after: date,
    at: datetime,
) -> int:
    """Take away the plan's sessions after a day that are still scheduled; say how many."""
    gone = scheduled_of(session, plan.id, after + timedelta(days=1), hold=True)
    happenings: list[tuple[Subject, dict[str, Any]]] = []
    for one in gone:
        happenings.append((sessions.subject(one, agreement), sessions.figures(one)))
        session.delete(one)
    plan.last_day = max(plan.first_day, min(plan.last_day, after))
    session.flush()
    record(session, actor, Event.ENDED, subject(plan, agreement), at=at, sessions=len(gone))
    record_all(session, actor, sessions.Event.REMOVED, happenings, at=at)
    return len(gone)


def change_from_here(
    session: Session,
    actor: Actor,
    delivered: DeliverySession,
    entry: SessionEntry,
    *,
    version: int,
    at: datetime,
) -> None:
    """Change a scheduled session, and alike the later ones of its plan on the same weekday.

    They move by as many days, and take its time, length, mentor and mode. What became of them and
    what was written stays each one's own. Raises Invoiced, Stale, and Refused where one of them
    cannot be, having changed nothing.
    """
    if delivered.plan_id is None or delivered.state is not SessionState.SCHEDULED:
        sessions.change_session(session, actor, delivered, entry, version=version, at=at)
        return
    sessions.locked_for_change(session, delivered, version)
    if (wrong := cancelled_refusal(entry.state, entry.cancelled_by)) is not None:
        raise Refused([wrong])
    weekday = delivered.service_date.weekday()
    held = scheduled_of(session, delivered.plan_id, delivered.service_date, hold=True)
    if delivered not in held:
        raise Stale
    alike = [one for one in held if one.service_date.weekday() == weekday]
    moved = entry.day - delivered.service_date
    changes = _held_against_the_rules(session, delivered, alike, entry, moved, at=at)
    # Those that move furthest go first, so that none takes a moment that another still has.
    for one, changed, starts_at in reversed(changes) if moved > timedelta(0) else changes:
        sessions.change(session, actor, one, changed, starts_at, at=at)


def _held_against_the_rules(
    session: Session,
    delivered: DeliverySession,
    alike: Collection[DeliverySession],
    entry: SessionEntry,
    moved: timedelta,
    *,
    at: datetime,
) -> list[tuple[DeliverySession, SessionEntry, datetime]]:
    sessions.keep_others_out(session, {entry.mentor_id})
    days = [one.service_date + moved for one in alike]
    book = load_book(
        session,
        agreement_ids=[delivered.agreement_id],
        mentor_ids=[entry.mentor_id],
        first=min(days),
        last=max(days),
        without=[one.id for one in alike],
    )
    if entry.mentor_id not in book.mentors:
        raise Refused([Refusal("mentor", "Choose a mentor from the list.")])
    changes: list[tuple[DeliverySession, SessionEntry, datetime]] = []
    for one, day in zip(alike, days, strict=True):
        changed = entry
        if one is not delivered:
            changed = replace(
                entry_of(one),
                day=day,
                start=entry.start,
                minutes=entry.minutes,
                mentor_id=entry.mentor_id,
                mode=entry.mode,
                second=entry.second,
            )
        starts_at = moment(changed.day, changed.start, second=changed.second)
        if isinstance(starts_at, Refusal):
            raise Refused([starts_at])
        timing = Timing(changed.day, starts_at, changed.minutes, changed.state)
        if found := book.refusals(delivered.agreement_id, entry.mentor_id, timing, at=at):
            raise Refused(
                [
                    replace(refusal, sentence=f"{say_date(changed.day)}: {refusal.sentence}")
                    if one is not delivered
                    else refusal
                    for refusal in found
                ]
            )
        changes.append((one, changed, starts_at))
    return changes


def subject(plan: SessionPlan, agreement: Agreement) -> Subject:
    """A plan as the audit record names it."""
    return Subject(
        "session plan",
        plan.id,
        f"{agreement.reference}, sessions of {say_period(plan.first_day, plan.last_day)}",
        council_id=plan.council_id,
        provider_id=plan.provider_id,
    )


def _session(
    actor: Actor, agreement: Agreement, plan: SessionPlan, day: date, *, at: datetime
) -> DeliverySession:
    starts_at = moment(day, plan.start, second=None)
    assert isinstance(starts_at, datetime)
    entry = SessionEntry(
        mentor_id=plan.mentor_id,
        day=day,
        start=plan.start,
        minutes=plan.minutes,
        state=SessionState.SCHEDULED,
        mode=plan.mode,
        interactions=1,
        summary="",
    )
    return sessions.new_session(actor, agreement, entry, starts_at, at=at, plan_id=plan.id)
