"""What a price would mean under the published rules."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal.frameworks.applications.pricing.rules import (
    UNKNOWN_BEFORE_OPENING,
    meaning,
    say_asked,
)
from portal.frameworks.lots.rules import Limit, PriceMethod
from portal.kernel.money import Money


@dataclass(frozen=True)
class Terms:
    """A category's terms."""

    price_method: PriceMethod = PriceMethod.OPTIMUM
    limit: Limit = Limit.AT_MOST


@dataclass(frozen=True)
class Asked:
    """A price that is asked for."""

    optimum: Money | None = None
    maximum: Money | None = None
    floor: Money | None = None
    yearly_units: int | None = None


@dataclass(frozen=True)
class Band:
    """A published band."""

    name: str
    up_to: Money | None


def pounds(amount: str) -> Money:
    """An amount."""
    return Money.pounds(amount)


@pytest.mark.parametrize(
    ("price", "points"),
    [("2900", "40.00"), ("3140", "40.00"), ("3454", "36.36"), ("3925", "32.00")],
)
def test_the_optimum_price_method_for_40_points_and_3140_pounds(price: str, points: str) -> None:
    means = meaning(Terms(), Asked(optimum=pounds("3140")), (), 40, pounds(price))
    assert (means.wrong, means.points) == (None, f"{points} of 40")


def test_below_a_ceiling_the_maximum_itself_is_refused() -> None:
    asked = Asked(maximum=pounds("45"))
    terms = Terms(PriceMethod.CEILING, Limit.BELOW)
    assert meaning(terms, asked, (), 40, pounds("44.99")).points == "40.00 of 40"
    refused = meaning(terms, asked, (), 40, pounds("45"))
    assert refused.wrong == "The price must be below £45.00; £45.00 itself is too much"
    assert (refused.points, refused.band, refused.yearly) == (None, None, None)
    assert say_asked(terms, asked) == "Accepted: below £45.00"


def test_at_most_a_ceiling_the_maximum_is_accepted() -> None:
    asked = Asked(maximum=pounds("45"), floor=pounds("20"))
    terms = Terms(PriceMethod.CEILING)
    assert meaning(terms, asked, (), 40, pounds("45")).wrong is None
    assert meaning(terms, asked, (), 40, pounds("45.01")).wrong is not None
    assert meaning(terms, asked, (), 40, pounds("19.99")).wrong is not None
    assert say_asked(terms, asked) == "Accepted: £20.00 or more, £45.00 or less"


def test_the_points_of_the_lowest_price_method_tell_nothing_of_rivals() -> None:
    means = meaning(Terms(PriceMethod.LOWEST), Asked(), (), 40, pounds("20"))
    assert means.points == UNKNOWN_BEFORE_OPENING


def test_the_band_and_the_worth_in_a_year() -> None:
    bands = (Band("A", pounds("30")), Band("B", None))
    asked = Asked(optimum=pounds("40"), yearly_units=1000)
    means = meaning(Terms(), asked, bands, 40, pounds("30"))
    assert (means.band, means.yearly) == ("A", pounds("30000"))
    assert meaning(Terms(), asked, bands, 40, pounds("30.01")).band == "B"
    assert say_asked(Terms(), asked) == "Optimum price £40.00"


def test_no_points_where_none_are_for_price() -> None:
    assert meaning(Terms(), Asked(optimum=pounds("40")), (), 0, pounds("30")).points is None
