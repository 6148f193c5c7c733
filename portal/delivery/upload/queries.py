"""Holding the rows of a file against the rules and against what is recorded already.

The same for the preview and for saving, in a constant number of queries however long the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.models import Agreement, Mentor
from portal.delivery.models import DeliverySession
from portal.delivery.nights.queries import nights_recorded
from portal.delivery.nights.rules import nights_refusals, order_refusal
from portal.delivery.queries import term_of
from portal.delivery.rules import (
    SESSION_STATE_NAMES,
    Nights,
    Refusal,
    SessionState,
    WrongKind,
    require_kind,
)
from portal.delivery.sessions.queries import Book, load_book
from portal.delivery.sessions.rules import Occupied, Timing, cancelled_refusal, moment
from portal.delivery.upload.cells import plain_words
from portal.delivery.upload.rows import NightsRow, RowError, SessionRow
from portal.frameworks.rules import Unit
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_hours

Row = TypeVar("Row", SessionRow, NightsRow)

COLUMN_OF = {
    "day": "date",
    "start": "start",
    "which_hour": "start",
    "minutes": "hours",
    "mentor": "mentor",
    "cancelled_by": "cancelled by",
    "first_night": "first night",
    "last_night": "last night",
}
WRITE_WHICH_HOUR = " Write BST for the first or GMT for the second behind the time, like 01:30 GMT."


@dataclass(frozen=True, slots=True)
class Sound(Generic[Row]):
    """A row that can be saved, with the agreement it is of; for a session also whose and when."""

    row: Row
    agreement: Agreement
    mentor_id: UUID | None = None
    starts_at: datetime | None = None


@dataclass(slots=True)
class Checked(Generic[Row]):
    """A file's rows: those to save, those recorded already, and what is wrong in the others."""

    sound: list[Sound[Row]] = field(default_factory=list)
    already: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, row: Row, refusals: Iterable[Refusal]) -> None:
        """Note what is against a row."""
        for refusal in refusals:
            column = COLUMN_OF.get(refusal.field, refusal.field)
            extra = WRITE_WHICH_HOUR if refusal.field == "which_hour" else ""
            self.errors.append(RowError(row.row, column, refusal.sentence + extra))


def check_sessions(
    session: Session, provider_id: UUID, rows: Sequence[SessionRow], *, at: datetime
) -> Checked[SessionRow]:
    """Each session held against the rules, what is recorded, and the rows above it."""
    checked: Checked[SessionRow] = Checked()
    if not rows:
        return checked
    agreements = _agreements(session, provider_id, {row.agreement for row in rows})
    mentors = _mentors(session, provider_id)
    first, last = min(row.day for row in rows), max(row.day for row in rows)
    found_agreements = [one.id for some in agreements.values() for one in some]
    book = load_book(
        session,
        agreement_ids=found_agreements,
        mentor_ids={one.id for row in rows for one in mentors.get(plain_words(row.mentor), ())},
        first=first,
        last=last,
    )
    recorded = _recorded(session, found_agreements, first, last)
    for row in rows:
        agreement = _agreement(row, agreements, checked, Unit.SESSION)
        mentor = _mentor(row, mentors, checked)
        if agreement is None or mentor is None:
            continue
        starts_at = moment(row.day, row.start, second=row.second)
        if isinstance(starts_at, Refusal):
            checked.refuse(row, [starts_at])
            continue
        before = recorded.get((agreement.id, mentor.id, starts_at))
        if before == (row.minutes, row.state):
            checked.already.append(row)
            continue
        if before is not None:
            checked.refuse(row, [_recorded_otherwise(*before)])
            continue
        timing = Timing(row.day, starts_at, row.minutes, row.state)
        refusals = book.refusals(agreement.id, mentor.id, timing, at=at)
        if (unsaid := cancelled_refusal(row.state, row.cancelled_by)) is not None:
            refusals.append(unsaid)
        if refusals:
            checked.refuse(row, refusals)
            continue
        checked.sound.append(Sound(row, agreement, mentor.id, starts_at))
        _take(book, row, mentor.id, agreement, timing)
    return checked


def check_nights(
    session: Session, provider_id: UUID, rows: Sequence[NightsRow], *, at: datetime
) -> Checked[NightsRow]:
    """Each row of nights held against the rules, what is recorded, and the rows above it."""
    checked: Checked[NightsRow] = Checked()
    if not rows:
        return checked
    agreements = _agreements(session, provider_id, {row.agreement for row in rows})
    recorded = nights_recorded(
        session,
        [one.id for some in agreements.values() for one in some],
        min(row.first for row in rows),
        max(row.last for row in rows),
    )
    in_file: dict[UUID, list[Nights]] = defaultdict(list)
    for row in rows:
        agreement = _agreement(row, agreements, checked, Unit.NIGHT)
        if agreement is None:
            continue
        if (wrong := order_refusal(row.first, row.last)) is not None:
            checked.refuse(row, [wrong])
            continue
        nights, there = Nights(row.first, row.last), recorded[agreement.id]
        if all((part, row.present) in there for part in nights.by_month()):
            checked.already.append(row)
            continue
        others = [*(part for part, _present in there), *in_file[agreement.id]]
        refusals = nights_refusals(nights, term_of(agreement), others, today=local_date(at))
        if refusals:
            checked.refuse(row, refusals)
            continue
        checked.sound.append(Sound(row, agreement))
        in_file[agreement.id].append(nights)
    return checked


def _agreements(
    session: Session, provider_id: UUID, references: set[str]
) -> dict[str, list[Agreement]]:
    """The provider's agreements of these references, each by its reference in capitals."""
    wanted = {form for reference in references for form in (reference, reference.upper())}
    grouped: dict[str, list[Agreement]] = defaultdict(list)
    for agreement in session.scalars(
        select(Agreement)
        .where(Agreement.provider_id == provider_id, Agreement.reference.in_(wanted))
        .order_by(Agreement.reference, Agreement.id)
        .options(joinedload(Agreement.council, innerjoin=True), selectinload(Agreement.suspensions))
    ):
        grouped[agreement.reference.upper()].append(agreement)
    return grouped


def _mentors(session: Session, provider_id: UUID) -> dict[str, list[Mentor]]:
    """The provider's mentors, by their names in plain words."""
    grouped: dict[str, list[Mentor]] = defaultdict(list)
    for mentor in session.scalars(
        select(Mentor).where(Mentor.provider_id == provider_id).order_by(Mentor.name, Mentor.id)
    ):
        grouped[plain_words(mentor.name)].append(mentor)
    return grouped


def _recorded(
    session: Session, agreement_ids: Sequence[UUID], first: date, last: date
) -> dict[tuple[UUID, UUID, datetime], tuple[int, SessionState]]:
    """The sessions that these agreements have already: their minutes and states."""
    return {
        (row.agreement_id, row.mentor_id, row.starts_at): (row.minutes, row.state)
        for row in session.execute(
            select(
                DeliverySession.agreement_id,
                DeliverySession.mentor_id,
                DeliverySession.starts_at,
                DeliverySession.minutes,
                DeliverySession.state,
            )
            .where(
                DeliverySession.agreement_id.in_(agreement_ids),
                DeliverySession.service_date.between(first, last),
            )
            .order_by(DeliverySession.id)
        )
    }


def _agreement(
    row: Row, agreements: dict[str, list[Agreement]], checked: Checked[Row], entered: Unit
) -> Agreement | None:
    found = agreements.get(row.agreement.upper(), [])
    if len(found) == 1:
        try:
            require_kind(found[0].unit, entered)
        except WrongKind as refusal:
            checked.refuse(row, [Refusal("agreement", refusal.sentence)])
            return None
        return found[0]
    sentence = (
        f"{row.agreement} is an agreement with two councils. Record this on the agreement's page."
        if found
        else f"{row.agreement} is not an agreement that you can record for. Check the reference."
    )
    checked.errors.append(RowError(row.row, "agreement", sentence))
    return None


def _mentor(
    row: SessionRow, mentors: dict[str, list[Mentor]], checked: Checked[SessionRow]
) -> Mentor | None:
    found = mentors.get(plain_words(row.mentor), [])
    if len(found) == 1:
        return found[0]
    sentence = (
        f"You have two mentors called {row.mentor}. Record this session on the agreement's page."
        if found
        else f"{row.mentor} is not one of your mentors. Write the name as it is in the portal."
    )
    checked.errors.append(RowError(row.row, "mentor", sentence))
    return None


def _recorded_otherwise(minutes: int, state: SessionState) -> Refusal:
    was = f"{say_hours(minutes)}, {SESSION_STATE_NAMES[state].lower()}"
    return Refusal(
        "start",
        f"This session is already recorded with other figures ({was}). "
        "Change it on the page of the agreement.",
    )


def _take(
    book: Book, row: SessionRow, mentor_id: UUID, agreement: Agreement, timing: Timing
) -> None:
    where = f"{agreement.reference} in row {row.row} of this file"
    book.take(mentor_id, row.day, Occupied(timing.starts_at, row.minutes, row.state, where))
