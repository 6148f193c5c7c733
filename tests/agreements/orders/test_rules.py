"""What an order form may authorise, and by when it is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.agreements.orders.rules import (
    OrderState,
    OrderTerms,
    UnfitOrder,
    answer_by,
    check_terms,
    say_authorised,
    state_of,
)
from portal.frameworks.rules import Unit
from tests.makers.orders import ISSUED_AT

START = date(2026, 5, 18)
TERMS = OrderTerms(
    authorised_weekly=120,
    authorised_total=2400,
    ends_on=date(2026, 12, 18),
    cost_code="",
    purchase_order="",
    subcontracting="",
    arrangements="",
    because="",
)


def test_one_day_and_one_offer_make_an_order() -> None:
    check_terms(TERMS, Unit.HOUR, START, choice=False)
    check_terms(replace(TERMS, ends_on=START), Unit.HOUR, START, choice=False)


@pytest.mark.parametrize(
    ("terms", "about", "sentence"),
    [
        (
            replace(TERMS, authorised_weekly=None, authorised_total=None),
            "authorised_total",
            "Enter how much you authorise, a week or in total",
        ),
        (
            replace(TERMS, authorised_weekly=2460),
            "authorised_weekly",
            "41 hours a week is more than 40 hours in total",
        ),
        (
            replace(TERMS, ends_on=date(2026, 5, 17)),
            "ends_on",
            "The last day must be on or after the start, 18 May 2026",
        ),
        (TERMS, "because", "Say why you chose this offer"),
    ],
)
def test_what_does_not_make_sense_is_said_at_its_field(
    terms: OrderTerms, about: str, sentence: str
) -> None:
    with pytest.raises(UnfitOrder) as refused:
        check_terms(terms, Unit.HOUR, START, choice=True)
    assert (refused.value.about, refused.value.sentence) == (about, sentence)


def test_a_home_may_be_ordered_without_counting_nights() -> None:
    unlimited = replace(TERMS, authorised_weekly=None, authorised_total=None)
    check_terms(unlimited, Unit.NIGHT, START, choice=False)
    assert say_authorised(Unit.NIGHT, None, None) == "As many as are needed"
    assert say_authorised(Unit.HOUR, 120, 2400) == "2 hours a week, at most 40 hours in total"


def test_a_provider_answers_by_the_next_working_day() -> None:
    thursday = answer_by(date(2026, 4, 2))
    assert thursday.due == date(2026, 4, 7)
    assert "Good Friday and Easter Monday" in thursday.sentence


@pytest.mark.parametrize("state", OrderState)
def test_an_order_form_stands_where_it_was_brought(state: OrderState) -> None:
    class Order:
        accepted_at = ISSUED_AT if state is OrderState.ACCEPTED else None
        refused_at = ISSUED_AT if state is OrderState.REFUSED else None
        withdrawn_at = ISSUED_AT if state is OrderState.WITHDRAWN else None

    assert state_of(Order()) is state
