"""Erased everywhere on schedule: nothing of a person remains, the chains stay valid, holds win
(promise 24, rules.md C2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import LargeBinary, Text, cast, func, inspect, or_, select, update
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Mentor
from portal.audit.actions import Actor, Subject, record
from portal.audit.models import AuditEvent
from portal.audit.verifying import Verified, verify
from portal.budgets.models import CapRaise
from portal.delivery.meetings.models import Contribution, Meeting, MeetingAction
from portal.delivery.models import DeliverySession
from portal.delivery.reports.models import ReportDraft, ReportFile, ReportSubmission
from portal.evidence.models import Evidence
from portal.identity.actions import Event as SignInEvent
from portal.identity.models import Credential, Person, SignIn
from portal.identity.people.invitations.models import Invitation
from portal.identity.rules import Role
from portal.invoicing.banking.models import BankChange
from portal.invoicing.models import Decision, Invoice, Payment, Reply
from portal.invoicing.rules import LineStep
from portal.invoicing.runs.models import PaymentRun
from portal.kernel.ids import new_id
from portal.kernel.session import FormReceipt
from portal.kernel.tenancy import Base, table_of
from portal.notices.models import Notice
from portal.referrals.asking.models import ReferralQuestion
from portal.referrals.models import Referral, YoungPerson
from portal.rights.erasing import (
    IN_THE_RECORD,
    OF_CARE,
    OF_COMPLAINTS,
    OF_FINANCE,
    OF_THE_ORGANISATION,
    names_beside,
)
from portal.rights.happenings import Event
from portal.rights.models import KeptFor, LegalHold
from portal.rights.rules import ERASED_WORDS, FORMER, Category
from tests.makers import make_hold, make_invitation, make_letter, make_notice, sign_in
from tests.rights.conftest import OPERATOR, Kept

NAME, EMAIL = "Zoë O'Leaver", "zoe.leaver@aldermoor.example"
LEFT = datetime(2026, 5, 20, 12, tzinfo=UTC)
LAST_NIGHT = datetime(2033, 3, 31, 2, tzinfo=UTC)  # the last of current year + 6
FIRST_NIGHT = datetime(2033, 4, 1, 2, tzinfo=UTC)
NIGHT = timedelta(days=1)


@pytest.fixture
def leaver(kept: Kept) -> Person:
    """Aldermoor's approver: decided, paid, was told things, invited, and is named by others."""
    world = kept.world
    person = world.person(world.aldermoor, Role.APPROVER)
    with kept.owner.transaction(OPERATOR) as session:
        session.execute(update(Person).where(Person.id == person.id).values(name=NAME, email=EMAIL))
        by = Actor(person.id, NAME, world.aldermoor.id)
        subject = Subject("person", person.id, NAME)
        record(session, by, SignInEvent.SIGNED_IN, subject, at=LEFT - timedelta(days=30))
        other = world.person(world.aldermoor, Role.COMMISSIONER)
        invitation = make_invitation(
            session, organisation=world.aldermoor, by=person, roles=[Role.EVALUATOR],
            secret="of an invitation", email=EMAIL, at=LEFT,
        )  # fmt: skip
        record(
            session,
            Actor(other.id, other.name, world.aldermoor.id),
            SignInEvent.SIGNED_IN,
            Subject("invitation", invitation.id, f"{NAME}, {EMAIL}"),
            at=LEFT,
            said=NAME,
        )
        make_letter(session, to=EMAIL, at=LEFT)
        make_notice(session, person=person, organisation=world.aldermoor, sentence="Read this")
        make_notice(
            session, person=other, organisation=world.aldermoor, sentence=f"{NAME} left",
            at=FIRST_NIGHT - timedelta(days=3),
        )  # fmt: skip
        _rename(session, person)
        earlier = session.scalars(select(Decision).where(Decision.decided_by == person.id)).first()
        assert earlier is not None
        told = {one.key: getattr(earlier, one.key) for one in inspect(Decision).column_attrs}
        told |= {"step": LineStep.QUERY, "reason": None, "words": f"{NAME} asks", "id": new_id()}
        session.add(Decision(**{**told, "decided_by_name": NAME, "decided_at": LEFT}))
    sign_in(kept.app.test_client(), person)
    kept.leaves(person, LEFT)
    return person


def _rename(session: Session, person: Person) -> None:
    """The name that makers wrote beside the person's id, as the portal would have: this one."""
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if model.__tablename__ in {"decision", "reply", "cap_raise"}:
            continue  # never changed; the words beside are tried with what the makers wrote
        for key, name in names_beside(model).items():
            session.execute(
                update(model).where(getattr(model, key) == person.id).values({name: NAME})
            )
    session.execute(update(Evidence).values(verified_by_name=NAME))


def places_of(session: Session, *words: str) -> Iterator[str]:
    """Every table in which one of these stands, in any column."""
    for mapper in Base.registry.mappers:
        table = table_of(mapper.class_)
        texts = [cast(one, Text) for one in table.c if not isinstance(one.type, LargeBinary)]
        spelled = {form for word in words for form in (word.lower(), _in_json(word))}
        found = [
            func.lower(text).contains(form, autoescape=True) for text in texts for form in spelled
        ]
        if session.scalar(select(func.count()).select_from(table).where(or_(*found))):
            yield table.name


def _in_json(word: str) -> str:
    return word.lower().encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")


def test_nothing_of_somebody_who_left_remains(kept: Kept, leaver: Person) -> None:
    """Not before the last night; not while a hold stands; then everywhere, once."""
    world = kept.world
    by = world.rights[world.aldermoor.id].administrator
    kept.sweep(LAST_NIGHT)
    with kept.owner.transaction(OPERATOR) as session:
        assert {"person", "audit_event", "decision", "notice"} <= set(places_of(session, NAME))
        hold = make_hold(session, organisation=world.aldermoor, by=by, person=leaver)
    kept.sweep(FIRST_NIGHT)
    with kept.owner.transaction(OPERATOR) as session:
        assert session.get_one(Person, leaver.id).email == EMAIL
        assert {"person", "audit_event", "decision", "notice"} <= set(places_of(session, NAME))
        session.execute(
            update(LegalHold)
            .where(LegalHold.id == hold.id)
            .values(lifted_at=FIRST_NIGHT, lifted_by=by.id)
        )
    kept.sweep(FIRST_NIGHT + NIGHT)
    with kept.owner.session(OPERATOR) as session:
        assert list(places_of(session, NAME, EMAIL)) == []
        assert session.get_one(Person, leaver.id).name == FORMER
        assert session.get(Credential, leaver.id) is None
        assert session.scalars(select(SignIn).where(SignIn.person_id == leaver.id)).all() == []
        done = Verified()
        assert list(verify(session, [], done)) == []
        assert done.events > 0
        happened = select(AuditEvent).where(AuditEvent.event == Event.ERASED)
        assert [one.subject_id for one in session.scalars(happened)] == [leaver.id]
        once = session.scalar(select(func.count()).select_from(AuditEvent))
    kept.sweep(FIRST_NIGHT + 2 * NIGHT)
    with kept.owner.session(OPERATOR) as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == once


@pytest.mark.slow
def test_finance_and_a_young_persons_record_go_on_their_own_schedules(kept: Kept) -> None:
    """Six years for one and 75 for the other; a hold and the longer of two periods win."""
    held, longer = kept.world.brackenvale, kept.world.larkspur
    by = kept.world.rights[held.id].administrator
    with kept.owner.transaction(OPERATOR) as session:
        session.execute(update(Agreement).values(ends_on=date(2026, 12, 31)))
        hold = make_hold(session, organisation=held, by=by)
        session.add(KeptFor(organisation_id=longer.id, category=Category.FINANCE, number=7))
        before = figures(session), care(session)
    kept.sweep(FIRST_NIGHT)
    with kept.owner.transaction(OPERATOR) as session:
        still = select(Invoice).where(Invoice.submitted_by_name != FORMER)
        kept_still = session.scalars(still).all()
        assert kept_still
        assert {longer.id} < {one.provider_id for one in kept_still}
        assert all(held.id == one.council_id or longer.id == one.provider_id for one in kept_still)
        session.execute(
            update(LegalHold)
            .where(LegalHold.id == hold.id)
            .values(lifted_at=FIRST_NIGHT, lifted_by=by.id)
        )
    kept.sweep(datetime(2101, 12, 31, 3, tzinfo=UTC))
    with kept.owner.session(OPERATOR) as session:
        assert (figures(session), care(session)) == before
        assert set(session.scalars(select(Invoice.submitted_by_name))) == {FORMER}
        for names in (
            Decision.decided_by_name,
            Reply.replied_by_name,
            Payment.recorded_by_name,
            PaymentRun.proposed_by_name,
            BankChange.proposed_by_name,
            BankChange.confirmed_by_name,
        ):
            assert set(session.scalars(select(names))) == {FORMER}
        for words in (Decision.words, Reply.words, CapRaise.reason, BankChange.because):
            assert set(session.scalars(select(words))) == {ERASED_WORDS}
    again = datetime(2102, 1, 1, 3, tzinfo=UTC)
    with kept.owner.transaction(OPERATOR) as session:
        hold = make_hold(session, organisation=held, by=by)
    kept.sweep(again)
    with kept.owner.transaction(OPERATOR) as session:
        spoken = session.execute(select(Meeting.council_id, Meeting.notes)).all()
        assert {council_id == held.id for council_id, _ in spoken} == {True, False}
        assert all((one == ERASED_WORDS) != (council_id == held.id) for council_id, one in spoken)
        session.execute(
            update(LegalHold)
            .where(LegalHold.id == hold.id)
            .values(lifted_at=again, lifted_by=by.id)
        )
    kept.sweep(again + NIGHT)
    with kept.owner.session(OPERATOR) as session:
        assert figures(session) == before[0]
        assert set(session.scalars(select(Agreement.young_person))) == {ERASED_WORDS}
        assert set(session.scalars(select(DeliverySession.summary))) == {ERASED_WORDS}
        assert set(session.scalars(select(Mentor.name))) == {FORMER}
        for words in (
            ReportDraft.activity,
            ReportSubmission.progress,
            Contribution.words,
            Meeting.notes,
            MeetingAction.words,
        ):
            assert set(session.scalars(select(words))) == {ERASED_WORDS}
        assert session.scalars(select(ReportFile)).all() == []
        assert list(verify(session, [], Verified())) == []


def test_who_a_young_person_is_goes_with_their_75th_birthday(kept: Kept) -> None:
    """With what was asked for them; what a legal hold stands over stays (C2)."""
    held = kept.world.brackenvale
    by = kept.world.rights[held.id].administrator
    theirs = select(YoungPerson).where(YoungPerson.council_id != held.id)
    with kept.owner.transaction(OPERATOR) as session:
        session.execute(update(YoungPerson).values(date_of_birth=date(2012, 3, 1)))
        make_hold(session, organisation=held, by=by)
        waiting = session.scalars(theirs).all()
        assert waiting and session.scalars(select(ReferralQuestion)).all()
        names = {one.family_name for one in waiting}
    kept.sweep(datetime(2087, 3, 1, 3, tzinfo=UTC))
    with kept.owner.session(OPERATOR) as session:
        assert {one.family_name for one in session.scalars(theirs)} == names
    kept.sweep(datetime(2087, 3, 2, 3, tzinfo=UTC))
    with kept.owner.session(OPERATOR) as session:
        assert {one.family_name for one in session.scalars(theirs)} == {ERASED_WORDS}
        assert {one.contacts for one in session.scalars(theirs)} == {""}
        about = select(Referral).where(Referral.council_id != held.id)
        assert {one.need for one in session.scalars(about)} == {ERASED_WORDS}
        asked = select(ReferralQuestion.asked).where(ReferralQuestion.council_id != held.id)
        assert set(session.scalars(asked)) <= {ERASED_WORDS}
        still = session.scalars(select(YoungPerson).where(YoungPerson.council_id == held.id))
        assert ERASED_WORDS not in {one.family_name for one in still}
        assert list(verify(session, [], Verified())) == []


@pytest.mark.slow
def test_what_is_kept_for_days_goes_after_them(kept: Kept) -> None:
    kept.sweep(datetime(2026, 5, 31, 3, tzinfo=UTC))
    with kept.owner.session(OPERATOR) as session:
        assert session.scalars(select(FormReceipt)).all() == []  # received on 30 April
        assert session.scalars(select(Invitation)).all()  # they ran out on 6 May
        assert session.scalars(select(Notice)).all()
    kept.sweep(datetime(2026, 6, 6, 3, tzinfo=UTC))
    with kept.owner.session(OPERATOR) as session:
        assert session.scalars(select(Invitation)).all() == []
    kept.sweep(datetime(2027, 6, 10, 3, tzinfo=UTC))
    with kept.owner.session(OPERATOR) as session:
        assert session.scalars(select(Notice)).all() == []
        assert session.scalars(select(SignIn)).all()  # each person's latest stays


def figures(session: Session) -> list[object]:
    """The sums of every invoice."""
    return list(session.scalars(select(Invoice.net).order_by(Invoice.id)))


def care(session: Session) -> list[object]:
    """What was written about every young person, and for whom."""
    return [
        *session.scalars(select(DeliverySession.summary).order_by(DeliverySession.id)),
        *session.scalars(select(ReportSubmission.progress).order_by(ReportSubmission.id)),
        *session.scalars(select(Agreement.young_person).order_by(Agreement.id)),
        *session.scalars(select(Mentor.name).order_by(Mentor.id)),
        *session.scalars(select(Meeting.notes).order_by(Meeting.id)),
        *session.scalars(select(MeetingAction.words).order_by(MeetingAction.id)),
    ]


def test_every_table_belongs_to_one_store() -> None:
    """A new table that names people joins a schedule, or is searched like all the others."""
    stores = [OF_FINANCE, OF_CARE, OF_COMPLAINTS, OF_THE_ORGANISATION, IN_THE_RECORD]
    assert sum(map(len, stores)) == len(frozenset().union(*stores))
    tables = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    assert frozenset().union(*stores) <= tables.keys()
    unwritten = {name for name, one in tables.items() if names_beside(one)} & {
        name for name, one in tables.items() if not one.__seen_by__.writers
    }
    assert unwritten == set()
