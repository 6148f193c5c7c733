"""What a provider may offer for a referral: not above its framework price of the first day."""

from __future__ import annotations

from datetime import date

import pytest

from portal.agreements.mentors.rules import Candidate
from portal.agreements.offers.rules import (
    UnfitOffer,
    check_home,
    check_price,
    check_start,
    cost,
    say_mentor,
)
from portal.frameworks.rules import Unit
from portal.kernel.money import Money

MAY = date(2026, 5, 18)


@pytest.mark.parametrize("price", ["42.00", "41.99", "0.01"])
def test_an_offer_is_at_most_the_framework_price(price: str) -> None:
    check_price(Money.pounds(price), Money.pounds("42.00"), MAY, quote=False)


def test_a_penny_more_than_the_framework_price_is_refused_with_it() -> None:
    with pytest.raises(UnfitOffer) as refused:
        check_price(Money.pounds("42.01"), Money.pounds("42.00"), MAY, quote=False)
    assert refused.value.about == "price"
    assert refused.value.sentence == (
        "Your framework price on 18 May 2026 is £42.00. Offer that or less"
    )


def test_without_a_framework_price_that_day_only_a_quote_can_be_made() -> None:
    check_price(Money.pounds("99.00"), None, MAY, quote=True)
    with pytest.raises(UnfitOffer, match="no framework price on 18 May 2026"):
        check_price(Money.pounds("42.00"), None, MAY, quote=False)


def test_work_begins_today_or_later_and_before_the_need_ends() -> None:
    check_start(MAY, MAY, MAY)
    with pytest.raises(UnfitOffer, match="today or later"):
        check_start(date(2026, 5, 17), MAY, None)
    with pytest.raises(UnfitOffer, match="end on 18 May 2026"):
        check_start(date(2026, 5, 19), MAY, MAY)


def test_nights_are_offered_in_a_home() -> None:
    check_home(Unit.NIGHT, "Rowan House")
    check_home(Unit.HOUR, "")
    with pytest.raises(UnfitOffer, match="which home"):
        check_home(Unit.NIGHT, "")


def test_a_mentor_is_offered_with_their_caseload_and_what_stands_against_them() -> None:
    held = [(date(2025, 6, 1), date(2028, 5, 31))]
    free = Candidate("Sam Invented", checks=held, assigned=1, caseload_limit=3)
    assert say_mentor(free, MAY) == "Sam Invented, 1 agreement of at most 3"
    full = Candidate("Sam Invented", assigned=3, caseload_limit=3)
    assert say_mentor(full, MAY) == (
        "Sam Invented, 3 agreements of at most 3: has no enhanced DBS check and has 3 agreements, "
        "of at most 3"
    )


@pytest.mark.parametrize(
    ("unit", "price", "parts", "whole"),
    [
        (Unit.HOUR, "42.00", 24 * 60, "1008.00"),
        (Unit.NIGHT, "820.00", 30, "3514.29"),
        (Unit.SESSION, "55.00", 10, "550.00"),
    ],
)
def test_an_offer_costs_its_whole_multiplication(
    unit: Unit, price: str, parts: int, whole: str
) -> None:
    assert cost(unit, Money.pounds(price), parts) == Money.pounds(whole)
    assert cost(unit, Money.pounds(price), None) is None
