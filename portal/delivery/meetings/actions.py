"""Keeping meetings, and what is to be done after them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.delivery.meetings.models import Meeting, MeetingAction
from portal.delivery.meetings.queries import Pair
from portal.delivery.meetings.rules import MEETING_NAMES, Minutes, Side, check_meeting
from portal.identity.permissions import Permission
from portal.kernel.errors import Stale
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class Event(StrEnum):
    """What happens to meetings."""

    KEPT = "delivery:meeting:kept"
    CHANGED = "delivery:meeting:changed"
    ACTION_ADDED = "delivery:meeting:action-added"
    ACTION_DONE = "delivery:meeting:action-done"


WORDS: Mapping[str, str] = {
    Event.KEPT: "Entered a meeting",
    Event.CHANGED: "Changed a meeting",
    Event.ACTION_ADDED: "Agreed what follows from a meeting",
    Event.ACTION_DONE: "Did what was agreed in a meeting",
}


def keep_meeting(
    session: Session, actor: Actor, pair: Pair, kept: Minutes, *, at: datetime
) -> Meeting:
    """Enter a meeting that was held or is to come, and tell the other side. Raises WrongMeeting."""
    check_meeting(kept.held_on, kept.notes, local_date(at))
    meeting = Meeting(
        id=new_id(),
        council_id=pair.council_id,
        provider_id=pair.provider_id,
        framework_id=pair.framework_id,
        kept_by_name=actor.name,
        kept_at=at,
        kind=kept.kind,
        held_on=kept.held_on,
        present=kept.present,
        notes=kept.notes,
    )
    session.add(meeting)
    session.flush()
    record(session, actor, Event.KEPT, _subject(meeting), at=at, held_on=str(kept.held_on))
    _tell_the_other(session, actor, meeting, at=at)
    return meeting


def change_meeting(
    session: Session, actor: Actor, meeting: Meeting, kept: Minutes, *, version: int, at: datetime
) -> None:
    """Change a meeting, or write its notes, and tell the other side. Raises WrongMeeting, Stale."""
    standing = select(Meeting.version).where(Meeting.id == meeting.id).with_for_update()
    if session.scalars(standing).one() != version:
        session.refresh(meeting)
        raise Stale
    check_meeting(kept.held_on, kept.notes, local_date(at))
    meeting.kind, meeting.held_on = kept.kind, kept.held_on
    meeting.present, meeting.notes = kept.present, kept.notes
    meeting.kept_by_name, meeting.kept_at = actor.name, at
    meeting.version += 1
    session.flush()
    record(session, actor, Event.CHANGED, _subject(meeting), at=at, held_on=str(kept.held_on))
    _tell_the_other(session, actor, meeting, at=at)


def add_action(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    words: str,
    side: Side,
    due_on: date,
    at: datetime,
) -> None:
    """Note what one side does after a meeting, and by when."""
    todo = MeetingAction(
        id=new_id(),
        meeting_id=meeting.id,
        council_id=meeting.council_id,
        provider_id=meeting.provider_id,
        words=words,
        side=side,
        due_on=due_on,
    )
    session.add(todo)
    session.flush()
    about = _subject(meeting)
    record(session, actor, Event.ACTION_ADDED, about, at=at, side=side.value, due_on=str(due_on))


def finish_action(
    session: Session, actor: Actor, meeting: Meeting, todo: MeetingAction, *, at: datetime
) -> None:
    """Say that it is done; said again, the first time stands."""
    done = select(MeetingAction.done_on).where(MeetingAction.id == todo.id).with_for_update()
    if session.scalars(done).one() is not None:
        return
    todo.done_on, todo.done_by_name = local_date(at), actor.name
    session.flush()
    record(session, actor, Event.ACTION_DONE, _subject(meeting), at=at, side=todo.side.value)


def _tell_the_other(session: Session, actor: Actor, meeting: Meeting, *, at: datetime) -> None:
    to_provider = actor.organisation_id == meeting.council_id
    what = "notes of" if meeting.notes else "a date for"
    tell(
        session,
        NoticeKind.MEETING,
        sentence=f"{actor.name} entered {what} a meeting: {MEETING_NAMES[meeting.kind].lower()}, "
        f"{say_date(meeting.held_on)}",
        endpoint="meetings.show",
        values={"meeting_id": meeting.id},
        organisation_id=meeting.provider_id if to_provider else meeting.council_id,
        permission=Permission.MEETING_KEEP,
        at=at,
    )


def _subject(meeting: Meeting) -> Subject:
    return Subject(
        "meeting",
        meeting.id,
        f"{MEETING_NAMES[meeting.kind]}, {say_date(meeting.held_on)}",
        council_id=meeting.council_id,
        provider_id=meeting.provider_id,
    )
