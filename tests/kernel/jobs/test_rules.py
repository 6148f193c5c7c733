"""When a job is tried again, and when a schedule is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.jobs.rules import Daily, EveryMinutes, wait_after


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 10), (2, 30), (3, 90), (4, 270), (7, 7290), (8, 21600), (9, 21600), (5000, 21600)],
)
def test_each_wait_is_three_times_the_last_and_never_above_six_hours(
    attempts: int, seconds: int
) -> None:
    assert wait_after(attempts, 0.5) == timedelta(seconds=seconds)


def test_chance_spreads_a_wait_from_half_to_one_and_a_half() -> None:
    assert wait_after(1, 0.0) == timedelta(seconds=5)
    assert wait_after(1, 1.0) == timedelta(seconds=15)


@pytest.mark.parametrize(
    ("now", "key", "due"),
    [
        # In winter London is UTC, in summer an hour ahead of it.
        ("2026-11-02 02:59", "2026-11-01", "2026-11-01 03:00"),
        ("2026-11-02 03:00", "2026-11-02", "2026-11-02 03:00"),
        ("2026-07-02 01:59", "2026-07-01", "2026-07-01 02:00"),
        ("2026-07-02 02:00", "2026-07-02", "2026-07-02 02:00"),
        # Late in the evening of UTC it is tomorrow in London's summer.
        ("2026-07-02 23:30", "2026-07-02", "2026-07-02 02:00"),
    ],
)
def test_daily_is_by_londons_clocks(now: str, key: str, due: str) -> None:
    found = Daily(time(3)).latest(_utc(now))
    assert (found.key, found.due) == (key, _utc(due))


def test_a_time_that_the_clocks_skip_comes_an_hour_later_that_day() -> None:
    """29 March 2026: 1am becomes 2am."""
    found = Daily(time(1, 30)).latest(_utc("2026-03-29 12:00"))
    assert (found.key, found.due) == ("2026-03-29", _utc("2026-03-29 01:30"))


def test_a_time_that_comes_twice_is_one_turn() -> None:
    """25 October 2026: 2am becomes 1am again."""
    first, second = (
        Daily(time(1, 30)).latest(_utc(now)) for now in ("2026-10-25 00:30", "2026-10-25 01:30")
    )
    assert first == second
    assert first.due == _utc("2026-10-25 00:30")


def test_every_so_many_minutes() -> None:
    five = EveryMinutes(5)
    assert five.latest(_utc("2026-11-02 12:04")) == five.latest(_utc("2026-11-02 12:00"))
    assert five.latest(_utc("2026-11-02 12:05")).due == _utc("2026-11-02 12:05")


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.times())
def test_a_turn_is_never_in_the_future_nor_more_than_a_day_and_an_hour_ago(
    moment: datetime, at: time
) -> None:
    now = moment.replace(tzinfo=UTC)
    due = Daily(at.replace(tzinfo=None)).latest(now).due
    assert timedelta() <= now - due <= timedelta(hours=25)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
