"""A referral goes to whoever can take it; the rest are left out with the reason; its time runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.actions import Actor
from portal.evidence.models import Evidence
from portal.evidence.rules import NEEDED_TO_DELIVER, EvidenceKind
from portal.frameworks.models import Category, Framework, Place, PlacePrice
from portal.frameworks.rules import PlaceState
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.bulk import insert_rows
from portal.kernel.database import Database, ScopedSession
from portal.kernel.errors import NotFound
from portal.kernel.ids import new_id, new_ids
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Scope, Task
from portal.kernel.transitions import IllegalStep
from portal.notices.models import Notice
from portal.referrals.actions import TooLate, answered, move
from portal.referrals.answering.actions import decline
from portal.referrals.making.queries import field_of
from portal.referrals.making.sending import give_more_time, send, withdraw
from portal.referrals.models import Referral
from portal.referrals.queries import get_referral, left_out, recipient_of, recipients
from portal.referrals.rules import (
    DeclineCode,
    RecipientState,
    ReferralState,
    ReferralStep,
    Route,
    Unfit,
)
from tests.makers import (
    make_agreement,
    make_category,
    make_council,
    make_evidence,
    make_framework,
    make_person,
    make_place,
    make_provider,
)
from tests.makers.lots import make_demand
from tests.makers.referrals import make_capacity, make_referral, make_young_person
from tests.support.background import RunJobs
from tests.support.size import ONE_ENGINE
from tests.support.visits import counting

on_one_engine = pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
AT = datetime(2026, 4, 30, 9, tzinfo=UTC)
BY = AT + timedelta(days=5)
OPERATOR = Scope.system(Task.OPERATOR)


@dataclass
class Field:
    """A council with a category, and providers with places in it, the first asked first."""

    database: Database
    owner: Database
    council: Organisation
    category: Category
    referrer: Person
    providers: list[Organisation]
    places: list[Place]

    @property
    def actor(self) -> Actor:
        """The Virtual School officer."""
        return Actor(self.referrer.id, self.referrer.name, self.council.id)

    def session(self, provider: Organisation | None = None) -> ScopedSession:
        """A writing session of the council, or of a provider."""
        own = self.council if provider is None else provider
        return self.database.session(Scope(own.id), writes=True)

    def draft(self, **given: object) -> Referral:
        """A draft to all eligible unless another route is given."""
        with self.owner.transaction(OPERATOR) as session:
            return make_referral(
                session,
                category=self.category,
                council=self.council,
                by=self.referrer,
                state=ReferralState.DRAFT,
                respond_by=BY,
                **{"route": Route.ALL_ELIGIBLE, **given},  # type: ignore[arg-type]
            )

    def sent(self, chosen: Sequence[Organisation] = (), **given: object) -> Referral:
        """A referral that was sent."""
        draft = self.draft(**given)
        with self.session() as session:
            send(session, self.actor, draft.id, {one.id for one in chosen}, at=AT)
            session.commit()
        return draft

    def seen(self, referral: Referral) -> list[str]:
        """The providers that can see a referral now, by name."""
        names = []
        for provider in self.providers:
            with self.session(provider) as session:
                found = session.scalars(select(Referral).where(Referral.id == referral.id)).all()
                names += [provider.name for _ in found]
        return names

    def answer(self, provider: Organisation, referral: Referral, state: RecipientState) -> None:
        """A provider's answer, or what the council makes of it."""
        actor = Actor(None, "Sam", provider.id)
        with self.session(provider) as session:
            own = recipient_of(session, referral.id, provider.id)
            answered(session, actor, own, state, at=AT + timedelta(hours=1))
            session.commit()

    def standing(self, referral: Referral) -> dict[str, RecipientState]:
        """Where each provider stands, as the council sees it."""
        with self.session() as session:
            return {one.provider.name: one.state for one in recipients(session, referral.id)}

    def state(self, referral: Referral) -> ReferralState:
        """Where the referral stands."""
        with self.session() as session:
            return get_referral(session, referral.id).state


def make_field(database: Database, owner: Database, count: int) -> Field:
    """A council and so many providers that can all be asked."""
    with owner.transaction(OPERATOR) as session:
        council = make_council(session)
        category = make_category(session, framework=make_framework(session, lead=council))
        referrer = make_person(session, organisation=council, roles=[Role.REFERRER])
        providers, places = [], []
        for number in range(count):
            provider = make_provider(session, name=f"Provider {number:02}")
            make_evidence(session, provider=provider, kinds=NEEDED_TO_DELIVER)
            place = make_place(session, category=category, provider=provider)
            place.rank = number + 1
            make_person(session, organisation=provider, roles=[Role.BIDS], password=None)
            providers.append(provider)
            places.append(place)
    return Field(database, owner, council, category, referrer, providers, places)


def make_many_more(field: Field, count: int) -> None:
    """So many more providers like the first one, in a statement for each table."""
    ids = new_ids(count)
    places = dict(zip(ids, new_ids(count), strict=True))
    with field.owner.transaction(OPERATOR) as session:
        own = field.providers[0].id
        _copy(session, field.providers[0], [{"id": one, "name": f"More {one}"} for one in ids])
        for evidence in session.scalars(select(Evidence).where(Evidence.provider_id == own)).all():
            _copy(session, evidence, [{"id": new_id(), "provider_id": one} for one in ids])
        _copy(session, field.places[0], [{"id": places[o], "provider_id": o} for o in ids])
        price = session.scalars(select(PlacePrice).where(PlacePrice.provider_id == own)).one()
        _copy(
            session,
            price,
            [{"id": new_id(), "place_id": places[o], "provider_id": o} for o in ids],
        )


def _copy(session: ScopedSession, row: Base, changes: Sequence[dict[str, Any]]) -> None:
    columns = {one.key: getattr(row, str(one.key)) for one in inspect(type(row)).columns}
    insert_rows(session, type(row), [{**columns, **one} for one in changes])


@pytest.fixture
def field(database: Database, owner_database: Database) -> Field:
    """Four providers."""
    return make_field(database, owner_database, 4)


def test_84_providers_are_sent_a_referral_in_a_few_statements(
    app: Flask, database: Database, owner_database: Database
) -> None:
    field = make_field(database, owner_database, 1)
    make_many_more(field, 83)
    draft = field.draft()
    own = app.extensions["portal.database"]
    with own.session(Scope(field.council.id), writes=True) as session, counting(app) as statements:
        send(session, field.actor, draft.id, (), at=AT)
        session.commit()
    assert len(field.standing(draft)) == 84
    assert len(statements) <= 40


def test_who_cannot_take_it_is_left_out_with_the_reason(field: Field) -> None:
    fits, lapsed, full, suspended = field.providers
    with field.owner.transaction(OPERATOR) as session:
        session.get_one(Place, field.places[3].id).state = PlaceState.SUSPENDED
        session.execute(
            update(Evidence)
            .where(
                Evidence.provider_id == lapsed.id,
                Evidence.kind == EvidenceKind.EMPLOYERS_LIABILITY,
            )
            .values(valid_until=date(2026, 3, 3))
        )
        make_capacity(session, place=field.places[2], most=1)
        elsewhere = make_council(session)  # another council's agreement takes the room up
        make_agreement(session, place=field.places[2], council=elsewhere)
    referral = field.sent()
    with field.session() as session:
        assert left_out(session, referral.id) == [
            (lapsed.name, "Employer's liability insurance lapsed on 3 March 2026."),
            (full.name, "Its capacity is reached: 1 of 1."),
            (suspended.name, "Its place is suspended."),
        ]
    assert field.seen(referral) == [fits.name]
    with field.session(lapsed) as session, pytest.raises(NotFound):
        recipient_of(session, referral.id, lapsed.id)


@on_one_engine
@pytest.mark.parametrize("route", [Route.ALL_ELIGIBLE, Route.QUOTES])
def test_who_covers_less_than_the_framework_asks_for_is_left_out(
    field: Field, route: Route
) -> None:
    short = field.providers[1]
    with field.owner.transaction(OPERATOR) as session:
        framework = session.get_one(Framework, field.category.framework_id)
        make_demand(session, framework=framework, least_cover="10000000")
        session.execute(
            update(Evidence)
            .where(Evidence.provider_id == short.id)
            .values(cover=Money.pounds("5000000"))
        )
    with field.session() as session:
        found = field_of(session, get_referral(session, field.draft(route=route).id), AT.date())
        assert [one.name for one in found.eligible] == [
            one.name for one in field.providers if one is not short
        ]
        (one,) = found.left_out
        assert one.because == (
            "Public liability insurance covers £5,000,000.00, the framework asks for "
            "£10,000,000.00."
        ), "of the employer's liability it asks for £5,000,000.00, as all do"


def test_a_shortlist_reaches_nobody_else_and_a_recipient_sees_only_itself(field: Field) -> None:
    first, second, *_ = field.providers
    referral = field.sent([first, second], route=Route.SHORTLIST)
    assert field.seen(referral) == [first.name, second.name]
    with field.session(first) as session:
        assert [one.provider_id for one in recipients(session, referral.id)] == [first.id]
        assert left_out(session, referral.id) == []


@on_one_engine
def test_it_is_sent_once_and_not_before_it_says_enough(field: Field) -> None:
    draft = field.draft(need="")
    with field.session() as session, pytest.raises(Unfit, match="what the young person needs"):
        send(session, field.actor, draft.id, (), at=AT)
    urgent = field.draft(emergency=True, emergency_because="No bed tonight")
    with field.session() as session, pytest.raises(Unfit, match="Nobody can be sent this"):
        send(session, field.actor, urgent.id, (), at=AT)
    sent = field.sent()
    with field.session() as session, pytest.raises(IllegalStep):
        send(session, field.actor, sent.id, (), at=AT)


@on_one_engine
def test_an_emergency_reaches_those_who_selected_it_until_the_same_day(field: Field) -> None:
    with field.owner.transaction(OPERATOR) as session:
        make_capacity(session, place=field.places[1], emergencies=True)
    flags = {"emergency": True, "emergency_because": "No bed tonight"}
    draft = field.draft(**flags)
    with field.session() as session, pytest.raises(Unfit, match="answered on the day it is sent"):
        send(session, field.actor, draft.id, (), at=AT)
    with field.owner.transaction(OPERATOR) as session:
        session.get_one(Referral, draft.id).respond_by = AT + timedelta(hours=7)
    with field.session() as session:
        send(session, field.actor, draft.id, (), at=AT)
        session.commit()
    assert field.seen(draft) == ["Provider 01"]


@on_one_engine
def test_the_ranking_is_asked_tier_by_tier_until_somebody_offers(
    field: Field, run_jobs: RunJobs
) -> None:
    referral = field.sent(route=Route.RANKING, tier_size=1, tier_hours=24)
    first, second, third, _ = field.providers
    assert field.seen(referral) == [first.name]
    run_jobs(AT, schedules=())
    run_jobs(AT + timedelta(hours=23), schedules=())
    assert field.seen(referral) == [first.name]
    run_jobs(AT + timedelta(hours=24), schedules=())
    assert field.seen(referral) == [first.name, second.name]
    assert field.standing(referral)[first.name] is RecipientState.LAPSED
    with field.owner.transaction(OPERATOR) as session:
        own = recipient_of(session, referral.id, second.id)
        own.state = RecipientState.OFFERED
    run_jobs(AT + timedelta(hours=48), schedules=())
    assert field.seen(referral) == [first.name, second.name]
    assert third.name not in field.seen(referral)
    assert field.state(referral) is ReferralState.SENT


@on_one_engine
def test_without_an_offer_the_time_ends_and_more_can_be_given(
    field: Field, run_jobs: RunJobs
) -> None:
    referral = field.sent()
    run_jobs(AT, schedules=())
    with field.owner.session(OPERATOR) as session:
        told = session.scalars(select(Notice.sentence).order_by(Notice.id)).all()
    assert len(told) == 4
    assert "Answer by 5 May 2026 at 10am" in told[0]
    run_jobs(BY, schedules=())
    assert field.state(referral) is ReferralState.LAPSED
    assert set(field.standing(referral).values()) == {RecipientState.LAPSED}
    with field.session() as session:
        give_more_time(session, field.actor, referral.id, BY + timedelta(days=1), at=BY)
        session.commit()
    assert set(field.standing(referral).values()) == {RecipientState.WAITING}
    with field.session(field.providers[0]) as session:
        own = recipient_of(session, referral.id, field.providers[0].id)
        actor = Actor(None, "Sam", field.providers[0].id)
        with pytest.raises(TooLate):
            answered(session, actor, own, RecipientState.OFFERED, at=BY + timedelta(days=1))


def test_agreeing_closes_what_the_others_were_asked(field: Field) -> None:
    first, second, third, fourth = field.providers
    referral = field.sent()
    field.answer(first, referral, RecipientState.OFFERED)
    field.answer(second, referral, RecipientState.OFFERED)
    with field.session(third) as session:
        own = recipient_of(session, referral.id, third.id)
        decline(session, Actor(None, "Sam", third.id), own, DeclineCode.AREA, "Too far", at=AT)
        session.commit()
    with field.session() as session:
        own = recipient_of(session, referral.id, first.id)
        answered(session, field.actor, own, RecipientState.CHOSEN, at=AT)
        known = get_referral(session, referral.id)
        for step in (ReferralStep.CHOOSE, ReferralStep.ORDER):
            move(session, field.actor, known, step, at=AT)
        session.commit()
    with field.session(first) as session:
        known = get_referral(session, referral.id)
        move(session, Actor(None, "Sam", first.id), known, ReferralStep.AGREE, at=AT)
        session.commit()
    assert field.state(referral) is ReferralState.AGREED
    assert field.standing(referral) == {
        first.name: RecipientState.CHOSEN,
        second.name: RecipientState.NOT_CHOSEN,
        third.name: RecipientState.DECLINED,
        fourth.name: RecipientState.NOT_CHOSEN,
    }
    with field.session() as session, pytest.raises(IllegalStep):
        withdraw(session, field.actor, referral.id, "Too late", at=AT)


@on_one_engine
def test_who_is_asked_is_told_that_it_is_withdrawn_not_why(field: Field, run_jobs: RunJobs) -> None:
    referral = field.sent()
    with field.session() as session:
        withdraw(session, field.actor, referral.id, "The family has moved", at=AT)
        session.commit()
    run_jobs(AT, schedules=())
    with field.owner.session(OPERATOR) as session:
        told = session.scalars(select(Notice.sentence).order_by(Notice.id)).all()
    assert told == [f"{field.council.name} has withdrawn its referral {referral.reference}"] * 4
    with field.session(field.providers[0]) as session:
        own = recipient_of(session, referral.id, field.providers[0].id)
        actor = Actor(None, "Sam", own.provider_id)
        with pytest.raises(IllegalStep):
            answered(session, actor, own, RecipientState.OFFERED, at=AT)


def test_the_database_holds_an_emergency_without_a_reason_off(field: Field) -> None:
    with pytest.raises(IntegrityError), field.owner.transaction(OPERATOR) as session:
        make_referral(
            session,
            category=field.category,
            council=field.council,
            by=field.referrer,
            young_person=make_young_person(session, council=field.council),
            emergency=True,
        )
