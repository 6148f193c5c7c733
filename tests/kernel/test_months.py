from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.months import BadMonth, Month

APRIL = Month(2026, 4)


def test_a_month_knows_its_days_and_neighbours() -> None:
    assert (APRIL.first, APRIL.last) == (date(2026, 4, 1), date(2026, 4, 30))
    assert (APRIL.previous, APRIL.next) == (Month(2026, 3), Month(2026, 5))
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2026, 1).previous == Month(2025, 12)
    assert APRIL.plus(-16) == Month(2024, 12)
    assert Month(2028, 2).last == date(2028, 2, 29)
    assert list(APRIL)[::29] == [APRIL.first, APRIL.last]
    assert len(APRIL) == 30


def test_a_month_is_said_coded_ordered_and_asked() -> None:
    assert (str(APRIL), APRIL.code) == ("April 2026", "2026-04")
    assert Month.parse("2026-04") == Month.of(date(2026, 4, 16)) == APRIL
    assert Month(2025, 12) < APRIL < Month(2026, 5)
    assert date(2026, 4, 30) in APRIL
    assert date(2026, 5, 1) not in APRIL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13",
        "2026-00",
        "0000-01",
        "2026-4",
        "April",
        "\uff12\uff10\uff12\uff16-04",
    ],
)
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(BadMonth, match="like 2026-04"):
        Month.parse(text)


def test_a_datetime_has_no_month_until_it_is_local() -> None:
    with pytest.raises(TypeError):
        Month.of(datetime(2026, 3, 31, 23, 30, tzinfo=UTC))


@given(st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31)))
def test_months_meet_without_a_gap(day: date) -> None:
    month = Month.of(day)
    assert day in month
    assert month.first <= day <= month.last
    assert month.next.previous == month == Month.parse(month.code)
    assert (month.next.first - month.last).days == 1
