"""The yearly uplift's sums (rules.md E3, statement 16)."""

from __future__ import annotations

from datetime import date

import pytest

from portal.agreements.uplifts.rules import (
    asks_for_review,
    check_interval,
    check_reason,
    check_release,
    check_start,
    reaches_back,
    read_rate,
    rule_rate,
    say_rate,
    uplifted,
    yearly_parts,
)
from portal.frameworks.rules import Unfit, Unit
from portal.kernel.money import Money
from portal.kernel.months import Month

CAP, REVIEW_ABOVE = 150, 300
APRIL = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("cpi", "rate", "review"),
    [
        ("0.4", "0.4 %", False),
        ("3.1", "1.5 %", True),
        ("-0.2", "0 %", False),
        ("1.5", "1.5 %", False),
        ("1.49", "1.49 %", False),
        ("3.0", "1.5 %", False),
        ("3.01", "1.5 %", True),
        ("0", "0 %", False),
    ],
)
def test_the_rule_is_the_lower_of_cpi_and_cap_and_never_below_nothing(
    cpi: str, rate: str, review: bool
) -> None:
    figure = read_rate(cpi)
    assert say_rate(rule_rate(figure, CAP)) == rate
    assert asks_for_review(figure, REVIEW_ABOVE) is review


@pytest.mark.parametrize(
    ("before", "rate", "after"),
    [
        ("3140.00", "3.1", "£3,237.34"),
        ("720.00", "3.1", "£742.32"),
        ("3140.00", "1.5", "£3,187.10"),
        ("42.00", "0", "£42.00"),
        ("0.50", "1", "£0.51"),  # 0.505: half a penny goes up
        ("33.33", "1.5", "£33.83"),  # 33.82995
        ("42.00", "3.1", "£43.30"),  # 43.302
    ],
)
def test_a_price_is_rounded_once_to_the_penny(before: str, rate: str, after: str) -> None:
    assert str(uplifted(Money.pounds(before), read_rate(rate))) == after


@pytest.mark.parametrize(
    ("text", "rate"),
    [("3.1", 310), (" 0.4 % ", 40), ("-0.2", -20), ("\N{MINUS SIGN}0.2%", -20), ("1.25", 125)],
)
def test_a_rate_is_read_as_people_write_it(text: str, rate: int) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "about 3", "1.234", "3,1", "50.01", ".5", "1.5.2", "\N{FULLWIDTH DIGIT THREE}"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Enter a figure"):
        read_rate(text)


def test_another_rate_needs_its_reason() -> None:
    check_reason(150, 150, "")
    check_reason(310, 150, "Fuel")
    with pytest.raises(Unfit, match=r"rise by 3\.1 %, when the rule gives 1\.5 %"):
        check_reason(310, 150, "")


def test_new_prices_reach_back_a_year_at_most_and_are_a_year_apart() -> None:
    for today in (date(2027, 3, 31), date(2027, 5, 20), date(2028, 3, 31)):
        check_start(APRIL, today)
    with pytest.raises(Unfit, match="a year at most, to 2 April 2027"):
        check_start(APRIL, date(2028, 4, 1))
    assert [reaches_back(APRIL, day) for day in (date(2027, 3, 31), APRIL)] == [False, True]
    check_interval(APRIL, [date(2026, 4, 1), date(2028, 4, 1)])
    with pytest.raises(Unfit, match="an uplift from 2 April 2026"):
        check_interval(APRIL, [date(2026, 4, 2)])


def test_a_month_s_figure_comes_out_after_it_and_by_today() -> None:
    september = Month.parse("2026-09")
    check_release(september, date(2026, 10, 21), date(2026, 10, 21))
    for released in (date(2026, 9, 30), date(2026, 10, 22)):
        with pytest.raises(Unfit, match="after 30 September 2026"):
            check_release(september, released, date(2026, 10, 21))


@pytest.mark.parametrize(
    ("unit", "weekly", "total", "last", "parts"),
    [
        (Unit.NIGHT, None, None, None, 365),
        (Unit.NIGHT, None, None, date(2027, 4, 30), 30),
        (Unit.NIGHT, None, 100, None, 100),
        (Unit.HOUR, 300, None, None, 300 * 365 // 7),
        (Unit.HOUR, 300, 6000, None, 6000),
        (Unit.HOUR, 300, None, date(2027, 4, 7), 300),
        (Unit.SESSION, None, 40, None, 40),
        (Unit.SESSION, None, None, None, None),
    ],
)
def test_a_year_holds_what_is_authorised_for_it(
    unit: Unit, weekly: int | None, total: int | None, last: date | None, parts: int | None
) -> None:
    assert yearly_parts(unit, weekly, total, APRIL, last) == parts
