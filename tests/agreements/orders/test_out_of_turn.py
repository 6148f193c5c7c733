"""Steps out of turn, and two people who act at the same moment: one is first, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.agreements.models import Agreement
from portal.agreements.offers.actions import withdraw as take_back
from portal.agreements.orders import actions
from portal.agreements.orders.models import OrderForm
from portal.agreements.orders.queries import waiting_orders
from portal.identity.models import Membership
from portal.kernel.database import Database
from portal.kernel.errors import DomainError
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from portal.referrals.answering.actions import decline
from portal.referrals.models import Recipient
from portal.referrals.queries import get_referral, recipient_of
from portal.referrals.rules import DeclineCode, RecipientState, ReferralState
from tests.agreements.orders.need import FAMILY, GIVEN, ORDERED, Need
from tests.faults.at_once import at_once
from tests.support.size import ONE_ENGINE, size
from tests.visiting import visit

OPERATOR = Scope.system(Task.OPERATOR)
WHO = {
    "given_name": GIVEN, "family_name": FAMILY, "date_of_birth-day": "14",
    "date_of_birth-month": "3", "date_of_birth-year": "2012",
}  # fmt: skip
Step = Callable[[], object]
EARLIER = ORDERED - timedelta(hours=20)


@pytest.fixture
def need(database: Database, owner_database: Database) -> Need:
    return Need(database, owner_database)


def take_offer_back(need: Need, offer_id: UUID) -> None:
    with need.session(need.administrator, need.chosen) as session, session.begin():
        take_back(session, need.by_provider, offer_id, because="Full", at=EARLIER)


def say_no(need: Need) -> None:
    with need.session(need.administrator, need.chosen) as session, session.begin():
        own = recipient_of(session, need.referral_id, need.chosen.id)
        decline(session, need.by_provider, own, DeclineCode.NO_CAPACITY, "", at=EARLIER)


def told(step: Step) -> str:
    """What somebody is told who takes a step too late; empty for whoever was first."""
    try:
        step()
    except DomainError as refused:
        return refused.sentence
    return ""


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_what_is_ordered_is_answered_by_its_order_form_alone(need: Need) -> None:
    offer_id = need.offer()
    order_id = need.order(offer_id)
    with pytest.raises(IllegalStep, match="order form"):
        take_offer_back(need, offer_id)
    with pytest.raises(IllegalStep, match="order form"):
        say_no(need)
    with need.session(need.referrer, need.council) as session:
        own = session.scalars(select(Recipient).where(Recipient.provider_id == need.chosen.id))
        assert own.one().state is RecipientState.CHOSEN
    need.accept(order_id)
    with pytest.raises(IllegalStep, match="order form"):
        take_offer_back(need, offer_id)


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_an_offer_that_was_changed_meanwhile_is_not_ordered_as_it_was(need: Need) -> None:
    first = need.offer(price="40.00")
    need.offer(price="42.00")
    with pytest.raises(IllegalStep, match="changed"):
        need.order(first)


def test_two_who_change_the_same_at_once_both_keep_what_they_typed(
    need: Need, app: Flask, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        membership = session.scalars(
            select(Membership).where(Membership.person_id == need.referrer.id)
        ).one()
        two = [visit(app, session, membership) for _ in range(2)]
    known = f"/young-people-known/{need.young_person.id}/edit"
    for version in range(1, 1 + size(3, 200)):
        form = {**WHO, "version": version}
        answers = at_once(
            lambda one: one[0].post(known, {**form, "school": one[1]}),  # noqa: B023
            list(zip(two, (f"Ash {version}", f"Elm {version}"), strict=True)),
        )
        assert sorted(one.status_code for one in answers) == [303, 409]
        lost = [one.status_code for one in answers].index(409)
        assert f"{('Ash', 'Elm')[lost]} {version}" in answers[lost].text


def test_of_two_offers_chosen_at_once_one_is_ordered(need: Need) -> None:
    offers = [need.offer(), need.offer(need.bidder, need.rival, price="40.00")]
    said = at_once(told, [partial(need.order, one, because="Nearer") for one in offers])
    assert sorted(map(bool, said)) == [False, True]
    with need.session(need.referrer, need.council) as session:
        assert len(session.scalars(select(OrderForm)).all()) == 1
        states = [one.state for one in session.scalars(select(Recipient))]
        assert sorted(states) == [RecipientState.CHOSEN, RecipientState.OFFERED]


def test_an_order_form_accepted_while_it_is_withdrawn_is_one_of_the_two(need: Need) -> None:
    order_id = need.order(need.offer())

    def withdraw() -> None:
        with need.session(need.referrer, need.council) as session, session.begin():
            actions.withdraw(session, need.by_council, order_id, because="No", at=ORDERED)

    steps: list[Step] = [partial(need.accept, order_id), withdraw]
    accepted, withdrawn = at_once(told, steps)
    assert bool(accepted) != bool(withdrawn)
    with need.session(need.referrer, need.council) as session:
        state = get_referral(session, need.referral_id).state
        assert state is (ReferralState.SENT if accepted else ReferralState.AGREED)
        assert len(session.scalars(select(Agreement)).all()) == (0 if accepted else 1)


def test_an_offer_ordered_while_it_is_taken_back_is_one_of_the_two(need: Need) -> None:
    offer_id = need.offer()
    steps: list[Step] = [partial(need.order, offer_id), partial(take_offer_back, need, offer_id)]
    ordered, taken = at_once(told, steps)
    assert bool(ordered) != bool(taken)
    with need.database.session(Scope(need.chosen.id)) as session:
        assert len(waiting_orders(session, need.chosen.id, limit=5)) == (0 if ordered else 1)
