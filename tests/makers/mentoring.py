"""What an agreement's clocks rest on, and what is kept of its mentor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from portal.agreements.clocks.models import ContactRecord, KeptClock
from portal.agreements.clocks.rules import Clock, ClockKind, ContactKind, How
from portal.agreements.mentors.models import Absence, Hours, Training
from portal.agreements.mentors.rules import Away, TrainingKind, trained_until
from portal.agreements.models import Agreement, Clearance, Mentor
from portal.agreements.substitutes.models import Substitution
from portal.agreements.substitutes.rules import Cause
from tests.makers.rows import RECORDED_AT, add


@dataclass(frozen=True)
class Mentored:
    """What is kept of an agreement's contacts and of its mentor."""

    contact: ContactRecord
    absence: Absence
    check: Clearance


def make_clock(
    session: Session,
    *,
    agreement: Agreement,
    kind: ClockKind = ClockKind.CONTACT,
    starts_on: date,
    done_on: date | None = None,
) -> KeptClock:
    """A clock of an agreement, open unless it was done."""
    clock = Clock(kind, starts_on, done_on)
    return add(
        session,
        KeptClock(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            kind=kind,
            starts_on=starts_on,
            due_on=clock.due_on,
            done_on=done_on,
        ),
    )


def make_absence(
    session: Session,
    *,
    mentor: Mentor,
    first_day: date,
    last_day: date | None = None,
    reason: Away = Away.AWAY,
) -> Absence:
    """Days on which a mentor is away; no clock follows from it."""
    return add(
        session,
        Absence(
            mentor_id=mentor.id,
            provider_id=mentor.provider_id,
            reason=reason,
            first_day=first_day,
            last_day=last_day,
            recorded_by_name="Provider Administrator",
            recorded_at=RECORDED_AT,
        ),
    )


def make_mentored(session: Session, *, agreement: Agreement, mentor: Mentor) -> Mentored:
    """A met clock, its contact and a past substitution; training, hours, an absence long over."""
    day = agreement.starts_on
    parties = {
        "agreement_id": agreement.id,
        "council_id": agreement.council_id,
        "provider_id": agreement.provider_id,
    }
    of_mentor = {"mentor_id": mentor.id, "provider_id": mentor.provider_id}
    make_clock(session, agreement=agreement, starts_on=day, done_on=day + timedelta(days=1))
    contact = ContactRecord(
        **parties,
        kind=ContactKind.CONTACT,
        how=How.PHONE,
        day=day + timedelta(days=1),
        words=f"A note of a contact on {agreement.reference}",
        recorded_by_name="Provider Administrator",
        recorded_at=RECORDED_AT,
    )
    add(session, contact)
    absence = make_absence(session, mentor=mentor, first_day=day, last_day=day + timedelta(days=9))
    clock = make_clock(
        session, agreement=agreement, kind=ClockKind.SUBSTITUTE, starts_on=day,
        done_on=day + timedelta(days=3),
    )  # fmt: skip
    session.add_all(
        [
            Substitution(
                **parties,
                clock_id=clock.id,
                mentor_id=mentor.id,
                mentor_name=mentor.name,
                cause=Cause.UNAVAILABLE,
                absence_id=absence.id,
                told_by_name="Provider Administrator",
                told_at=RECORDED_AT,
                substitute_name=mentor.name,
            ),
            Training(
                **of_mentor,
                kind=TrainingKind.SAFEGUARDING,
                taken_on=day,
                fresh_until=trained_until(day),
                recorded_by_name="Provider Administrator",
                recorded_at=RECORDED_AT,
            ),
            Hours(**of_mentor, weekday=0, starts=time(15), ends=time(19)),
        ]
    )
    session.flush()
    check = session.query(Clearance).filter_by(mentor_id=mentor.id).first()
    assert check is not None
    return Mentored(contact, absence, check)
