"""What must be known to say whether sessions can be recorded, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.models import Agreement, Assignment, Mentor
from portal.delivery.corrections.queries import corrected_sessions
from portal.delivery.models import DeliverySession
from portal.delivery.queries import term_of
from portal.delivery.rules import Refusal, Span
from portal.delivery.sessions.rules import (
    MentorStanding,
    Occupied,
    SessionEntry,
    Timing,
    session_refusals,
)
from portal.kernel.database import enter, scope_of, working_as
from portal.kernel.errors import NotFound
from portal.kernel.local_time import to_local
from portal.kernel.tenancy import Scope, Task


def get_session(session: Session, session_id: UUID) -> DeliverySession:
    """A session with its agreement and mentor. Raises NotFound."""
    found = session.scalars(
        select(DeliverySession)
        .where(DeliverySession.id == session_id)
        .options(
            joinedload(DeliverySession.agreement, innerjoin=True).joinedload(
                Agreement.council, innerjoin=True
            ),
            joinedload(DeliverySession.mentor, innerjoin=True),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def entry_of(delivered: DeliverySession) -> SessionEntry:
    """A recorded session as it would be entered."""
    starts = to_local(delivered.starts_at)
    twice = starts.utcoffset() != starts.replace(fold=1 - starts.fold).utcoffset()
    return SessionEntry(
        mentor_id=delivered.mentor_id,
        day=delivered.service_date,
        start=starts.time().replace(fold=0),
        minutes=delivered.minutes,
        state=delivered.state,
        mode=delivered.mode,
        interactions=delivered.interactions,
        summary=delivered.summary,
        second=bool(starts.fold) if twice else None,
        cancelled_by=delivered.cancelled_by,
        cancelled_because=delivered.cancelled_because or "",
    )


@dataclass(slots=True)
class Book:
    """The agreements, mentors, assignments and sessions that new sessions are held against."""

    agreements: dict[UUID, Agreement]
    mentors: dict[UUID, Mentor]
    assignments: dict[UUID, list[Assignment]]
    occupied: dict[tuple[UUID, date], list[Occupied]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def refusals(
        self, agreement_id: UUID, mentor_id: UUID, timing: Timing, *, at: datetime
    ) -> list[Refusal]:
        """Everything against recording a session of this mentor on this agreement."""
        assignments = self.assignments.get(agreement_id, [])
        mentor = self.mentors[mentor_id]
        return session_refusals(
            timing,
            term_of(self.agreements[agreement_id]),
            MentorStanding(
                name=mentor.name,
                volunteer=mentor.volunteer,
                clearances=tuple(Span(c.checked_on, c.valid_until) for c in mentor.clearances),
                assigned=tuple(
                    Span(a.starts_on, a.ends_on) for a in assignments if a.mentor_id == mentor_id
                ),
            ),
            self._around(mentor_id, timing.day),
            [
                a.mentor.name
                for a in assignments
                if a.mentor_id != mentor_id and timing.day in Span(a.starts_on, a.ends_on)
            ],
            at=at,
        )

    def take(self, mentor_id: UUID, day: date, occupied: Occupied) -> None:
        """Count a further session of a mentor, so that the next is held against it too."""
        self.occupied[mentor_id, day].append(occupied)

    def _around(self, mentor_id: UUID, day: date) -> Iterator[Occupied]:
        for offset in (-1, 0, 1):
            yield from self.occupied.get((mentor_id, day + timedelta(days=offset)), ())


def load_book(
    session: Session,
    *,
    agreement_ids: Collection[UUID],
    mentor_ids: Collection[UUID],
    first: date,
    last: date,
    without: Collection[UUID] = (),
) -> Book:
    """The book for these agreements and mentors from one day to another. Nine queries at most.

    ``without`` are the sessions being edited, which are not held against themselves.
    """
    agreements = session.scalars(
        select(Agreement)
        .where(Agreement.id.in_(agreement_ids))
        .order_by(Agreement.id)
        .options(selectinload(Agreement.suspensions))
    )
    mentors = session.scalars(
        select(Mentor)
        .where(Mentor.id.in_(mentor_ids))
        .order_by(Mentor.id)
        .options(selectinload(Mentor.clearances))
    )
    book = Book(
        {agreement.id: agreement for agreement in agreements},
        {mentor.id: mentor for mentor in mentors},
        assignments_of(session, agreement_ids),
    )
    _add_occupied(session, book, mentor_ids, first, last, without)
    _add_elsewhere(session, book, first, last)
    return book


def assignments_of(
    session: Session, agreement_ids: Collection[UUID]
) -> dict[UUID, list[Assignment]]:
    """Who was assigned to each of these agreements and when, each with its mentor."""
    grouped: dict[UUID, list[Assignment]] = defaultdict(list)
    for assignment in session.scalars(
        select(Assignment)
        .where(Assignment.agreement_id.in_(agreement_ids))
        .order_by(Assignment.starts_on, Assignment.id)
        .options(joinedload(Assignment.mentor, innerjoin=True))
    ):
        grouped[assignment.agreement_id].append(assignment)
    return grouped


def _add_occupied(
    session: Session,
    book: Book,
    mentor_ids: Collection[UUID],
    first: date,
    last: date,
    without: Collection[UUID],
) -> None:
    named = not scope_of(session).only_assigned
    with _whole_provider(session):
        corrected = corrected_sessions(session, first, last, mentor_ids=mentor_ids)
        for row in session.execute(
            select(
                DeliverySession.id,
                DeliverySession.mentor_id,
                DeliverySession.service_date,
                DeliverySession.starts_at,
                DeliverySession.minutes,
                DeliverySession.state,
                Agreement.reference,
            )
            .join(DeliverySession.agreement)
            .where(
                DeliverySession.mentor_id.in_(mentor_ids),
                DeliverySession.service_date.between(
                    first - timedelta(days=1), last + timedelta(days=1)
                ),
                DeliverySession.id.not_in(without) if without else true(),
            )
            .order_by(DeliverySession.starts_at, DeliverySession.id)
        ):
            reference = row.reference if named else None
            state, minutes = row.state, row.minutes
            if (put_right := corrected.get(row.id)) is not None:
                state = put_right.state
                minutes = put_right.minutes or minutes
            book.take(
                row.mentor_id,
                row.service_date,
                Occupied(row.starts_at, minutes, state, reference),
            )


def _add_elsewhere(session: Session, book: Book, first: date, last: date) -> None:
    """Count what other providers recorded of the same people, without a word of what it is."""
    own = {one.person_id: one for one in book.mentors.values() if one.person_id is not None}
    if not own:
        return
    with working_as(session, Scope.system(Task.PRESENCE)):
        rows = session.execute(
            select(
                DeliverySession.id,
                DeliverySession.mentor_id,
                Mentor.person_id,
                DeliverySession.service_date,
                DeliverySession.starts_at,
                DeliverySession.minutes,
                DeliverySession.state,
            )
            .join(DeliverySession.mentor)
            .where(
                Mentor.person_id.in_(own),
                Mentor.provider_id.not_in({one.provider_id for one in own.values()}),
                DeliverySession.service_date.between(
                    first - timedelta(days=1), last + timedelta(days=1)
                ),
            )
            .order_by(DeliverySession.starts_at, DeliverySession.id)
        ).all()
        theirs = {row.mentor_id for row in rows}
        corrected = corrected_sessions(session, first, last, mentor_ids=theirs) if theirs else {}
    for row in rows:
        state, minutes = row.state, row.minutes
        if (put_right := corrected.get(row.id)) is not None:
            state, minutes = put_right.state, put_right.minutes or minutes
        occupied = Occupied(row.starts_at, minutes, state, None, elsewhere=True)
        book.take(own[row.person_id].id, row.service_date, occupied)


@contextmanager
def _whole_provider(session: Session) -> Iterator[None]:
    """A mentor sees their own agreements; whether a colleague is elsewhere asks of them all."""
    scope = scope_of(session)
    if not scope.only_assigned:
        yield
        return
    enter(session, replace(scope, only_assigned=False))
    yield
    enter(session, scope)
