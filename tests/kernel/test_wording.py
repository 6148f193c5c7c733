from datetime import UTC, date, datetime, time

import pytest

from portal.kernel.wording import (
    say_count,
    say_date,
    say_datetime,
    say_day,
    say_due,
    say_hours,
    say_list,
    say_period,
    say_time,
)


def test_dates_are_said_in_words() -> None:
    assert say_date(date(2027, 1, 5)) == "5 January 2027"
    assert say_day(date(2026, 4, 16)) == "Thu 16 Apr"
    for say in (say_date, say_day):
        with pytest.raises(TypeError):
            say(datetime(2026, 4, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(9, 0), "9am"),
        (time(12, 0), "midday"),
        (time(12, 30), "12:30pm"),
        (time(16, 30), "4:30pm"),
        (time(23, 59, 59), "11:59pm"),
    ],
)
def test_times_are_said_on_a_twelve_hour_clock(clock: time, said: str) -> None:
    assert say_time(clock) == said


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        (datetime(2027, 1, 5, 16, 30, tzinfo=UTC), "5 January 2027 at 4:30pm"),
        (datetime(2026, 4, 30, 23, 0, tzinfo=UTC), "1 May 2026 at midnight"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "1 July 2026 at midday"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026 at 1:30am (BST)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026 at 1:30am (GMT)"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "29 March 2026 at 2:30am"),
    ],
)
def test_kept_times_are_said_in_london(utc: datetime, said: str) -> None:
    assert say_datetime(utc) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (330, "5.5 hours"),
        (60, "1 hour"),
        (120, "2 hours"),
        (20, "20 minutes"),
        (1, "1 minute"),
        (30, "30 minutes"),
        (75, "1.25 hours"),
        (105, "1.75 hours"),
        (140, "2 hours 20 minutes"),
        (61, "1 hour 1 minute"),
        (63, "1 hour 3 minutes"),
        (0, "0 hours"),
        (-330, "-5.5 hours"),
        (60_030, "1,000.5 hours"),
    ],
)
def test_durations_are_said_as_they_read_best(minutes: int, said: str) -> None:
    assert say_hours(minutes) == said


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, "night", "1 night"),
        (0, "night", "0 nights"),
        (30, "night", "30 nights"),
        (-1, "night", "-1 night"),
        (1000, "query", "1,000 queries"),
        (2, "working day", "2 working days"),
        (2, "address", "2 addresses"),
    ],
)
def test_counts_agree_with_their_noun(number: int, noun: str, said: str) -> None:
    assert say_count(number, noun) == said


def test_an_irregular_plural_is_given() -> None:
    assert say_count(2, "child", "children") == "2 children"


def test_lists_end_with_and() -> None:
    assert say_list([]) == ""
    assert say_list(["a"]) == "a"
    assert say_list(["a", "b"]) == "a and b"
    assert say_list(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 4, 16), date(2026, 4, 30), "16 to 30 April 2026"),
        (date(2026, 4, 16), date(2026, 4, 16), "16 April 2026"),
        (date(2026, 3, 28), date(2026, 4, 2), "28 March to 2 April 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 to 3 January 2027"),
        (date(2026, 4, 1), date(2027, 4, 30), "1 April 2026 to 30 April 2027"),
    ],
)
def test_periods_repeat_nothing(first: date, last: date, said: str) -> None:
    assert say_period(first, last) == said


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="on or after"):
        say_period(date(2026, 4, 2), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 4, 16), "due today"),
        (date(2026, 4, 17), "due tomorrow"),
        (date(2026, 4, 19), "due in 3 days"),
        (date(2026, 4, 15), "1 day late"),
        (date(2026, 4, 14), "2 days late"),
    ],
)
def test_what_is_due_is_said_from_today(due: date, said: str) -> None:
    assert say_due(due, today=date(2026, 4, 16)) == said
