"""A council with a complaint, its complaints manager and others, for tests of what they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.complaints.handling.actions import people, stages, taking_up
from portal.complaints.handling.queries import Whole, whole_of
from portal.complaints.handling.rules import Outcome, Part, WorksFor
from portal.complaints.models import Complaint
from portal.complaints.rules import Track
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database, ScopedSession
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_complaint, make_council, make_framework, make_person, make_provider
from tests.makers.frameworks import make_category, make_place

RECEIVED = datetime(2026, 12, 17, 16, tzinfo=UTC)
THURSDAY = date(2026, 12, 17)


def noon(day: date) -> datetime:
    """Midday in London on a winter's day."""
    return datetime.combine(day, time(12), tzinfo=UTC)


class Desk:
    """A complaint of Thursday 17 December 2026 about a provider, and who deals with it."""

    def __init__(self, database: Database, owner: Database, **complaint: Any) -> None:
        self.database, self.owner = database, owner
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            self.council: Organisation = make_council(session, name="Aldermoor Council")
            self.other: Organisation = make_council(session, name="Brackenvale Council")
            self.provider: Organisation = make_provider(session, name="Larkspur Mentoring")
            framework = make_framework(session, lead=self.council)
            category = make_category(session, framework=framework)
            make_place(session, category=category, provider=self.provider, price="42.00")
            self.framework = framework
            self.manager: Person = make_person(
                session, organisation=self.council, roles=[Role.COMPLAINTS_MANAGER]
            )
            self.colleague: Person = make_person(
                session, organisation=self.council, roles=[Role.COMMISSIONER]
            )
            self.answering: Person = make_person(
                session, organisation=self.provider, roles=[Role.PROVIDER_ADMINISTRATOR]
            )
            self.complaint: Complaint = make_complaint(
                session,
                council=self.council,
                provider=self.provider,
                **{"received_at": RECEIVED, **complaint},
            )
        self.actor = self.as_(self.manager)

    def as_(self, person: Person, organisation: Organisation | None = None) -> Actor:
        """A person at work for the council, or for another organisation."""
        return Actor(person.id, person.name, (organisation or self.council).id)

    @contextmanager
    def work(
        self, organisation: Organisation | None = None, person: Person | None = None
    ) -> Iterator[ScopedSession]:
        """A transaction of the council, or of another organisation, that commits."""
        scope = Scope((organisation or self.council).id, (person or self.manager).id)
        with self.database.transaction(scope) as session:
            yield session

    @property
    def id(self) -> UUID:
        """The complaint."""
        return self.complaint.id

    def version(self, session: ScopedSession) -> int:
        """The version that a form opened now would carry."""
        found = session.scalar(select(Complaint.version).where(Complaint.id == self.id))
        assert found is not None
        return found

    def whole(self, session: ScopedSession) -> Whole:
        """The case as it stands."""
        return whole_of(session, self.id, self.council.id)

    def do(self, session: ScopedSession, action: Any, *, at: datetime, **said: Any) -> Whole:
        """One step of the complaints manager's, on the newest version."""
        done: Whole = action(
            session, said.pop("actor", self.actor), self.id, version=self.version(session), at=at,
            **said,
        )  # fmt: skip
        return done

    def take_up(self, session: ScopedSession, track: Track = Track.CHILDREN) -> Whole:
        """Put it on a track, on the day it came."""
        return self.do(
            session, taking_up.take_up, at=RECEIVED, track=track, reason="A child in our care",
            points=["A bag was lost"], happened_on=None, late_reason="",
        )  # fmt: skip

    def answer(self, session: ScopedSession, on: date, outcome: Outcome = Outcome.UPHELD) -> Whole:
        """Decide every point, then answer the stage."""
        for point in self.whole(session).points:
            self.do(
                session, taking_up.decide_point, at=noon(on), point_id=point.id, outcome=outcome
            )
        return self.do(
            session, stages.answer, at=noon(on), text="We are sorry.", closing="You can go on."
        )

    def name(
        self,
        session: ScopedSession,
        part: Part,
        name: str,
        *,
        works_for: WorksFor = WorksFor.NEITHER,
        free: bool = True,
        person_id: UUID | None = None,
    ) -> UUID:
        """Give somebody a part, who has said that nothing stands between unless told."""
        whole = self.do(
            session, people.add_person, at=RECEIVED, part=part, name=name,
            organisation="Fenwick Reviews", works_for=works_for, person_id=person_id,
            provider_name=self.provider.name,
        )  # fmt: skip
        added = whole.people[-1].id
        if free and person_id is None and part is not Part.SUBJECT:
            self.do(session, people.declare, at=RECEIVED, case_person_id=added, conflict="")
        return added

    def events(self) -> list[str]:
        """What the record says happened, in order."""
        with self.owner.session(Scope.system(Task.OPERATOR)) as session:
            return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))
