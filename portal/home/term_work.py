"""Termly reports and meetings as a home page shows them: to write, to decide, to arrange."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.delivery.meetings import queries as meetings
from portal.delivery.meetings.rules import MEETING_NAMES, Side, Standing
from portal.delivery.reports.forms import TO_WRITE
from portal.delivery.reports.outstanding import Owed, to_decide, to_write
from portal.delivery.reports.presenting import state_tag
from portal.delivery.reports.rules import ReportState
from portal.home.rules import SHOWN, Need, Note, Work, merged
from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer
from portal.kernel.wording import say_date, say_due

ARRANGE_DAYS = 30
PLACES = (
    ("reports.index", "Termly reports", Permission.REPORT_READ),
    ("meetings.index", "Meetings", Permission.MEETING_READ),
    ("terms.index", "School terms", Permission.TERMS_KEEP),
)


def reports_and_meetings(session: Session, who: Viewer, today: date) -> Work:
    """All of it that somebody may do, with the ways to its pages."""
    own = who.organisation_id
    works = []
    if who.can(Permission.REPORT_WRITE):
        works.append(reports_to_write(session, own, today))
    if who.can(Permission.REPORT_DECIDE):
        works.append(reports_to_decide(session, own))
    if who.can(Permission.MEETING_KEEP):
        works.append(meetings_to_hold(session, own, today, council=who.is_council))
    links = [Note("", url_for(page), words) for page, words, needed in PLACES if who.can(needed)]
    return merged((*works, Work(notes=tuple(links))))


def reports_to_write(session: Session, provider_id: UUID, today: date) -> Work:
    """The reports of ended terms, those of a mentor's own agreements alone, the first due first."""
    owed = to_write(session, provider_id, today, limit=SHOWN + 1)
    needs = [
        Need(
            f"{'Put right' if one.state is ReportState.RETURNED else 'Write'} the report on "
            f"{one.agreement.reference}, {one.term.name}",
            _address(one),
            one.due.due,
            f"{say_due(one.due.due, today)}, {say_date(one.due.due)}",
            *state_tag(one, today),
        )
        for one in owed[:SHOWN]
    ]
    return Work(needs=tuple(needs), notes=_more(owed, "Further reports to write"))


def reports_to_decide(session: Session, council_id: UUID) -> Work:
    """The reports that wait to be read."""
    owed = to_decide(session, council_id, limit=SHOWN + 1)
    needs = [
        Need(
            f"Read the report on {one.agreement.reference}, {one.term.name}",
            _address(one),
            one.due.due,
            f"due on {say_date(one.due.due)}",
            "To read",
            "waiting",
        )
        for one in owed[:SHOWN]
    ]
    notes = _more(owed, "Further reports to read", ReportState.SUBMITTED.value)
    return Work(needs=tuple(needs), notes=notes)


def meetings_to_hold(
    session: Session, organisation_id: UUID, today: date, *, council: bool
) -> Work:
    """Meetings to arrange before their term or year ends, and what was agreed in earlier ones."""
    due = meetings.due(session, meetings.pairs(session, today), today)
    needs = [
        Need(
            f"Arrange with {one.pair.other(council=council)}: {MEETING_NAMES[one.kind].lower()}",
            url_for("meetings.add_form", party=one.pair.code(council=council), kind=one.kind.value),
            one.turn.last,
            f"{say_due(one.turn.last, today)}, {say_date(one.turn.last)}",
            "Not arranged",
            "warn",
        )
        for one in due
        if one.standing is Standing.MISSING and one.turn.last <= today + timedelta(ARRANGE_DAYS)
    ]
    side = Side.COUNCIL if council else Side.PROVIDER
    for todo in meetings.open_actions(session, organisation_id, side, limit=SHOWN):
        late = todo.due_on < today
        needs.append(
            Need(
                todo.words,
                url_for("meetings.show", meeting_id=todo.meeting_id),
                todo.due_on,
                f"agreed in a meeting, {say_due(todo.due_on, today)}",
                "Overdue" if late else "To do",
                "bad" if late else "info",
            )
        )
    return Work(needs=tuple(needs[: 2 * SHOWN]))


def _address(one: Owed) -> str:
    return url_for("reports.show", agreement_id=one.agreement.id, term_id=one.term.id)


def _more(owed: list[Owed], words: str, state: str = TO_WRITE) -> tuple[Note, ...]:
    if len(owed) <= SHOWN:
        return ()
    return (Note("", url_for("reports.index", state=state), words),)
