"""Makers of jobs, letters and notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.identity.models import Organisation, Person
from portal.kernel.jobs.models import Job
from portal.kernel.post.models import Letter
from portal.notices.models import Notice, Preference
from portal.notices.rules import Frequency, NoticeKind
from tests.makers.rows import RECORDED_AT, add, numbers


def make_job(
    session: Session,
    *,
    organisation: Organisation | None = None,
    person: Person | None = None,
    name: str = "post:send",
    at: datetime = RECORDED_AT,
) -> Job:
    """A job that waits."""
    job = Job(
        name=name,
        arguments={"letter_id": UUID(int=0).hex},
        organisation_id=organisation and organisation.id,
        person_id=person and person.id,
        only_assigned=False,
        asked_at=at,
        run_at=at,
    )
    return add(session, job)


def make_letter(
    session: Session, *, to: str = "somebody@post.example", at: datetime = RECORDED_AT
) -> Letter:
    """A letter that waits in the outbox."""
    return add(session, Letter(address=to, subject="A letter", body="Words\n", written_at=at))


def make_notice(
    session: Session,
    *,
    person: Person,
    organisation: Organisation,
    kind: NoticeKind = NoticeKind.INVOICE_READY,
    sentence: str = "September can be invoiced",
    at: datetime = RECORDED_AT,
    waits_for: Frequency | None = None,
) -> Notice:
    """Something told to a person, not read."""
    notice = Notice(
        person_id=person.id,
        organisation_id=organisation.id,
        kind=kind.value,
        sentence=sentence,
        endpoint="home.show",
        values={},
        key=f"made-{next(numbers)}",
        at=at,
        waits_for=waits_for,
    )
    return add(session, notice)


def make_preference(
    session: Session,
    *,
    person: Person,
    organisation: Organisation,
    kind: NoticeKind = NoticeKind.INVOICE_READY,
    frequency: Frequency = Frequency.WEEKLY,
) -> Preference:
    """How often somebody wants a kind."""
    return add(
        session,
        Preference(
            person_id=person.id,
            organisation_id=organisation.id,
            kind=kind.value,
            frequency=frequency,
        ),
    )


@dataclass(frozen=True)
class Told:
    """What the background holds for one person."""

    person: Person
    job: Job
    notice: Notice


def make_background(session: Session, *, organisation: Organisation, person: Person) -> Told:
    """One of each, for somebody."""
    make_letter(session)
    make_preference(session, person=person, organisation=organisation)
    job = make_job(session, organisation=organisation, person=person)
    return Told(person, job, make_notice(session, person=person, organisation=organisation))
