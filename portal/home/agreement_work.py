"""Deadlines of agreements, and mentors who may not work on them: for each side what it can do."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.agreements.clocks.models import KeptClock
from portal.agreements.clocks.queries import first_open
from portal.agreements.clocks.rules import CLOCK_NAMES, ClockKind
from portal.agreements.mentors.queries import uncleared
from portal.delivery.cover.queries import ToArrange, to_arrange
from portal.home.rules import SHOWN, Need, Note, Work
from portal.kernel.wording import say_count, say_date, say_due


def provider_deadlines(session: Session, provider_id: UUID, today: date, *, assigns: bool) -> Work:
    """What the provider has to do by when, and sessions that have no mentor any more.

    Whoever assigns nobody finds no substitute. A mentor's scope holds only the agreements that
    they are assigned to.
    """
    clocks = first_open(session, provider_id, for_council=False, limit=SHOWN + 1)
    own = [one for one in clocks if assigns or one.kind is not ClockKind.SUBSTITUTE]
    arranged = to_arrange(session, provider_id, today, limit=SHOWN)
    return Work(
        needs=(*(_need(one, today) for one in own[:SHOWN]), *map(_without_mentor, arranged)),
        notes=_more(len(clocks) > SHOWN),
    )


def council_deadlines(session: Session, council_id: UUID, today: date) -> Work:
    """Deadlines that providers missed, then what they have to do by when.

    And mentors without a check in date on the council's agreements.
    """
    clocks = first_open(session, council_id, for_council=True, limit=2 * SHOWN)
    over = [one for one in clocks if one.due_on < today]
    running = [one for one in clocks if one.due_on >= today]
    uncleared_needs = (
        Need(
            f"{mentor.name} has no DBS check in date, on {agreement.reference}",
            url_for("agreements.show", agreement_id=agreement.id),
            today,
            "ask the provider, or reject the mentor",
            "Not cleared",
            "bad",
        )
        for agreement, mentor in uncleared(session, council_id, today, limit=SHOWN)
    )
    return Work(
        needs=(*(_need(one, today, asks=True) for one in over[:SHOWN]), *uncleared_needs),
        elsewhere=tuple(_need(one, today, asks=True) for one in running[:SHOWN]),
        notes=_more(len(over) > SHOWN or len(running) > SHOWN or len(clocks) == 2 * SHOWN),
    )


def _need(one: KeptClock, today: date, *, asks: bool = False) -> Need:
    """``asks``: the reader can only ask the provider."""
    late, agreement = one.due_on < today, one.agreement
    assigns = one.kind is ClockKind.SUBSTITUTE and not asks
    endpoint = "substitutes.ask_mentor" if assigns else "clocks.show"
    return Need(
        f"{CLOCK_NAMES[one.kind]} on {agreement.reference}"
        + (f": {agreement.provider.name}" if asks else ""),
        url_for(endpoint, agreement_id=agreement.id),
        one.due_on,
        f"{say_due(one.due_on, today)}, {say_date(one.due_on)}",
        "Missed" if late else "Running",
        "bad" if late else "info",
    )


def _without_mentor(one: ToArrange) -> Need:
    return Need(
        f"{say_count(one.sessions, 'session')} without a mentor on {one.reference}",
        url_for("agreements.show", agreement_id=one.agreement_id, _anchor="without-mentor"),
        one.first,
        f"the first on {say_date(one.first)}",
        "To arrange",
        "warn",
    )


def _more(is_more: bool) -> tuple[Note, ...]:
    return (Note("", url_for("clocks.index"), "See every open deadline"),) if is_more else ()
