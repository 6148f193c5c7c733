from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from portal.frameworks.rules import Mechanism, Unit, in_force
from portal.invoicing.mechanisms import (
    CHARGING,
    AgreedPrice,
    Charge,
    Charged,
    Delivered,
    Terms,
)
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.years import contract_year
from tests.invoicing.makers import make_nights, make_terms, make_unit


def charge(terms: Terms, *delivered: Delivered) -> Charged:
    return CHARGING[terms.mechanism](terms, delivered)


def nets(charged: Charged) -> list[str]:
    return [str(line.net) for line in charged.lines]


def test_every_mechanism_of_the_frameworks_can_be_charged() -> None:
    assert set(CHARGING) == set(Mechanism)


def test_thirty_nights_at_820_a_week_are_rounded_once() -> None:
    terms = make_terms(Unit.NIGHT, (date(2026, 1, 1), "820.00"))
    charged = charge(terms, make_nights(date(2026, 9, 1), date(2026, 9, 30)))
    assert nets(charged) == ["£3,514.29"]
    assert charged.lines[0].description == "30 nights, 1 to 30 September 2026"


def test_nights_in_several_stays_of_one_month_are_rounded_once() -> None:
    terms = make_terms(Unit.NIGHT, (date(2026, 1, 1), "820.00"))
    stays = [make_nights(date(2026, 9, day), date(2026, 9, day)) for day in range(1, 31)]
    assert nets(charge(terms, *stays)) == ["£3,514.29"]


def test_a_price_change_inside_march_makes_two_lines() -> None:
    terms = make_terms(Unit.NIGHT, (date(2026, 1, 1), "3140.00"), (date(2026, 3, 16), "3187.10"))
    charged = charge(terms, make_nights(date(2026, 3, 1), date(2026, 3, 31)))
    assert nets(charged) == ["£6,728.57", "£7,284.80"]
    assert str(Money.total(line.net for line in charged.lines)) == "£14,013.37"
    assert [(line.first_day.day, line.last_day.day) for line in charged.lines] == [
        (1, 15),
        (16, 31),
    ]


def test_five_and_a_half_hours_at_42() -> None:
    charged = charge(
        make_terms(),
        make_unit(date(2026, 4, 16), 120),
        make_unit(date(2026, 4, 23), 90),
        make_unit(date(2026, 4, 30), 120),
    )
    assert nets(charged) == ["£231.00"]
    assert charged.lines[0].parts == 330
    assert charged.lines[0].description == "3 sessions, 16 to 30 April 2026"


def test_a_session_before_the_first_price_is_charged_to_nobody() -> None:
    terms = make_terms(Unit.HOUR, (date(2026, 4, 16), "42.00"))
    early = make_unit(date(2026, 4, 14), 120)
    charged = charge(terms, early, make_unit(date(2026, 4, 16), 120))
    assert charged.unpriced == (Charge(early, date(2026, 4, 14), date(2026, 4, 14), 120),)
    assert nets(charged) == ["£84.00"]


def test_nights_before_the_first_price_are_cut_off_the_stay() -> None:
    terms = make_terms(Unit.NIGHT, (date(2026, 4, 16), "700.00"))
    charged = charge(terms, make_nights(date(2026, 4, 14), date(2026, 4, 17)))
    assert [each.parts for each in charged.unpriced] == [2]
    assert nets(charged) == ["£200.00"]


def test_a_session_is_one_unit_however_long_it_took() -> None:
    charged = charge(
        make_terms(Unit.SESSION), make_unit(date(2026, 4, 1), 45), make_unit(date(2026, 4, 2), 90)
    )
    assert charged.lines[0].parts == 2
    assert nets(charged) == ["£84.00"]


def test_service_in_august_counts_in_augusts_contract_year() -> None:
    terms = make_terms(framework_starts_on=date(2025, 9, 1))
    late, current = make_unit(date(2026, 8, 31)), make_unit(date(2026, 9, 1))
    lines = charge(terms, current, late).lines
    assert [line.contract_year for line in lines] == [date(2025, 9, 1), date(2026, 9, 1)]
    assert [str(line.service_month) for line in lines] == ["August 2026", "September 2026"]


def test_a_contract_year_that_ends_inside_a_month_cuts_a_stay() -> None:
    terms = make_terms(
        Unit.NIGHT, (date(2025, 1, 1), "700.00"), framework_starts_on=date(2025, 4, 16)
    )
    lines = charge(terms, make_nights(date(2026, 4, 1), date(2026, 4, 30))).lines
    assert [(line.contract_year.year, line.parts) for line in lines] == [(2025, 15), (2026, 15)]


def test_a_day_before_the_framework_counts_in_its_first_year() -> None:
    terms = make_terms(framework_starts_on=date(2026, 5, 1))
    assert charge(terms, make_unit(date(2026, 4, 1))).lines[0].contract_year == date(2026, 5, 1)


def test_a_late_session_stands_on_a_line_of_its_own_month() -> None:
    lines = charge(make_terms(), make_unit(date(2026, 4, 8)), make_unit(date(2026, 3, 30))).lines
    assert [str(line.service_month) for line in lines] == ["March 2026", "April 2026"]


def test_everybody_who_recorded_a_unit_is_named_on_its_line_once() -> None:
    lines = charge(
        make_terms(),
        make_unit(date(2026, 4, 8), 60, "b", "a"),
        make_unit(date(2026, 4, 9), 60, "a"),
    ).lines
    assert lines[0].hands == ["a", "b"]


# Any sessions or nights at any steps of price

DAYS = st.dates(date(2025, 6, 1), date(2027, 2, 28))
PRICES = st.dictionaries(DAYS, st.integers(1, 500_000).map(Money), min_size=1, max_size=5)
STARTS = st.dates(date(2024, 1, 1), date(2026, 6, 1))


@st.composite
def any_terms(draw: st.DrawFn, unit: Unit) -> Terms:
    steps = draw(PRICES)
    terms = make_terms(unit, framework_starts_on=draw(STARTS))
    prices = tuple(AgreedPrice(day, steps[day]) for day in sorted(steps))
    return Terms(
        terms.agreement_id,
        terms.reference,
        terms.title,
        terms.mechanism,
        unit,
        terms.framework_starts_on,
        prices,
    )


SESSIONS = st.lists(st.builds(make_unit, DAYS, st.integers(1, 1440)), max_size=12)
STAYS = st.lists(
    st.builds(
        lambda first, nights: make_nights(first, first + timedelta(days=nights - 1)),
        DAYS,
        st.integers(1, 70),
    ),
    max_size=6,
)


def days_of(charged: Charge) -> Iterator[date]:
    for number in range((charged.last_day - charged.first_day).days + 1):
        yield charged.first_day + timedelta(days=number)


def holds(terms: Terms, delivered: list[Delivered]) -> None:
    charged = charge(terms, *delivered)
    every = [each for line in charged.lines for each in line.charges] + list(charged.unpriced)
    whole = [1 if terms.unit is Unit.SESSION else unit.parts for unit in delivered]
    assert sum(each.parts for each in every) == sum(whole)
    found = sorted(day for each in every for day in days_of(each))
    owed = sorted(
        unit.first_day + timedelta(days=number)
        for unit in delivered
        for number in range((unit.last_day - unit.first_day).days + 1)
    )
    assert found == owed, "each day of each unit is charged exactly once, or has no price"
    for each in charged.unpriced:
        assert all(in_force(terms.prices, day) is None for day in days_of(each))
    for line in charged.lines:
        for each in line.charges:
            for day in days_of(each):
                agreed = in_force(terms.prices, day)
                assert agreed is not None and agreed.price == line.price
                assert Month.of(day) == line.service_month
                counted = max(day, terms.framework_starts_on)
                year = contract_year(terms.framework_starts_on, counted)
                assert year.first == line.contract_year
        exact = Fraction(line.price.pence * line.parts, terms.unit.parts_per_price)
        assert line.net.pence == floor(exact + Fraction(1, 2))
    keys = [(line.service_month, line.contract_year, line.price) for line in charged.lines]
    assert len(set(keys)) == len(keys), "rounded once: no two lines of one month, year and price"


@given(any_terms(Unit.HOUR), SESSIONS)
def test_any_hours_are_charged_once_to_the_penny(terms: Terms, delivered: list[Delivered]) -> None:
    holds(terms, delivered)


@given(any_terms(Unit.SESSION), SESSIONS)
def test_any_sessions_are_charged_once_to_the_penny(
    terms: Terms, delivered: list[Delivered]
) -> None:
    holds(terms, delivered)


@given(any_terms(Unit.NIGHT), STAYS)
def test_any_nights_are_charged_once_to_the_penny(terms: Terms, delivered: list[Delivered]) -> None:
    holds(terms, delivered)
