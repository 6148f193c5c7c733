"""Keeping a council's term calendar, and how soon after each term its reports are due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.delivery.terms import queries
from portal.delivery.terms.models import ReportSetting, SchoolTerm
from portal.delivery.terms.rules import DEFAULT_WITHIN, Span, TermInUse, check_term
from portal.kernel.errors import NotFound, Stale
from portal.kernel.ids import new_id


class Event(StrEnum):
    """What happens to the term calendar."""

    ADDED = "delivery:term:added"
    CHANGED = "delivery:term:changed"
    REMOVED = "delivery:term:removed"
    WITHIN_SET = "delivery:report:time-set"


WORDS: Mapping[str, str] = {
    Event.ADDED: "Added a school term",
    Event.CHANGED: "Changed a school term",
    Event.REMOVED: "Removed a school term",
    Event.WITHIN_SET: "Set how soon after a term its reports are due",
}


def add_term(
    session: Session, actor: Actor, *, name: str, first_day: date, last_day: date, at: datetime
) -> SchoolTerm:
    """Add a term to the council's calendar. Raises WrongTerm."""
    council_id = _council(actor)
    _check(session, council_id, first_day, last_day)
    term = SchoolTerm(
        id=new_id(), council_id=council_id, name=name, first_day=first_day, last_day=last_day
    )
    session.add(term)
    session.flush()
    record(session, actor, Event.ADDED, _subject(term), at=at, **_days(term))
    return term


def change_term(
    session: Session,
    actor: Actor,
    term: SchoolTerm,
    *,
    name: str,
    first_day: date,
    last_day: date,
    version: int,
    at: datetime,
) -> None:
    """Change a term; what is due for it moves with its last day. Raises WrongTerm, Stale."""
    session.refresh(term, with_for_update=True)
    if term.version != version:
        raise Stale
    _check(session, term.council_id, first_day, last_day, without=term.id)
    term.name, term.first_day, term.last_day = name, first_day, last_day
    term.version += 1
    session.flush()
    record(session, actor, Event.CHANGED, _subject(term), at=at, **_days(term))


def remove_term(session: Session, actor: Actor, term: SchoolTerm, *, at: datetime) -> None:
    """Take a term out of the calendar. Raises TermInUse once something is written about it."""
    record(session, actor, Event.REMOVED, _subject(term), at=at, **_days(term))
    try:
        session.delete(term)
        session.flush()
    except IntegrityError as error:
        raise TermInUse from error


def set_within(session: Session, actor: Actor, within: int, *, version: int, at: datetime) -> None:
    """Set how many working days after a term its reports are due.

    ``version`` is that of the setting the form was opened on, 0 where the default stood. Raises
    Stale.
    """
    council_id = _council(actor)
    setting = queries.setting_of(session, council_id)
    if setting is not None:
        session.refresh(setting, with_for_update=True)
    if version != (setting.version if setting else 0):
        raise Stale
    before = setting.within if setting else DEFAULT_WITHIN
    if setting is None:
        session.add(ReportSetting(council_id=council_id, within=within))
    else:
        setting.within = within
        setting.version += 1
    session.flush()
    about = Subject("school term", None, "termly reports", council_id=council_id)
    record(
        session,
        actor,
        Event.WITHIN_SET,
        about,
        at=at,
        working_days_before=before,
        working_days_now=within,
    )


def _council(actor: Actor) -> UUID:
    if actor.organisation_id is None:
        raise NotFound
    return actor.organisation_id


def _check(
    session: Session,
    council_id: UUID,
    first_day: date,
    last_day: date,
    *,
    without: UUID | None = None,
) -> None:
    others = (
        Span(one.id, one.name, one.first_day, one.last_day)
        for one in queries.terms_of(session, council_id)
        if one.id != without
    )
    check_term(first_day, last_day, others)


def _subject(term: SchoolTerm) -> Subject:
    return Subject("school term", term.id, term.name, council_id=term.council_id)


def _days(term: SchoolTerm) -> dict[str, str]:
    return {"first_day": term.first_day.isoformat(), "last_day": term.last_day.isoformat()}
