"""Prices against floor, maximum and bands; what is entered says what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from portal.frameworks.lots.comparing import clashes, differences
from portal.frameworks.lots.plans import (
    Award,
    BandLimits,
    CategoryPlan,
    Details,
    PriceFigures,
    say_percent,
)
from portal.frameworks.lots.rules import (
    Limit,
    PriceMethod,
    band_of,
    check_price,
    months_used,
    say_limit,
)
from portal.frameworks.rules import Regime, Unfit, Unit
from portal.kernel.money import Money

POUNDS = Money.pounds


@dataclass(frozen=True)
class Terms:
    limit: Limit


@dataclass(frozen=True)
class Band:
    name: str
    up_to: Money | None


ASKED = PriceFigures("", None, POUNDS("3500.00"), POUNDS("2000.00"), None)


@pytest.mark.parametrize(
    ("limit", "price", "refusal"),
    [
        (Limit.BELOW, "3499.99", None),
        (Limit.BELOW, "3500.00", "must be below £3,500.00; £3,500.00 itself is too much"),
        (Limit.BELOW, "3500.01", "must be below £3,500.00"),
        (Limit.AT_MOST, "3500.00", None),
        (Limit.AT_MOST, "3500.01", "must be £3,500.00 or less"),
        (Limit.AT_MOST, "2000.00", None),
        (Limit.AT_MOST, "1999.99", "must be £2,000.00 or more"),
        (Limit.AT_MOST, "0.00", "above £0.00"),
    ],
)
def test_the_maximum_is_refused_or_accepted_by_its_operator(
    limit: Limit, price: str, refusal: str | None
) -> None:
    if refusal is None:
        check_price(Terms(limit), ASKED, POUNDS(price))
        return
    with pytest.raises(Unfit, match=refusal.replace("£", "£")):
        check_price(Terms(limit), ASKED, POUNDS(price))


def test_without_floor_and_maximum_every_price_above_nothing_is_accepted() -> None:
    check_price(Terms(Limit.BELOW), PriceFigures("", None, None, None, None), POUNDS("0.01"))


def test_the_maximum_is_said_with_its_operator() -> None:
    assert say_limit(Limit.BELOW, POUNDS("3500")) == "below £3,500.00"
    assert say_limit(Limit.AT_MOST, POUNDS("3500")) == "£3,500.00 or less"


def test_a_price_falls_in_the_first_band_that_reaches_it() -> None:
    bands = [Band("High", None), Band("Middle", POUNDS("900")), Band("Low", POUNDS("750"))]
    named = {"750.00": "Low", "750.01": "Middle", "900.00": "Middle", "900.01": "High"}
    for price, name in named.items():
        found = band_of(bands, POUNDS(price))
        assert found is not None
        assert found.name == name
    assert band_of(bands[1:], POUNDS("900.01")) is None


DETAILS = Details(
    reference="HM-1", title="Homes", summary="Homes for children", regime=Regime.ACT_2023,
    light_touch=False, open_framework=True, starts_on=date(2027, 4, 1), ends_on=date(2035, 3, 31),
    extension_months=0, payment_days=30, cap_in_total=None,
)  # fmt: skip


def test_an_open_framework_lasts_eight_years_and_a_light_touch_one_as_long_as_it_says() -> None:
    assert DETAILS.wrong == {}, "8 years to the day (B8)"
    longer = replace(DETAILS, ends_on=date(2035, 4, 1))
    assert "31 March 2035 at the latest" in longer.wrong["ends_on"]
    assert replace(longer, light_touch=True).wrong == {}
    assert replace(longer, open_framework=False).wrong == {}
    assert replace(longer, regime=Regime.PCR_2015).wrong == {}


def test_the_act_governs_nothing_bought_before_it() -> None:
    assert "24 February 2025" in replace(DETAILS, starts_on=date(2025, 2, 23)).wrong["regime"]
    assert replace(DETAILS, ends_on=DETAILS.starts_on).wrong["ends_on"]
    assert replace(DETAILS, payment_days=31).wrong["payment_days"]
    assert replace(DETAILS, extension_months=120).wrong == {}
    assert replace(DETAILS, extension_months=121).wrong["extension_months"]


AWARD = Award(60, 40, 2, 10, 150, 300)


def test_points_make_100() -> None:
    assert AWARD.wrong == {}
    assert replace(AWARD, standstill_days=60).wrong == {}
    assert replace(AWARD, standstill_days=61).wrong["standstill_days"]
    wrong = replace(AWARD, price_points=50).wrong
    assert wrong == {"price_points": "The points must make 100 together: 60 and 50 make 110"}
    assert replace(AWARD, least_evaluators=1).wrong["least_evaluators"]
    assert AWARD.words["Yearly uplift"] == "CPI, 1.5 % at most, never below nothing"


def test_a_price_has_what_its_method_needs() -> None:
    bare = PriceFigures("0 to 4", None, None, None, None)
    assert set(bare.wrong(PriceMethod.OPTIMUM)) == {"optimum"}
    assert set(bare.wrong(PriceMethod.CEILING)) == {"maximum"}
    assert bare.wrong(PriceMethod.LOWEST) == {}
    high = replace(bare, optimum=POUNDS("800"), maximum=POUNDS("750"))
    assert "cannot be above the maximum, £750.00" in high.wrong(PriceMethod.OPTIMUM)["optimum"]
    low = replace(bare, optimum=POUNDS("800"), floor=POUNDS("900"))
    assert "cannot be below the lowest price, £900.00" in low.wrong(PriceMethod.OPTIMUM)["optimum"]
    crossed = replace(bare, maximum=POUNDS("700"), floor=POUNDS("700"))
    assert "above the lowest price" in crossed.wrong(PriceMethod.LOWEST)["maximum"]


def test_reserves_wait_where_places_are_limited() -> None:
    plan = CategoryPlan(
        "1a", "Homes", Unit.NIGHT, PriceMethod.LOWEST, Limit.AT_MOST, "", False, None, 2
    )
    assert "reserves" in plan.wrong
    assert replace(plan, places=3).wrong == {}
    assert replace(plan, places=0, reserves=0).wrong.keys() == {"places"}
    assert BandLimits("Low", POUNDS("0")).wrong.keys() == {"up_to"}


def test_what_changed_is_said_with_what_stood_before() -> None:
    was = PriceFigures("", POUNDS("3140"), None, None, None)
    now = replace(was, optimum=POUNDS("3200"))
    assert differences(was.words, now.words) == "Optimum price: £3,200.00 (it was £3,140.00)."
    assert differences(was.words, was.words) == ""
    assert differences({"Accounts": "Demanded"}, {}) == "Accounts: no longer."
    assert clashes(was.words, now.words) == [("Optimum price", "£3,140.00", "£3,200.00")]


@pytest.mark.parametrize(
    ("later", "at_most", "months"),
    [
        (date(2028, 2, 29), 12, 1),  # the end of a month stays the end of one
        (date(2029, 1, 31), 12, 12),
        (date(2028, 3, 1), 12, 2),  # a begun month counts whole
    ],
)
def test_an_extension_uses_months(later: date, at_most: int, months: int) -> None:
    assert months_used(date(2028, 1, 31), later, at_most=at_most) == months


def test_an_extension_ends_where_it_was_published_to() -> None:
    with pytest.raises(Unfit, match="31 January 2029 at the latest"):
        months_used(date(2028, 1, 31), date(2029, 2, 1), at_most=12)
    with pytest.raises(Unfit, match="extended as far as"):
        months_used(date(2028, 1, 31), date(2028, 2, 1), at_most=0)


def test_per_cent_is_said_without_needless_noughts() -> None:
    assert [say_percent(n) for n in (150, 300, 5, 40)] == ["1.5 %", "3 %", "0.05 %", "0.4 %"]
