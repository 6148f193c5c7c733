from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.working_days import (
    KEPT_YEARS,
    add_days,
    add_working_days,
    bank_holiday,
    computed_bank_holidays,
    is_working_day,
)

RECEIVED = date(2026, 12, 17)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (RECEIVED, 0, RECEIVED),
        (RECEIVED, 10, date(2027, 1, 5)),
        (RECEIVED, 20, date(2027, 1, 19)),
        (RECEIVED, 25, date(2027, 1, 26)),
        (RECEIVED, 65, date(2027, 3, 23)),
        (date(2026, 4, 2), 2, date(2026, 4, 8)),
        (date(2025, 12, 24), 2, date(2025, 12, 30)),
        (date(2025, 12, 30), 10, date(2026, 1, 14)),
        (date(2026, 3, 27), 10, date(2026, 4, 14)),
        (date(2026, 4, 4), 1, date(2026, 4, 7)),
    ],
)
def test_working_days_are_counted_from_day_0(start: date, days: int, due: date) -> None:
    assert add_working_days(start, days).due == due


def test_the_count_is_said_in_words() -> None:
    deadline = add_working_days(RECEIVED, 10)
    assert deadline.sentence == (
        "Counted 10 working days from 17 December 2026 (day 0); "
        "skipped Christmas Day, Boxing Day (substitute day) and New Year's Day"
    )
    assert deadline.skipped == (
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
        (date(2027, 1, 1), "New Year's Day"),
    )
    assert (deadline.start, deadline.days) == (RECEIVED, 10)
    easter = add_working_days(date(2026, 4, 2), 2)
    assert easter.sentence.endswith("; skipped Good Friday and Easter Monday")


def test_a_count_that_skips_only_weekends_lists_nothing() -> None:
    deadline = add_working_days(date(2026, 10, 30), 1)
    assert deadline.sentence == "Counted 1 working day from 30 October 2026 (day 0)"
    assert deadline.due == date(2026, 11, 2)
    assert deadline.skipped == ()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 10, 1), 30, date(2026, 10, 31)),
        (date(2026, 3, 30), 7, date(2026, 4, 6)),
    ],
)
def test_calendar_days_skip_nothing(start: date, days: int, due: date) -> None:
    deadline = add_days(start, days)
    assert deadline.due == due
    assert deadline.skipped == ()


def test_calendar_days_are_said_in_words() -> None:
    said = add_days(date(2026, 10, 1), 30).sentence
    assert said == "Counted 30 days from 1 October 2026 (day 0)"


def test_the_bank_holidays_are_the_government_s() -> None:
    def weekday_holidays(year: int) -> list[tuple[int, int]]:
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        return [(d.month, d.day) for d in days if d.weekday() < 5 and not is_working_day(d)]

    assert weekday_holidays(2026) == [
        *[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)],
    ]
    assert weekday_holidays(2027) == [
        *[(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)],
    ]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 5, 25), "Spring bank holiday"),
        (date(2026, 8, 31), "Summer bank holiday"),
        (date(2027, 12, 27), "Christmas Day (substitute day)"),
        (date(2026, 3, 17), None),
        (date(2026, 11, 30), None),
    ],
)
def test_bank_holidays_have_their_names(day: date, name: str | None) -> None:
    assert bank_holiday(day) == name


@pytest.mark.parametrize("year", [KEPT_YEARS[0] - 1, *KEPT_YEARS, KEPT_YEARS[-1] + 1])
def test_what_is_kept_is_what_the_package_knows(year: int) -> None:
    """Where not, run bin/bank-holidays."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    named = {day: name for day in days if day.year == year and (name := bank_holiday(day))}
    assert named == computed_bank_holidays(year)


def test_a_deadline_before_its_start_or_from_a_datetime_is_refused() -> None:
    for add in (add_days, add_working_days):
        with pytest.raises(ValueError, match="before its start"):
            add(RECEIVED, -1)
        with pytest.raises(TypeError):
            add(datetime(2026, 12, 17, tzinfo=UTC), 1)


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)),
    st.integers(min_value=1, max_value=70),
)
def test_a_deadline_is_a_working_day_with_as_many_within(start: date, days: int) -> None:
    due = add_working_days(start, days).due
    within = (start + timedelta(days=n) for n in range(1, (due - start).days + 1))
    assert is_working_day(due)
    assert sum(map(is_working_day, within)) == days
