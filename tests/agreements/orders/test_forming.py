"""From offers to an agreement: who is told what, and who never learns who the young person is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from portal.agreements.clocks.models import KeptClock
from portal.agreements.disclosing.actions import disclose, end_disclosure
from portal.agreements.disclosing.models import Disclosure
from portal.agreements.disclosing.queries import identity_of
from portal.agreements.mentors.rules import NotAssignable
from portal.agreements.models import Agreement, AgreementPrice, Assignment
from portal.agreements.offers.actions import withdraw as take_back
from portal.agreements.offers.models import Offer
from portal.agreements.offers.rules import UnfitOffer
from portal.agreements.orders import actions
from portal.agreements.orders.forming import accept
from portal.agreements.orders.models import Choice, OrderForm
from portal.agreements.orders.presenting import sheet_of
from portal.agreements.orders.queries import get_order, order_of
from portal.agreements.orders.rules import UnfitOrder
from portal.agreements.rules import AgreementState
from portal.audit.actions import Actor
from portal.delivery.rules import Mode, SessionState
from portal.delivery.sessions.actions import record_session
from portal.delivery.sessions.rules import SessionEntry
from portal.frameworks.models import Place, PlacePrice
from portal.frameworks.rules import PriceSource, Unfit
from portal.frameworks.standing.queries import taken
from portal.identity.models import Organisation, Person
from portal.invoicing.checks import check
from portal.invoicing.gathering import Stream, gather_draft
from portal.kernel.database import Database
from portal.kernel.errors import NotFound
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from portal.referrals.actions import TooLate
from portal.referrals.making.sending import withdraw
from portal.referrals.models import Recipient, Referral, YoungPerson
from portal.referrals.queries import get_referral
from portal.referrals.rules import RecipientState, ReferralState, Route
from portal.reporting.rounds.queries import places_taken
from tests.agreements.orders.need import FAMILY, GIVEN, ORDERED, SCHOOL, START, Need
from tests.makers import make_bank_details, make_place, make_vat_standing
from tests.support.size import ONE_ENGINE


@pytest.fixture
def need(database: Database, owner_database: Database) -> Need:
    return Need(database, owner_database)


def knows(need: Need, person: Person, organisation: Organisation) -> bool:
    """Whether somebody's session holds the young person at all."""
    with need.session(person, organisation) as session:
        return session.scalars(select(YoungPerson)).first() is not None


def test_two_offers_become_one_agreement_and_nobody_else_learns_anything(need: Need) -> None:
    need.offer(need.bidder, need.rival, price="40.00")
    offer_id = need.offer(mentor=need.mentor.id)
    with pytest.raises(UnfitOrder, match="Say why you chose this offer"):
        need.order(offer_id)
    order_id = need.order(offer_id, because="Has worked with this school before")
    assert not knows(need, need.administrator, need.chosen), "an order form names nobody"
    formed = need.accept(order_id)

    with need.session(need.referrer, need.council) as session:
        agreement = session.get_one(Agreement, formed.id)
        assert agreement.state is AgreementState.ACTIVE
        assert agreement.young_person == need.young_person.reference
        assert (agreement.starts_on, agreement.ends_on) == (START, date(2026, 12, 18))
        assert (agreement.authorised_weekly, agreement.authorised_total) == (120, 2400)
        assert agreement.cost_code == "VS-100"
        price = session.scalars(select(AgreementPrice)).one()
        assert (price.price, price.source) == (Money.pounds("42.00"), PriceSource.AGREED)
        assert session.scalars(select(Assignment)).one().mentor_id == need.mentor.id
        order = order_of(session, formed.id)
        assert order is not None and order.issued_on == date(2026, 4, 2)
        clock = session.scalars(select(KeptClock)).one()
        assert clock.due_on == date(2026, 4, 8), "2 working days, Easter skipped"
        assert get_referral(session, need.referral_id).state is ReferralState.AGREED
        states = {one.provider_id: one.state for one in session.scalars(select(Recipient))}
        assert states[need.chosen.id] is RecipientState.CHOSEN
        assert states[need.rival.id] is RecipientState.NOT_CHOSEN
        assert session.scalars(select(Choice)).one().because.startswith("Has worked")
        told = {one.person_id: one.because for one in session.scalars(select(Disclosure))}
        assert told == {
            need.administrator.id: "Accepted the order form",
            need.tutor.id: "Assigned as mentor",
        }

    assert knows(need, need.administrator, need.chosen) and knows(need, need.tutor, need.chosen)
    assert not knows(need, need.colleague, need.chosen), "only those who were told"
    with need.session(need.bidder, need.rival) as session:
        for model in (YoungPerson, Agreement, OrderForm, Choice, Disclosure, Assignment):
            assert session.scalars(select(model)).all() == [], model.__tablename__
        assert session.scalars(select(Offer)).one().provider_id == need.rival.id
        assert session.scalars(select(Recipient)).one().provider_id == need.rival.id
    with need.session(need.bidder, need.unasked) as session:
        for hidden in (Referral, Recipient, Offer, YoungPerson, OrderForm):
            assert session.scalars(select(hidden)).all() == [], "no clue that it exists"
    (said,) = need.told(need.rival)
    assert "You were not chosen for" in said
    everything = " ".join(said for who in (need.rival, need.chosen) for said in need.told(who))
    for word in (GIVEN, FAMILY, SCHOOL):
        assert word not in everything
    assert "Larkspur" not in said and not need.told(need.unasked)
    assert need.led_to(need.rival) == ["inbox.show"], "a page that a provider may open"


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_an_order_form_names_nobody(need: Need) -> None:
    offer_id = need.offer()
    with pytest.raises(UnfitOrder, match=f"Take out “{GIVEN}”") as refused:
        need.order(offer_id, arrangements=f"Meet {GIVEN} at the gate.")
    assert refused.value.about == "arrangements"
    order_id = need.order(offer_id, arrangements="Meet at the gate.")
    with need.session(need.administrator, need.chosen) as session:
        said = str(sheet_of(get_order(session, order_id)))
    assert "Meet at the gate." in said and "£1,680.00" in said and "8 April 2026" in said
    assert not any(word in said for word in (GIVEN, FAMILY, SCHOOL, need.young_person.reference))


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_an_order_form_is_answered_once_and_by_its_own_provider(need: Need) -> None:
    order_id = need.order(need.offer())
    with need.session(need.bidder, need.rival) as session, pytest.raises(NotFound):
        actions.refuse(session, need.by_provider, order_id, because="No", at=ORDERED)
    need.accept(order_id)
    with pytest.raises(IllegalStep):
        need.accept(order_id)
    with (
        need.session(need.referrer, need.council) as session,
        pytest.raises(IllegalStep, match="now accepted"),
    ):
        actions.withdraw(session, need.by_council, order_id, because="Late", at=ORDERED)


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_only_an_offer_that_stands_is_ordered_and_none_is_taken_back_after_that(
    need: Need,
) -> None:
    def taken_back(offer_id: UUID) -> None:
        with need.session(need.administrator, need.chosen) as session, session.begin():
            take_back(session, need.by_provider, offer_id, because="She left", at=ORDERED)

    changed, stands = need.offer(), need.offer(price="41.00")
    for step in (need.order, taken_back):
        with pytest.raises(IllegalStep, match="changed or taken back"):
            step(changed)
    need.order(stands)
    with pytest.raises(IllegalStep, match="order form"):
        taken_back(stands)


def test_the_council_chooses_again_after_a_refusal_and_after_its_own_second_thoughts(
    need: Need,
) -> None:
    theirs = need.offer(need.bidder, need.rival, price="40.00")
    first = need.order(need.offer(), because="Nearer")
    with need.session(need.administrator, need.chosen) as session, session.begin():
        actions.refuse(session, need.by_provider, first, because="She left", at=ORDERED)
    assert "did not accept order form" in need.told(need.council)[-1]
    second = need.order(theirs, because="")  # the only offer left needs no explaining
    with need.session(need.referrer, need.council) as session, session.begin():
        actions.withdraw(session, need.by_council, second, because="Wrong hours", at=ORDERED)
    with need.session(need.referrer, need.council) as session:
        states = {one.provider_id: one.state for one in session.scalars(select(Recipient))}
        assert states[need.chosen.id] is RecipientState.DECLINED
        assert states[need.rival.id] is RecipientState.OFFERED, "its offer stands"
        assert get_referral(session, need.referral_id).state is ReferralState.SENT
        assert session.scalars(select(Agreement)).all() == []
    assert need.order(theirs) not in (first, second)


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_a_referral_that_was_withdrawn_meanwhile_forms_nothing(need: Need) -> None:
    order_id = need.order(need.offer())
    with need.session(need.referrer, need.council) as session, session.begin():
        withdraw(session, need.by_council, need.referral_id, "Went home", at=ORDERED)
    with pytest.raises(IllegalStep):
        need.accept(order_id)
    assert not knows(need, need.administrator, need.chosen)


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_a_mentor_whose_check_does_not_reach_the_start_is_neither_offered_nor_assigned(
    need: Need, owner_database: Database
) -> None:
    with pytest.raises(UnfitOffer) as refused:
        need.offer(mentor=need.lapsing.id)
    assert refused.value.about == "mentor" and "19 April 2026" in refused.value.sentence
    order_id = need.order(need.offer(mentor=need.mentor.id))
    with need.session(need.administrator, need.chosen) as session, session.begin():
        need_mentor = session.merge(need.mentor)
        need_mentor.volunteer = True
    with pytest.raises(NotAssignable, match="volunteer"):
        need.accept(order_id)
    with need.session(need.referrer, need.council) as session:
        assert session.scalars(select(Agreement)).all() == []
        assert get_referral(session, need.referral_id).state is ReferralState.ORDERED


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_an_offer_is_in_time_at_most_at_the_framework_price_and_changed_until_then(
    need: Need,
) -> None:
    with pytest.raises(UnfitOffer, match=r"£42\.00"):
        need.offer(price="42.01")
    with pytest.raises(TooLate):
        need.offer(at=ORDERED)
    with pytest.raises(NotFound):
        need.offer(need.bidder, need.unasked)
    need.offer(price="42.00")
    offer_id = need.offer(price="41.00")
    with need.session(need.administrator, need.chosen) as session:
        stands = {one.price: one.withdrawn_at is None for one in session.scalars(select(Offer))}
    assert stands == {Money.pounds("42.00"): False, Money.pounds("41.00"): True}
    with need.session(need.administrator, need.chosen) as session, session.begin():
        take_back(session, need.by_provider, offer_id, because="Full", at=ORDERED)
    with pytest.raises(IllegalStep):
        need.order(offer_id)


def test_a_quote_becomes_an_agreement_on_a_place_without_a_price(
    database: Database, owner_database: Database
) -> None:
    need = Need(database, owner_database, route=Route.QUOTES)
    offer_id = need.offer(price="65.00")
    with pytest.raises(UnfitOrder, match="Say why"):
        need.order(offer_id)
    formed = need.accept(need.order(offer_id, because="The only one who signs"))
    with need.session(need.administrator, need.chosen) as session:
        place = session.get_one(Place, formed.place_id)
        assert (place.category_id, place.provider_id) == (need.category.id, need.chosen.id)
        assert session.scalars(select(PlacePrice)).all() == []
        assert session.scalars(select(AgreementPrice.price)).one() == Money.pounds("65.00")


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_a_quote_is_paid_at_its_own_price(database: Database, owner_database: Database) -> None:
    """From the quote to the line of an invoice, though the framework has no price for it."""
    need = Need(database, owner_database, route=Route.QUOTES)
    offer_id = need.offer(price="65.00", mentor=need.mentor.id)
    formed = need.accept(need.order(offer_id, because="The only one who signs"))
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        make_vat_standing(session, provider=need.chosen)
        make_bank_details(session, provider=need.chosen)
    after = datetime(2026, 5, 1, 9, tzinfo=UTC)
    with need.session(need.tutor, need.chosen) as session, session.begin():
        agreement, mentor = session.get_one(Agreement, formed.id), need.mentor.id
        entry = SessionEntry(
            mentor, START, time(10), 90, SessionState.DELIVERED, Mode.FACE_TO_FACE, 2, "We talked"
        )
        by = Actor(need.tutor.id, need.tutor.name, need.chosen.id)
        record_session(session, by, agreement, entry, at=after)
    with need.session(need.administrator, need.chosen) as session:
        stream = Stream(need.chosen.id, need.council.id, formed.framework_id)
        found = gather_draft(session, stream, Month(2026, 4), today=after.date())
        (line,) = found.draft.lines
        assert (str(line.price), line.parts, str(line.net)) == ("£65.00", 90, "£97.50")
        assert check(found.facts) == []


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_a_quote_s_place_begins_with_the_first_agreement_and_takes_nobody_s(
    database: Database, owner_database: Database
) -> None:
    need = Need(database, owner_database, route=Route.QUOTES)
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        later = make_place(
            session, category=need.category, provider=need.chosen, starts_on=date(2026, 9, 1)
        )
        assert taken(session, need.category.id) == 2, "with the provider that was not asked"
    order_id = need.order(need.offer(price="65.00"), because="Signs")
    with pytest.raises(Unfit, match="begins on 1 September 2026"):
        need.accept(order_id)
    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        session.execute(delete(PlacePrice).where(PlacePrice.place_id == later.id))
        assert taken(session, need.category.id) == 1
        joined = places_taken(session, need.category.framework_id)
        assert [one.provider_id for one in joined] == [need.unasked.id], "a quote is no round"
    assert need.accept(order_id).place_id == later.id
    with need.session(need.administrator, need.chosen) as session:
        assert session.get_one(Place, later.id).starts_on == START


@pytest.mark.parametrize("engine_name", ONE_ENGINE, indirect=True)
def test_somebody_whose_role_knows_nobody_accepts_and_an_administrator_says_who_may(
    need: Need,
) -> None:
    order_id = need.order(need.offer(need.bidder, need.rival, price="40.00"))
    by = Actor(need.bidder.id, need.bidder.name, need.rival.id)
    with need.session(need.bidder, need.rival) as session, session.begin():
        formed = accept(session, by, order_id, at=ORDERED)
        assert session.scalars(select(Disclosure)).all() == []
    assert not knows(need, need.bidder, need.rival)
    asked = f"Say who may know the young person of {formed.reference}: nobody does yet."
    assert asked in need.told(need.rival)


def test_somebody_is_told_once_and_it_ends(need: Need) -> None:
    formed = need.accept(need.order(need.offer()))
    later = ORDERED + timedelta(days=1)
    with need.session(need.administrator, need.chosen) as session, session.begin():
        agreement = session.get_one(Agreement, formed.id)
        for _ in range(2):
            disclose(
                session, need.by_provider, agreement, need.administrator.id, because="x", at=later
            )
        assert len(session.scalars(select(Disclosure)).all()) == 1
        assert disclose(
            session, need.by_provider, agreement, need.bidder.id, because="x", at=later
        ) is None, "nobody of another provider"  # fmt: skip
        assert identity_of(session, agreement).family_name == FAMILY
    with need.session(need.administrator, need.chosen) as session, session.begin():
        agreement = session.get_one(Agreement, formed.id)
        end_disclosure(
            session, need.by_provider, agreement, need.administrator.id, because="Left", at=later
        )
    assert not knows(need, need.administrator, need.chosen)
    with need.session(need.administrator, need.chosen) as session, pytest.raises(NotFound):
        identity_of(session, session.get_one(Agreement, formed.id))
    with need.database.session(Scope(need.council.id)) as session:
        assert identity_of(session, session.get_one(Agreement, formed.id)).given_name == GIVEN
