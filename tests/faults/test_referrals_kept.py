"""A referral through the real actions, to its agreement: whatever a council and two providers do in
whatever order, one offer at most is ordered, it is one that stands, and one agreement at most is
formed (promise 20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import bindparam, select

from portal.agreements.offers.actions import make_offer
from portal.agreements.offers.actions import withdraw as take_back
from portal.agreements.offers.models import Offer
from portal.agreements.offers.rules import Terms
from portal.agreements.orders import actions as orders
from portal.agreements.orders.forming import accept
from portal.agreements.orders.models import OrderForm
from portal.agreements.orders.rules import OrderState, OrderTerms, state_of
from portal.audit.actions import Actor
from portal.identity.models import Organisation, Person
from portal.kernel.database import Database, working_as
from portal.kernel.errors import DomainError
from portal.kernel.jobs import Work
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope
from portal.referrals.answering.actions import decline
from portal.referrals.making import sending
from portal.referrals.making.waiting import time_is_over
from portal.referrals.models import Recipient, Referral
from portal.referrals.queries import recipient_of
from portal.referrals.rules import DeclineCode
from tests.agreements.orders.need import PARTS, SENT, Need
from tests.faults.machines import Rows, Stepwise, runs
from tests.faults.test_files_kept import InHand

START = date(2027, 1, 4)  # after all the days that a run lasts
RECIPIENTS = (
    select(
        Recipient.provider_id,
        Recipient.state,
        Recipient.respond_by,
        Referral.state.label("referral"),
        Referral.respond_by.label("closes"),
    )
    .join(Referral, Referral.id == Recipient.referral_id)
    .where(Referral.id == bindparam("referral_id"))
)
OFFERS = (
    select(Offer.id, Offer.provider_id, Offer.withdrawn_at)
    .join(Recipient, Recipient.id == Offer.recipient_id)
    .where(Recipient.referral_id == bindparam("referral_id"))
    .order_by(Offer.made_at, Offer.id)
)
ORDERS = (
    select(
        OrderForm.id,
        OrderForm.offer_id,
        OrderForm.provider_id,
        OrderForm.agreement_id,
        OrderForm.accepted_at,
        OrderForm.refused_at,
        OrderForm.withdrawn_at,
    )
    .where(OrderForm.referral_id == bindparam("referral_id"))
    .order_by(OrderForm.issued_at, OrderForm.id)
)
ANSWERABLE = {"waiting", "offered", "declined", "withdrawn"}
MAY_FOLLOW = {
    "sent": {"sent", "lapsed", "ordered", "withdrawn"},
    "lapsed": {"lapsed", "sent", "withdrawn"},
    "ordered": {"ordered", "sent", "agreed", "withdrawn"},
    "agreed": {"agreed"},
    "withdrawn": {"withdrawn"},
}


class Seen(NamedTuple):
    """Where the referral stands, each provider with its deadline, the offers and the orders."""

    state: str
    closes: datetime
    providers: dict[UUID, str]
    until: dict[UUID, datetime]
    offers: Rows
    orders: Rows

    def stands(self, offer_id: UUID) -> bool:
        """Whether an offer was neither taken back nor changed."""
        return any(one.id == offer_id and one.withdrawn_at is None for one in self.offers)

    def waits(self, order_id: UUID) -> bool:
        """Whether an order form can still be answered."""
        (order,) = (one for one in self.orders if one.id == order_id)
        return self.state == "ordered" and state_of(order) is OrderState.ISSUED


class Referrals(Stepwise):
    """A referral that two providers answer, ordered, given back and withdrawn in any order."""

    need: Need
    now: Seen

    def __init__(self) -> None:
        super().__init__()
        self.at = SENT
        self.was = self.now.state

    def look(self) -> Seen:
        """What is kept of it."""
        asked = self.read(RECIPIENTS, referral_id=self.need.referral_id)
        return Seen(
            asked[0].referral.value,
            asked[0].closes,
            {one.provider_id: one.state.value for one in asked},
            {one.provider_id: one.respond_by for one in asked},
            self.read(OFFERS, referral_id=self.need.referral_id),
            self.read(ORDERS, referral_id=self.need.referral_id),
        )

    def side(self, first: bool) -> tuple[Organisation, Actor]:
        """One of the two providers, with somebody of it."""
        provider: Organisation = self.need.chosen if first else self.need.rival
        person: Person = self.need.administrator if first else self.need.bidder
        return provider, Actor(person.id, person.name, provider.id)

    def attempt(self, actor: Actor, legal: bool, step: Callable[[], object]) -> None:
        """The step is taken if it is legal, and leaves no trace if it is not."""
        who = Scope(actor.organisation_id, actor.person_id)
        try:
            with self.one_effect(alone=False), working_as(self.session, who):
                step()
        except DomainError:
            assert not legal
        else:
            assert legal

    def in_time(self, provider: Organisation) -> bool:
        """Whether a provider may answer."""
        now = self.now
        return now.state == "sent" and self.at + timedelta(minutes=1) < now.until[provider.id]

    @rule(first=st.booleans(), price=st.sampled_from(["38.00", "40.00"]))
    def offer(self, first: bool, price: str) -> None:
        """A provider offers, perhaps in place of what it offered before."""
        provider, actor = self.side(first)
        legal = self.in_time(provider) and self.now.providers[provider.id] in ANSWERABLE
        terms = Terms(None, "", START, Money.pounds(price), "")
        self.attempt(
            actor,
            legal,
            lambda: make_offer(self.session, actor, self.need.referral_id, terms, at=self.at),
        )

    @rule(first=st.booleans())
    def decline(self, first: bool) -> None:
        """A provider cannot help."""
        provider, actor = self.side(first)
        legal = self.in_time(provider) and self.now.providers[provider.id] == "waiting"
        self.attempt(
            actor,
            legal,
            lambda: decline(
                self.session, actor, recipient_of(self.session, self.need.referral_id, provider.id),
                DeclineCode.START, "", at=self.at,
            ),
        )  # fmt: skip

    @rule(which=st.integers(0, 9), step=st.sampled_from(["take back", "order"]))
    def of_an_offer(self, which: int, step: str) -> None:
        """A provider takes one back, or the council orders it; perhaps one that is long gone."""
        if not self.now.offers:
            return
        offer = self.now.offers[which % len(self.now.offers)]
        stands = self.now.stands(offer.id) and self.now.providers[offer.provider_id] == "offered"
        if step == "take back":
            _, actor = self.side(offer.provider_id == self.need.chosen.id)
            self.attempt(
                actor,
                stands,
                lambda: take_back(self.session, actor, offer.id, because="No", at=self.at),
            )
            return
        terms = OrderTerms(
            **PARTS, ends_on=None, cost_code="", purchase_order="", subcontracting="",
            arrangements="", because="Nearer",
        )  # fmt: skip
        council = self.need.by_council
        self.attempt(
            council,
            stands and self.now.state == "sent",
            lambda: orders.issue(self.session, council, offer.id, terms, at=self.at),
        )

    @rule(which=st.integers(0, 9), step=st.sampled_from(["accept", "refuse", "withdraw"]))
    def of_an_order(self, which: int, step: str) -> None:
        """An order form is answered or taken back; perhaps one that is long answered."""
        if not self.now.orders:
            return
        order = self.now.orders[which % len(self.now.orders)]
        _, provider = self.side(order.provider_id == self.need.chosen.id)
        council = self.need.by_council
        taken: dict[str, Callable[[], object]] = {
            "accept": lambda: accept(self.session, provider, order.id, at=self.at),
            "refuse": lambda: orders.refuse(
                self.session, provider, order.id, because="No", at=self.at
            ),
            "withdraw": lambda: orders.withdraw(
                self.session, council, order.id, because="No", at=self.at
            ),
        }
        actor = council if step == "withdraw" else provider
        self.attempt(actor, self.now.waits(order.id), taken[step])

    @rule(days=st.integers(-1, 9))
    def more_time(self, days: int) -> None:
        """The council gives more time, or would take some away."""
        until = self.at + timedelta(minutes=1, days=days)
        legal = self.now.state in {"sent", "lapsed"} and days > 0 and until > self.now.closes
        council = self.need.by_council
        self.attempt(
            council,
            legal,
            lambda: sending.give_more_time(
                self.session, council, self.need.referral_id, until, at=self.at
            ),
        )

    @rule(sure=st.integers(0, 9))
    def withdraw(self, sure: int) -> None:
        """Now and then the council asks nobody any more."""
        if sure:
            return
        council = self.need.by_council
        self.attempt(
            council,
            self.now.state not in {"agreed", "withdrawn"},
            lambda: sending.withdraw(
                self.session, council, self.need.referral_id, "Home", at=self.at
            ),
        )

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        """Time goes by, and the portal sees whose is over."""
        self.at += timedelta(hours=hours)
        work = cast(Work, InHand(self.session, self.at))
        with working_as(self.session, Scope(self.need.council.id)):
            time_is_over(work, referral_id=self.need.referral_id.hex)
        self.session.expunge_all()
        self.events, self.now = self.recorded(), self.look()

    @invariant()
    def one_offer_at_most_is_ordered_and_it_stands(self) -> None:
        """What is ordered was offered, by whoever is chosen, and nobody else is."""
        now = self.now
        chosen = [who for who, state in now.providers.items() if state == "chosen"]
        assert now.state in MAY_FOLLOW[self.was]
        self.was = now.state
        if now.state in {"sent", "lapsed"}:
            assert not chosen
        if now.state in {"ordered", "agreed"}:
            wanted = OrderState.ISSUED if now.state == "ordered" else OrderState.ACCEPTED
            (order,) = (one for one in now.orders if state_of(one) is wanted)
            assert chosen == [order.provider_id] and now.stands(order.offer_id)
        if now.state == "agreed":
            assert not set(now.providers.values()) & {"waiting", "offered", "withdrawn"}

    @invariant()
    def agreed_once_and_offered_once(self) -> None:
        """An agreement for the one accepted order form; an offer for each who offered."""
        now = self.now
        agreed = [one for one in now.orders if one.agreement_id is not None]
        assert len(agreed) == (now.state == "agreed")
        for provider_id, state in now.providers.items():
            standing = [
                one for one in now.offers if one.provider_id == provider_id and not one.withdrawn_at
            ]
            if state != "not-chosen":
                assert len(standing) == (state in {"offered", "chosen"})


def test_one_offer_at_most_becomes_one_agreement(
    engine_name: str, database: Database, owner_database: Database
) -> None:
    class Here(Referrals):
        pass

    Here.database, Here.need = owner_database, Need(database, owner_database)
    run_state_machine_as_test(Here, settings=runs(engine_name, 5))
