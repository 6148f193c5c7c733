from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.local_time import (
    LONDON,
    AmbiguousTime,
    NoSuchTime,
    local_date,
    start_of_day,
    to_local,
    to_utc,
)


def entered(text: str) -> datetime:
    """A London time as a person types it, without a zone."""
    return datetime.fromisoformat(text)


def test_summer_and_winter_times_become_utc() -> None:
    assert to_utc(entered("2026-07-01T09:00")) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert to_utc(entered("2026-01-05T09:00"), fold=1) == datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize("fold", [None, 0, 1])
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_the_clocks_skip_is_refused(fold: None, minute: int) -> None:
    with pytest.raises(NoSuchTime, match="does not exist") as refusal:
        to_utc(entered(f"2026-03-29T01:{minute:02}"), fold=fold)
    assert refusal.value.status == 422


def test_the_hours_beside_the_skipped_one_stand() -> None:
    assert to_utc(entered("2026-03-29T00:59")).hour == 0
    assert to_utc(entered("2026-03-29T02:00")) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_time_that_comes_twice_is_asked_about() -> None:
    twice = entered("2026-10-25T01:30")
    with pytest.raises(AmbiguousTime, match="comes twice"):
        to_utc(twice)
    assert to_utc(twice, fold=0) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_utc(twice, fold=1) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert to_utc(entered("2026-10-25T02:00")) == datetime(2026, 10, 25, 2, tzinfo=UTC)


def test_late_on_a_summer_evening_it_is_already_tomorrow_in_london() -> None:
    assert local_date(datetime(2026, 4, 30, 23, 30, tzinfo=UTC)) == date(2026, 5, 1)
    assert start_of_day(date(2026, 5, 1)) == datetime(2026, 4, 30, 23, tzinfo=UTC)
    assert start_of_day(date(2026, 3, 29)) == datetime(2026, 3, 29, tzinfo=UTC)


def test_a_zone_is_needed_for_kept_times_and_refused_for_entered_ones() -> None:
    with pytest.raises(ValueError, match="must say its zone"):
        local_date(entered("2026-05-01T00:00"))
    with pytest.raises(ValueError, match="no zone of its own"):
        to_utc(datetime(2026, 5, 1, tzinfo=LONDON))


@given(st.datetimes(min_value=entered("2000-01-01T00:00"), max_value=entered("2100-01-01T00:00")))
def test_every_kept_time_comes_back_from_london(naive: datetime) -> None:
    kept = naive.replace(tzinfo=UTC)
    local = to_local(kept)
    assert to_utc(local.replace(tzinfo=None), fold=1 if local.fold else 0) == kept
