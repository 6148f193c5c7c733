"""The record of who did what, read the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portal.audit.events import Event
from portal.audit.models import AuditChain, AuditEvent, AuditLink
from portal.audit.rules import record_number
from portal.kernel.database import prepared
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import start_of_day

_AT_ONCE = 500
_PARTIES = (AuditEvent.organisation_id, AuditEvent.council_id, AuditEvent.provider_id)


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: how many events it has linked, and the last link's digest."""

    chain_id: UUID
    position: int
    digest: bytes


def chain_ends(session: Session) -> list[End]:
    """Where every chain ends that the session sees."""
    found = session.execute(
        select(AuditChain.chain_id, AuditChain.position, AuditChain.digest).order_by(
            AuditChain.chain_id
        )
    )
    return [End(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Stated:
    """When an organisation's chain was last stated outside the portal, and at which position."""

    at: datetime
    position: int


def last_stated(session: Session, organisation_id: UUID) -> Stated | None:
    """The last statement of an organisation's chain; None before the first."""
    found = session.execute(
        select(AuditEvent.at, AuditEvent.details)
        .where(AuditEvent.subject_id == organisation_id, AuditEvent.event == Event.STATED)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(1)
    ).first()
    return None if found is None else Stated(found.at, found.details["position"])


_NUMBER = prepared(
    select(AuditLink.position, AuditLink.digest)
    .join(AuditEvent, AuditEvent.id == AuditLink.event_id)
    .where(
        AuditEvent.subject_id == bindparam("subject_id"),
        AuditEvent.event == bindparam("event"),
    )
    .order_by(AuditLink.position)
    .limit(1)
)


def number_of(session: Session, event: StrEnum, subject_id: UUID) -> str | None:
    """The record number of what one's own organisation did to a thing: "1234-ab12cd"."""
    found = session.execute(_NUMBER, {"subject_id": subject_id, "event": event.value}).first()
    return None if found is None else record_number(found.position, found.digest)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the record is asked for; None, or no words, for everything.

    ``group`` is the first part of an event ("invoicing"), ``kind`` what sort of thing it happened
    to, ``words`` the beginning of what the thing is called. ``own`` narrows to what one's own
    people did, or to what others did. The days are London days, both counted.
    """

    person_id: UUID | None = None
    own: bool | None = None
    group: str | None = None
    event: str | None = None
    kind: str | None = None
    subject_id: UUID | None = None
    words: str = ""
    first: date | None = None
    last: date | None = None

    def conditions(self, organisation_id: UUID) -> Iterator[ColumnElement[bool]]:
        """The same in SQL."""
        if self.person_id is not None:
            yield AuditEvent.person_id == self.person_id
        if self.own is not None:
            own = AuditEvent.organisation_id == organisation_id
            yield own if self.own else or_(~own, AuditEvent.organisation_id.is_(None))
        if self.group is not None:
            yield AuditEvent.event.between(f"{self.group}:", f"{self.group};")
        if self.event is not None:
            yield AuditEvent.event == self.event
        if self.kind is not None:
            yield AuditEvent.subject_kind == self.kind
        if self.subject_id is not None:
            yield AuditEvent.subject_id == self.subject_id
        if (called := begins_with(AuditEvent.subject_label, self.words)) is not None:
            yield called
        if self.first is not None:
            yield AuditEvent.at >= start_of_day(self.first)
        if self.last is not None:
            yield AuditEvent.at < start_of_day(self.last + timedelta(days=1))


def events(
    session: Session, organisation_id: UUID, wanted: Wanted, *, cursor: str | None
) -> Page[AuditEvent]:
    """What an organisation may read of: its own people's doing, and what touches its things."""
    return page_of(
        session,
        select(AuditEvent).where(*wanted.conditions(organisation_id)),
        AuditEvent.at,
        AuditEvent.id,
        cursor=cursor,
        descending=True,
        among=[party == organisation_id for party in _PARTIES],
    )


def counted(session: Session, organisation_id: UUID, wanted: Wanted, *, before: datetime) -> int:
    """How many events an export of this would hold."""
    statement = select(func.count(AuditEvent.id)).where(
        *_whole(organisation_id, wanted, before=before)
    )
    return session.scalars(statement).one()


def whole_record(
    session: Session, organisation_id: UUID, wanted: Wanted, *, before: datetime
) -> Iterator[Row[AuditEvent, int | None, bytes | None]]:
    """All of it, the newest first, each with its place in one's own chain, read as it is used."""
    statement = (
        select(AuditEvent, AuditLink.position, AuditLink.digest)
        .outerjoin(AuditLink, AuditLink.event_id == AuditEvent.id)
        .where(*_whole(organisation_id, wanted, before=before))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .execution_options(yield_per=_AT_ONCE)
    )
    with session.execute(statement) as found:
        for row in found:
            yield row
            session.expunge(row[0])


def _whole(
    organisation_id: UUID, wanted: Wanted, *, before: datetime
) -> Iterator[ColumnElement[bool]]:
    yield or_(*(party == organisation_id for party in _PARTIES))
    yield AuditEvent.at < before
    yield from wanted.conditions(organisation_id)


def refusals_since(
    session: Session, organisation_id: UUID | None, person_id: UUID, since: datetime
) -> Sequence[str]:
    """The refusals of one person since a moment, by their events."""
    return session.scalars(
        select(AuditEvent.event).where(
            AuditEvent.organisation_id == organisation_id,
            AuditEvent.person_id == person_id,
            AuditEvent.at > since,
            AuditEvent.event.in_([Event.REFUSED, Event.REFUSED_OFTEN]),
        )
    ).all()
