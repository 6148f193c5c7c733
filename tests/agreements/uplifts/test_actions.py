"""An uplift of two councils' framework: proposed, agreed by another, never rewriting a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.agreements.models import AgreementPrice
from portal.agreements.queries import price_on
from portal.agreements.uplifts import actions
from portal.agreements.uplifts.models import UpliftCost, UpliftRun
from portal.agreements.uplifts.rules import Plan, UpliftState, state_of
from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.background import load_handlers
from portal.frameworks.leading import NotTheLead
from portal.frameworks.models import PlacePrice
from portal.frameworks.rules import PriceSource, Unfit, Unit
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database, ScopedSession
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from tests.makers import (
    make_agreement,
    make_category,
    make_council,
    make_framework,
    make_person,
    make_place,
    make_provider,
)
from tests.makers.lots import make_terms

AT = datetime(2026, 11, 5, 9, tzinfo=UTC)
APRIL = date(2027, 4, 1)
PLAN = Plan(
    starts_on=APRIL,
    cpi=310,
    cpi_month=Month.parse("2026-09"),
    cpi_released_on=date(2026, 10, 21),
    cpi_source="The statistics office",
    rate=None,
    because="",
)
OVERRIDE = replace(PLAN, rate=310, because="Wages of carers rose by more than the rule allows")


class Market:
    """A framework of two councils with weekly prices of £3,140.00 and £720.00 and one of £42.00.

    The lead council has an agreement at each place's price; the partner one with its own price
    and one of a place that ends before April.
    """

    def __init__(self, database: Database, owner: Database) -> None:
        load_handlers()  # they are told of it by a job
        self.database = database
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            self.lead, self.partner = make_council(session), make_council(session)
            self.provider = make_provider(session)
            self.framework = make_framework(session, lead=self.lead, partners=[self.partner])
            make_terms(session, framework=self.framework)
            homes = make_category(session, framework=self.framework, code="1a", unit=Unit.NIGHT)
            families = make_category(session, framework=self.framework, code="2a", unit=Unit.NIGHT)
            mentors = make_category(session, framework=self.framework, code="3a")
            place = {
                "home": make_place(
                    session, category=homes, provider=self.provider, price="3140.00"
                ),
                "family": make_place(
                    session, category=families, provider=self.provider, price="720.00", band="0-10"
                ),
                "mentor": make_place(
                    session, category=mentors, provider=self.provider, price="42.00",
                    ends_on=date(2027, 3, 31),
                ),
            }  # fmt: skip
            self.agreements: dict[str, UUID] = {}
            for name, council, where, price in (
                ("home", self.lead, "home", "3140.00"),
                ("family", self.lead, "family", "720.00"),
                ("own", self.partner, "home", "3000.00"),
                ("follows", self.partner, "home", "3140.00"),
            ):
                band = "0-10" if where == "family" else ""
                self.agreements[name] = make_agreement(
                    session,
                    council=council,
                    place=place[where],
                    price=price,
                    band=band,
                ).id
            self.places = {name: one.id for name, one in place.items()}
            self.asker, self.second = (
                make_person(session, organisation=self.lead, roles=[Role.COMMISSIONER])
                for _ in range(2)
            )

    def by(self, person: Person, council: Organisation | None = None) -> Actor:
        return Actor(person.id, person.name, (council or self.lead).id)

    def session(self, council: Organisation | None = None) -> ScopedSession:
        return self.database.session(Scope((council or self.lead).id), writes=True)

    def propose(self, plan: Plan = PLAN) -> UUID:
        with self.session() as session, session.begin():
            asker = self.by(self.asker)
            return actions.propose(session, asker, self.framework.id, plan, at=AT).id

    def agree(self, run_id: UUID, person: Person | None = None, at: datetime = AT) -> None:
        with self.session() as session, session.begin():
            actions.agree(session, self.by(person or self.second), run_id, at=at)

    def prices(self) -> dict[str, list[str]]:
        """Each place's prices in the order of their days."""
        with self.session() as session:
            return {
                name: [
                    str(price)
                    for price in session.scalars(
                        select(PlacePrice.price)
                        .where(PlacePrice.place_id == place_id)
                        .order_by(PlacePrice.starts_on)
                    )
                ]
                for name, place_id in self.places.items()
            }

    def agreed(self, name: str, day: date) -> str:
        """An agreement's price on a day, as its council sees it."""
        council = self.partner if name in ("own", "follows") else self.lead
        with self.session(council) as session:
            found = price_on(session, self.agreements[name], day)
            assert found is not None
            return str(found.price)


@pytest.fixture
def market(database: Database, owner_database: Database) -> Market:
    return Market(database, owner_database)


def test_proposing_changes_no_price_and_says_what_each_council_pays(market: Market) -> None:
    run_id = market.propose(OVERRIDE)
    assert market.prices() == {
        "home": ["£3,140.00"], "family": ["£720.00"], "mentor": ["£42.00"],
    }  # fmt: skip
    with market.session() as session:
        run = session.get_one(UpliftRun, run_id)
        assert state_of(run) is UpliftState.PROPOSED
        costs = {cost.council_id: cost for cost in session.scalars(select(UpliftCost))}
        own, partner = costs[market.lead.id], costs[market.partner.id]
        assert (own.following, own.own_price) == (2, 0)
        assert (partner.following, partner.own_price) == (1, 1)
        # 365 nights of each, rounded by agreement
        assert (own.before, own.after) == (Money.pounds("201271.43"), Money.pounds("207510.85"))
        assert (partner.before, partner.after) == (
            Money.pounds("320157.14"), Money.pounds("325232.73"),
        )  # fmt: skip


def test_agreeing_gives_every_place_and_agreement_its_new_price_from_the_day(
    market: Market,
) -> None:
    market.agree(market.propose(OVERRIDE))
    assert market.prices() == {
        "home": ["£3,140.00", "£3,237.34"],
        "family": ["£720.00", "£742.32"],
        "mentor": ["£42.00"],
    }
    march = date(2027, 3, 31)
    assert [market.agreed(name, march) for name in market.agreements] == [
        "£3,140.00", "£720.00", "£3,000.00", "£3,140.00",
    ]  # fmt: skip
    assert [market.agreed(name, APRIL) for name in market.agreements] == [
        "£3,237.34", "£742.32", "£3,000.00", "£3,237.34",
    ]  # fmt: skip
    with market.session(market.partner) as session:
        added = session.scalars(
            select(AgreementPrice).where(AgreementPrice.source == PriceSource.UPLIFT)
        ).one()
        assert added.note == "3.1 %, CPI of September 2026 3.1 %"
        events = session.scalars(select(AuditEvent)).all()
        assert [(one.event, one.details["agreements"]) for one in events] == [
            (actions.Event.AGREEMENTS_RAISED, 1)
        ], "the partner's own record says what happened to its agreements"


def test_by_the_rule_3_1_gives_1_5_and_a_fall_gives_nothing(market: Market) -> None:
    market.agree(market.propose())
    assert market.prices()["home"] == ["£3,140.00", "£3,187.10"]
    fallen = replace(PLAN, starts_on=date(2028, 4, 1), cpi=-20)
    market.agree(market.propose(fallen))
    assert market.prices()["home"] == ["£3,140.00", "£3,187.10"], "no rise, no new price"


def test_it_needs_another_person_a_reason_and_a_day_of_the_last_year(market: Market) -> None:
    with pytest.raises(Unfit, match="the rule gives"):
        market.propose(replace(OVERRIDE, because=""))
    with pytest.raises(Unfit, match="a year at most, to 5 November 2025"):
        market.propose(replace(PLAN, starts_on=date(2025, 11, 4)))
    run_id = market.propose()
    with pytest.raises(Unfit, match="waits for a second person"):
        market.propose()
    with pytest.raises(actions.SamePerson):
        market.agree(run_id, market.asker)
    with pytest.raises(Unfit, match="a year at most, to 2 April 2027"):
        market.agree(run_id, at=datetime(2028, 4, 1, 9, tzinfo=UTC))
    assert market.prices()["home"] == ["£3,140.00"]
    market.agree(run_id)
    with pytest.raises(IllegalStep):
        market.agree(run_id)
    with pytest.raises(Unfit, match="within a year"):
        market.propose(replace(PLAN, starts_on=date(2027, 9, 1)))


def test_what_is_not_agreed_changes_nothing_and_makes_room(market: Market) -> None:
    run_id = market.propose()
    with market.session() as session, session.begin():
        actions.refuse(session, market.by(market.second), run_id, because="Too early", at=AT)
    with pytest.raises(IllegalStep):
        market.agree(run_id)
    market.agree(market.propose(OVERRIDE))
    assert market.prices()["family"] == ["£720.00", "£742.32"]


def test_only_the_lead_council_proposes_and_agrees(market: Market) -> None:
    partner = market.by(market.second, market.partner)
    run_id = market.propose()
    with market.session(market.partner) as session:
        assert session.get(UpliftRun, run_id), "a council of the framework reads it"
        with pytest.raises(NotTheLead):
            actions.propose(session, partner, market.framework.id, PLAN, at=AT)
        with pytest.raises(NotTheLead):
            actions.agree(session, partner, run_id, at=AT)
    with market.session(market.provider) as session:
        assert session.get(UpliftRun, run_id) is None


def test_a_price_that_begins_on_the_day_or_later_stays_alone(
    market: Market, owner_database: Database
) -> None:
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        session.add(
            PlacePrice(
                place_id=market.places["home"],
                framework_id=market.framework.id,
                lead_council_id=market.lead.id,
                provider_id=market.provider.id,
                price=Money.pounds("3300"),
                starts_on=APRIL,
                source=PriceSource.BID,
            )
        )
    market.agree(market.propose())
    assert market.prices()["home"] == ["£3,140.00", "£3,300.00"]
    assert market.prices()["family"] == ["£720.00", "£730.80"]
