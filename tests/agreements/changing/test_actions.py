"""Agreements changed through the real actions: what follows for delivery, prices and invoices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import portal.delivery.ledger  # noqa: F401  (delivery keeps the ledger that changes ask)
from portal.agreements.changing import actions as changing
from portal.agreements.changing.proposals import NotYoursToAnswer
from portal.agreements.changing.rules import EndOutcome, EndReason, ProposalState, UnfitChange
from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Agreement, AgreementPrice, Assignment
from portal.agreements.queries import price_on
from portal.agreements.rules import AgreementState
from portal.agreements.subcontractors import actions as subcontractors
from portal.agreements.subcontractors.rules import Plan, may_be_used
from portal.agreements.substitutes.actions.assigning import reject
from portal.agreements.transfers import actions as transfers
from portal.agreements.transfers import taking
from portal.agreements.transfers.models import SharedNote, Transfer
from portal.agreements.transfers.rules import Takeover
from portal.agreements.variations import actions as variations
from portal.agreements.variations.queries import authorised_on
from portal.agreements.variations.rules import Terms
from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.background import load_handlers
from portal.delivery.models import DeliverySession
from portal.delivery.rules import Mode, Refused, SessionState
from portal.delivery.sessions.actions import record_session
from portal.delivery.sessions.rules import SessionEntry
from portal.frameworks.models import PlacePrice
from portal.frameworks.rules import PriceSource
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.checks import Check, blocking, check
from portal.invoicing.gathering import Stream, gather_draft
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from portal.referrals.models import YoungPerson
from tests.makers import (
    make_agreement,
    make_assignment,
    make_bank_details,
    make_category,
    make_council,
    make_evidence,
    make_framework,
    make_mentor,
    make_person,
    make_place,
    make_provider,
    make_session,
    make_vat_standing,
)
from tests.makers.orders import make_disclosure
from tests.makers.referrals import make_young_person
from tests.support.background import RunJobs


def may(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


EARLIER, TAKEN, LATER = may(1), may(4), may(31)
TAKEOVER = Takeover(
    reference="BRA-0001",
    young_person="BYP-7",
    price=Money.pounds("44.00"),
    authorised_weekly=120,
    authorised_total=None,
    ends_on=None,
    cost_code="VS-2",
    purchase_order=None,
)


class Arranged:
    """Two councils of a framework, a provider, and the first council's agreement at £42.00.

    The framework's price rises to £44.00 on 12 May 2026. April is invoiced.
    """

    def __init__(self, database: Database, owner: Database) -> None:
        load_handlers()
        self.database = database
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            self.first, self.second = make_council(session), make_council(session)
            self.provider = make_provider(session)
            self.framework = make_framework(session, lead=self.first, partners=[self.second])
            category = make_category(session, framework=self.framework)
            place = make_place(session, category=category, provider=self.provider)
            session.add(
                PlacePrice(
                    place_id=place.id, framework_id=place.framework_id,
                    lead_council_id=place.lead_council_id, provider_id=place.provider_id,
                    price=Money.pounds("44.00"), starts_on=date(2026, 5, 12),
                    source=PriceSource.UPLIFT,
                )
            )  # fmt: skip
            agreement = make_agreement(session, place=place, council=self.first)
            self.agreement_id, self.reference = agreement.id, agreement.reference
            self.mentor = make_mentor(session, provider=self.provider)
            make_assignment(session, agreement=agreement, mentor=self.mentor)
            make_session(
                session, agreement=agreement, mentor=self.mentor, day=date(2026, 4, 30),
                locked_at=may(1), summary="Built a kite",
            )  # fmt: skip
            self.young_person = agreement.young_person
            make_evidence(session, provider=self.provider)
            make_vat_standing(session, provider=self.provider)
            make_bank_details(session, provider=self.provider)
            self.people = {
                one.id: make_person(session, organisation=one, roles=[role])
                for one, role in (
                    (self.first, Role.REFERRER),
                    (self.second, Role.REFERRER),
                    (self.provider, Role.PROVIDER_ADMINISTRATOR),
                )
            }

    def by(self, organisation: Organisation) -> Actor:
        person: Person = self.people[organisation.id]
        return Actor(person.id, person.name, organisation.id)

    @contextmanager
    def working(self, organisation: Organisation) -> Iterator[tuple[Session, Actor]]:
        scope = Scope(organisation.id, self.people[organisation.id].id)
        with self.database.transaction(scope) as session:
            yield session, self.by(organisation)

    def agreement(self, agreement_id: UUID | None = None) -> Agreement:
        with self.working(self.provider) as (session, _):
            return session.get_one(Agreement, agreement_id or self.agreement_id)

    def delivers(
        self,
        day: date,
        *,
        agreement_id: UUID | None = None,
        minutes: int = 120,
        state: SessionState = SessionState.DELIVERED,
        at: datetime = LATER,
        summary: str = "",
    ) -> None:
        with self.working(self.provider) as (session, actor):
            agreement = session.get_one(Agreement, agreement_id or self.agreement_id)
            entry = SessionEntry(
                self.mentor.id, day, time(10), minutes, state, Mode.FACE_TO_FACE, 1, summary
            )
            record_session(session, actor, agreement, entry, at=at)

    def states(self) -> list[SessionState]:
        with self.working(self.provider) as (session, _):
            ordered = select(DeliverySession.state).order_by(DeliverySession.starts_at)
            return list(session.scalars(ordered))

    def suspends(self, first: date, last: date | None, at: datetime) -> None:
        with self.working(self.first) as (session, actor):
            changing.suspend(
                session, actor, self.agreement_id, first=first, last=last, because="Away", at=at
            )

    def moves(self, at: datetime = EARLIER) -> UUID:
        with self.working(self.first) as (session, actor):
            return transfers.propose(
                session, actor, self.agreement_id, to_id=self.second.id,
                last_day=date(2026, 5, 11), because="The family moved", at=at,
            ).id  # fmt: skip

    def takes(self, transfer_id: UUID, at: datetime = TAKEN) -> UUID:
        with self.working(self.second) as (session, actor):
            return taking.take(session, actor, transfer_id, TAKEOVER, at=at).id

    def varies(self, wanted: Terms, starts_on: date, at: datetime = EARLIER) -> UUID:
        with self.working(self.provider) as (session, actor):
            return variations.propose(
                session, actor, self.agreement_id, wanted, starts_on=starts_on,
                because="More before the exams", at=at,
            ).id  # fmt: skip

    def weekly(self, *days: int) -> list[int | None]:
        """How much a week is authorised on these days of May."""
        with self.working(self.provider) as (session, _):
            agreement = session.get_one(Agreement, self.agreement_id)
            return [authorised_on(session, agreement, may(day).date()).weekly for day in days]

    def drafted(self, council: Organisation) -> tuple[str, list[str]]:
        """A council's May as the provider would invoice it: the sum, and what blocks it."""
        net, found = self.checked(council)
        return net, [one.sentence for one in blocking(found)]

    def checked(self, council: Organisation) -> tuple[str, list[Check]]:
        """The same with everything that the checks say."""
        with self.working(self.provider) as (session, _):
            stream = Stream(self.provider.id, council.id, self.framework.id)
            found = gather_draft(session, stream, Month(2026, 5), today=date(2026, 6, 1))
            return str(found.draft.net), check(found.facts)


@pytest.fixture
def arranged(database: Database, owner_database: Database) -> Arranged:
    return Arranged(database, owner_database)


def test_an_agreement_that_moves_is_paid_by_each_council_for_its_own_days(
    arranged: Arranged,
) -> None:
    """The case of the issue: £168.00 for the first council, £132.00 for the second."""
    new_id = arranged.takes(arranged.moves())
    arranged.delivers(date(2026, 5, 5), summary="Went swimming")
    arranged.delivers(date(2026, 5, 11))
    arranged.delivers(date(2026, 5, 12), agreement_id=new_id)
    arranged.delivers(date(2026, 5, 26), agreement_id=new_id, minutes=60)
    with pytest.raises(Refused, match="ends on 11 May 2026"):
        arranged.delivers(date(2026, 5, 13))
    with pytest.raises(Refused, match="starts on 12 May 2026"):
        arranged.delivers(date(2026, 5, 10), agreement_id=new_id)
    assert arranged.drafted(arranged.first) == ("£168.00", [])
    assert arranged.drafted(arranged.second) == ("£132.00", [])

    new = arranged.agreement(new_id)
    assert (new.reference, new.young_person, new.cost_code) == ("BRA-0001", "BYP-7", "VS-2")
    with arranged.working(arranged.first) as (session, _):
        assert session.get(Agreement, new_id) is None
        assert set(session.scalars(select(DeliverySession.service_date))) == {
            date(2026, 4, 30), date(2026, 5, 5), date(2026, 5, 11),
        }  # fmt: skip
        said = [str(one.details) + one.subject_label for one in session.scalars(select(AuditEvent))]
        assert not any("BRA-0001" in one or "BYP-7" in one for one in said)
    with arranged.working(arranged.second) as (session, _):
        assert session.get(Agreement, arranged.agreement_id) is None
        assert set(session.scalars(select(DeliverySession.service_date))) == {
            date(2026, 5, 12), date(2026, 5, 26),
        }  # fmt: skip
        assert session.scalars(select(AgreementPrice.price)).all() == [Money.pounds("44.00")]
        said = [str(one.details) + one.subject_label for one in session.scalars(select(AuditEvent))]
        assert not any(arranged.reference in one for one in said)


def test_what_was_written_before_a_move_is_read_only_once_it_is_shared(
    arranged: Arranged,
) -> None:
    transfer_id = arranged.moves()
    with pytest.raises(transfers.NotMoved), arranged.working(arranged.first) as (session, actor):
        transfers.share_notes(session, actor, transfer_id, at=may(2))
    arranged.takes(transfer_id)
    arranged.delivers(date(2026, 5, 5), summary="Went swimming")
    with arranged.working(arranged.second) as (session, actor):
        assert session.scalars(select(SharedNote)).all() == []
        with pytest.raises(transfers.NotYoursToShare):
            transfers.share_notes(session, actor, transfer_id, at=may(12))
    for new in (2, 0):
        with arranged.working(arranged.first) as (session, actor):
            assert transfers.share_notes(session, actor, transfer_id, at=may(12)) == new
    with arranged.working(arranged.second) as (session, actor):
        assert list(session.scalars(select(SharedNote.summary).order_by(SharedNote.day))) == [
            "Built a kite", "Went swimming",
        ]  # fmt: skip
        assert session.scalars(select(DeliverySession)).all() == [], "the notes alone"


def test_a_move_ends_the_first_agreement_on_its_day_and_keeps_the_mentor(
    arranged: Arranged, run_jobs: RunJobs
) -> None:
    arranged.delivers(date(2026, 5, 20), state=SessionState.SCHEDULED, at=may(1))
    new_id = arranged.takes(arranged.moves())
    assert arranged.states()[-1] is SessionState.CANCELLED
    assert arranged.agreement().state is AgreementState.ACTIVE
    run_jobs(may(11, 22), schedules=["agreements:turn"])
    assert arranged.agreement().state is AgreementState.ACTIVE
    run_jobs(may(12, 1), schedules=["agreements:turn"])
    ended = arranged.agreement()
    assert (ended.state, ended.ends_on) == (AgreementState.TRANSFERRED, date(2026, 5, 11))
    with arranged.working(arranged.provider) as (session, _):
        ordered = select(Assignment).order_by(Assignment.starts_on)
        assert [
            (one.agreement_id, one.mentor_id, one.starts_on, one.ends_on)
            for one in session.scalars(ordered)
        ] == [
            (ended.id, arranged.mentor.id, date(2026, 1, 5), date(2026, 5, 11)),
            (new_id, arranged.mentor.id, date(2026, 5, 12), None),
        ]


def test_who_the_young_person_is_goes_with_the_agreement(
    arranged: Arranged, owner_database: Database, run_jobs: RunJobs
) -> None:
    """To the other council under a reference of its own, and to whoever of the provider knew."""
    person = arranged.people[arranged.provider.id]
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        known = make_young_person(session, council=arranged.first, reference=arranged.young_person)
        agreement = session.get_one(Agreement, arranged.agreement_id)
        make_disclosure(session, agreement=agreement, young_person=known, person=person)
    new_id = arranged.takes(arranged.moves())
    reference = arranged.agreement(new_id).young_person
    assert reference not in ("BYP-7", arranged.young_person)
    with arranged.working(arranged.second) as (session, _):
        received = session.scalars(select(YoungPerson)).one()
        assert (received.reference, received.family_name) == (reference, known.family_name)
    run_jobs(may(12, 1), schedules=["agreements:turn"])
    with arranged.working(arranged.provider) as (session, _):
        told = session.scalars(select(Disclosure).order_by(Disclosure.given_at)).all()
        assert {one.agreement_id: one.ended_at is None for one in told} == {
            arranged.agreement_id: False, new_id: True,
        }  # fmt: skip
        assert session.scalars(select(YoungPerson.id)).all() == [received.id]


def test_whom_the_first_council_rejected_meanwhile_does_not_move_with_the_agreement(
    arranged: Arranged,
) -> None:
    transfer_id = arranged.moves()
    with arranged.working(arranged.first) as (session, actor):
        reject(session, actor, arranged.agreement_id, because="Never there", at=may(2))
    new_id = arranged.takes(transfer_id)
    with arranged.working(arranged.provider) as (session, _):
        moved = select(Assignment.id).where(Assignment.agreement_id == new_id)
        assert session.scalars(moved).first() is None


def test_only_the_other_council_takes_an_agreement_and_only_once(arranged: Arranged) -> None:
    transfer_id = arranged.moves()
    with pytest.raises(UnfitChange, match="proposed already"):
        arranged.moves()
    for organisation in (arranged.first, arranged.provider):
        with (
            pytest.raises(NotYoursToAnswer),
            arranged.working(organisation) as (session, actor),
        ):
            taking.take(session, actor, transfer_id, TAKEOVER, at=may(4))
    arranged.delivers(date(2026, 5, 12))
    with pytest.raises(UnfitChange, match="12 May 2026 is recorded"):
        arranged.takes(transfer_id, at=may(13))
    with arranged.working(arranged.second) as (session, actor):
        transfers.turn_down(session, actor, transfer_id, because="Not ours", at=may(14))
        assert session.get_one(Transfer, transfer_id).state is ProposalState.REFUSED
    with pytest.raises(IllegalStep):
        arranged.takes(transfer_id)
    assert arranged.agreement().ends_on is None


def test_a_suspension_keeps_its_days_free_and_those_before_and_after_open(
    arranged: Arranged, run_jobs: RunJobs
) -> None:
    for day in (6, 7, 20):
        arranged.delivers(date(2026, 5, day), state=SessionState.SCHEDULED, at=may(1))
    arranged.suspends(date(2026, 5, 7), date(2026, 5, 13), may(4))
    kept, off = SessionState.SCHEDULED, SessionState.CANCELLED
    assert arranged.states()[1:] == [kept, off, kept]
    assert arranged.agreement().state is AgreementState.ACTIVE
    run_jobs(may(7, 1), schedules=["agreements:turn"])
    assert arranged.agreement().state is AgreementState.SUSPENDED
    arranged.delivers(date(2026, 5, 5), at=may(8))
    with pytest.raises(Refused, match="from 7 May 2026 to 13 May 2026"):
        arranged.delivers(date(2026, 5, 13))
    with arranged.working(arranged.first) as (session, actor):
        changing.resume(session, actor, arranged.agreement_id, back=date(2026, 5, 12), at=may(11))
    assert arranged.agreement().state is AgreementState.SUSPENDED
    for _ in range(2):
        run_jobs(may(12, 1), schedules=["agreements:turn"])
    assert arranged.agreement().state is AgreementState.ACTIVE
    arranged.delivers(date(2026, 5, 13))
    with pytest.raises(Refused, match="from 7 May 2026 to 11 May 2026"):
        arranged.delivers(date(2026, 5, 8))


def test_a_suspension_is_called_off_before_it_begins(arranged: Arranged) -> None:
    arranged.suspends(date(2026, 5, 7), None, may(4))
    with arranged.working(arranged.first) as (session, actor):
        changing.resume(session, actor, arranged.agreement_id, back=date(2026, 5, 7), at=may(5))
    arranged.delivers(date(2026, 5, 7))
    with pytest.raises(UnfitChange, match="7 May 2026 is recorded"):
        arranged.suspends(date(2026, 5, 6), None, may(8))
    with (
        pytest.raises(changing.CouncilDecides),
        arranged.working(arranged.provider) as (session, actor),
    ):
        changing.resume(session, actor, arranged.agreement_id, back=date(2026, 5, 7), at=may(5))


def test_an_agreement_ends_after_its_last_day_and_frees_its_mentor(
    arranged: Arranged, run_jobs: RunJobs
) -> None:
    arranged.delivers(date(2026, 5, 20), state=SessionState.SCHEDULED, at=may(1))
    with arranged.working(arranged.first) as (session, actor):
        changing.end(
            session, actor, arranged.agreement_id, last_day=date(2026, 5, 15),
            reason=EndReason.AS_PLANNED, outcome=EndOutcome.REACHED, words="", at=may(5),
        )  # fmt: skip
    assert arranged.states()[-1] is SessionState.CANCELLED
    run_jobs(may(16, 1), schedules=["agreements:turn"])
    assert arranged.agreement().state is AgreementState.ENDED
    with arranged.working(arranged.provider) as (session, _):
        assert session.scalars(select(Assignment.ends_on)).one() == date(2026, 5, 15)
    arranged.delivers(date(2026, 5, 14), at=may(18))
    assert arranged.drafted(arranged.first) == ("£84.00", [])
    with pytest.raises(IllegalStep):
        arranged.suspends(date(2026, 5, 14), None, may(18))


def test_new_terms_hold_from_their_day_once_the_other_side_agrees(
    arranged: Arranged, run_jobs: RunJobs
) -> None:
    wanted = Terms(price=Money.pounds("40.00"), authorised_weekly=180, cost_code="VS-1")
    variation_id = arranged.varies(wanted, date(2026, 5, 12))
    with pytest.raises(UnfitChange, match="wait for an answer"):
        arranged.varies(wanted, date(2026, 5, 12))
    with pytest.raises(NotYoursToAnswer), arranged.working(arranged.provider) as (session, actor):
        variations.agree(session, actor, variation_id, at=may(2))
    arranged.delivers(date(2026, 5, 5))
    arranged.delivers(date(2026, 5, 12))
    assert arranged.drafted(arranged.first) == ("£168.00", [])
    with arranged.working(arranged.first) as (session, actor):
        variations.agree(session, actor, variation_id, at=may(4))
        prices = [price_on(session, arranged.agreement_id, date(2026, 5, day)) for day in (11, 12)]
        assert [str(one.price) for one in prices if one] == ["£42.00", "£40.00"]
    assert arranged.drafted(arranged.first) == ("£164.00", [])
    assert arranged.weekly(11, 12) == [None, 180]
    assert arranged.agreement().cost_code != "VS-1"
    for _ in range(2):
        run_jobs(may(12, 1), schedules=["agreements:turn"])
    assert arranged.agreement().cost_code == "VS-1"
    assert arranged.weekly(11, 12) == [None, 180], "earlier weeks keep what they had"
    with pytest.raises(UnfitChange, match="until 30 April 2026 is on an invoice"):
        arranged.varies(Terms(price=Money.pounds("41.00")), date(2026, 4, 30))


def test_a_week_before_new_terms_is_checked_against_the_terms_it_had(arranged: Arranged) -> None:
    for weekly, first in ((120, may(1)), (240, may(11))):
        variation_id = arranged.varies(Terms(authorised_weekly=weekly), first.date())
        with arranged.working(arranged.first) as (session, actor):
            variations.agree(session, actor, variation_id, at=may(1))
    for day in (5, 6, 12, 13):
        arranged.delivers(date(2026, 5, day))
    net, found = arranged.checked(arranged.first)
    assert net == "£336.00"
    (week,) = [one.sentence for one in found if one.code == "units-in-week"]
    assert "4 hours in the week from 4 May 2026, where 2 hours a week are authorised" in week


def test_new_terms_that_nobody_agrees_to_change_nothing(arranged: Arranged) -> None:
    for organisation, state in (
        (arranged.first, ProposalState.REFUSED),
        (arranged.provider, ProposalState.WITHDRAWN),
    ):
        variation_id = arranged.varies(Terms(authorised_weekly=180), date(2026, 5, 1))
        with arranged.working(organisation) as (session, actor):
            found = variations.turn_down(session, actor, variation_id, because="No", at=may(2))
            assert found.state is state
    assert arranged.weekly(2, 31) == [None, None]
    variation_id = arranged.varies(
        Terms(authorised_weekly=180, ends_on=date(2026, 7, 31)), date(2026, 5, 1)
    )
    with arranged.working(arranged.first) as (session, actor):
        variations.agree(session, actor, variation_id, at=may(2))
    assert arranged.agreement().ends_on == date(2026, 7, 31)
    assert arranged.weekly(2) == [180]


def test_a_sub_contractor_waits_for_the_council_s_agreement_in_writing(
    arranged: Arranged,
) -> None:
    plan = Plan("Bramble Climbing", "Climbing", 20, Money.pounds("80"), date(2026, 5, 2))
    with pytest.raises(subcontractors.ProviderAsks), arranged.working(arranged.first) as (s, actor):
        subcontractors.ask(s, actor, arranged.agreement_id, plan, because="Skills", at=may(1))
    with (
        pytest.raises(UnfitChange, match="today or a later"),
        arranged.working(arranged.provider) as (session, actor),
    ):
        subcontractors.ask(session, actor, arranged.agreement_id, plan, because="Skills", at=may(3))
    with arranged.working(arranged.provider) as (session, actor):
        asked = subcontractors.ask(
            session, actor, arranged.agreement_id, plan, because="Skills", at=may(1)
        )
        assert not may_be_used(asked, date(2026, 5, 2))
    with arranged.working(arranged.first) as (session, actor):
        agreed = subcontractors.agree(session, actor, asked.id, words="We agree", at=may(6))
        assert not may_be_used(agreed, date(2026, 5, 5)), "not before it was agreed"
        assert may_be_used(agreed, date(2026, 5, 6))
    with arranged.working(arranged.provider) as (session, actor):
        used = subcontractors.end(session, actor, asked.id, last_day=date(2026, 5, 20), at=may(7))
        assert may_be_used(used, date(2026, 5, 20)) and not may_be_used(used, date(2026, 5, 21))
