from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.years import (
    BeforeFirstYear,
    Year,
    academic_year,
    contract_year,
    contract_year_number,
    contract_years,
    financial_year,
)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


def test_the_financial_year_begins_on_1_april() -> None:
    year = Year(date(2026, 4, 1), date(2027, 3, 31))
    assert financial_year(date(2026, 4, 1)) == financial_year(date(2027, 3, 31)) == year
    assert financial_year(date(2026, 3, 31)).last == date(2026, 3, 31)
    assert (str(year), year.code) == ("2026 to 2027", "2026-27")
    assert date(2026, 12, 25) in year
    assert date(2027, 4, 1) not in year


def test_the_academic_year_begins_on_1_september() -> None:
    year = Year(date(2025, 9, 1), date(2026, 8, 31))
    assert academic_year(date(2025, 9, 1)) == academic_year(date(2026, 8, 31)) == year
    assert academic_year(date(2026, 9, 1)).first == date(2026, 9, 1)


def test_august_service_counts_in_the_contract_year_that_ends_then() -> None:
    start = date(2024, 9, 1)
    assert contract_year(start, date(2026, 8, 31)) == Year(date(2025, 9, 1), date(2026, 8, 31))
    assert contract_year(start, date(2026, 9, 1)).first == date(2026, 9, 1)
    assert contract_year_number(start, start) == 1
    assert contract_year_number(start, date(2026, 9, 1)) == 3


def test_a_contract_from_29_february_does_not_drift() -> None:
    start = date(2024, 2, 29)
    assert contract_year(start, start) == Year(start, date(2025, 2, 27))
    assert contract_year(start, date(2025, 2, 28)).first == date(2025, 2, 28)
    assert contract_year(start, date(2028, 2, 28)) == Year(date(2027, 2, 28), date(2028, 2, 28))
    assert contract_year(start, date(2028, 2, 29)).first == date(2028, 2, 29)


def test_a_contract_year_within_one_calendar_year_is_named_by_it() -> None:
    year = contract_year(date(2026, 1, 1), date(2026, 6, 1))
    assert str(year) == year.code == "2026"


@pytest.mark.parametrize(
    ("end", "firsts"),
    [
        (date(2025, 8, 31), [date(2024, 9, 1)]),
        (date(2025, 9, 1), [date(2024, 9, 1), date(2025, 9, 1)]),
        (date(2027, 2, 28), [date(2024, 9, 1), date(2025, 9, 1), date(2026, 9, 1)]),
    ],
)
def test_the_contract_years_of_a_term_reach_its_last_day(end: date, firsts: list[date]) -> None:
    assert [year.first for year in contract_years(date(2024, 9, 1), end)] == firsts


def test_no_contract_year_holds_a_day_before_the_start() -> None:
    with pytest.raises(BeforeFirstYear):
        contract_year(date(2026, 4, 1), date(2026, 3, 31))


def test_a_datetime_is_refused() -> None:
    with pytest.raises(TypeError):
        financial_year(datetime(2026, 3, 31, 23, 30, tzinfo=UTC))


@given(days, st.integers(min_value=0, max_value=20_000))
def test_contract_years_follow_each_other_without_a_gap(start: date, later: int) -> None:
    day = date.fromordinal(start.toordinal() + later)
    year = contract_year(start, day)
    assert day in year
    assert year.first >= start
    after = contract_year(start, date.fromordinal(year.last.toordinal() + 1))
    assert (after.first - year.last).days == 1
    assert contract_year_number(start, after.first) == contract_year_number(start, day) + 1
