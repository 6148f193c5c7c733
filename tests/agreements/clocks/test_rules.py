"""The clocks of an order form and of a substitute, counted as councils count them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.agreements.clocks.rules import (
    Clock,
    ClockKind,
    Contact,
    ContactKind,
    How,
    Pause,
    Standing,
    UnfitContact,
    check_contact,
    order_clocks,
    remind_from,
)
from portal.kernel.working_days import is_working_day

ATTEMPT, CONTACT, MEETING = ContactKind.ATTEMPT, ContactKind.CONTACT, ContactKind.MEETING
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def test_an_order_before_easter_with_a_voicemail_and_a_contact() -> None:
    """Order form Thu 2 April 2026, voicemail on the 3rd, contact on Tue the 7th."""
    ordered, voicemail, reached = date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 7)
    (alone,) = order_clocks(ordered, [(ATTEMPT, voicemail)])
    assert alone.standing(voicemail) is Standing.RUNNING, "the voicemail stopped nothing"
    contact, meeting = order_clocks(ordered, [(ATTEMPT, voicemail), (CONTACT, reached)])
    assert (contact.due_on, contact.done_on) == (date(2026, 4, 8), reached)
    assert contact.standing(reached) is Standing.MET
    assert contact.ended(reached) == "Met on 7 April 2026"
    assert contact.counted() == (
        "Counted 2 working days from 2 April 2026 (day 0, the order form); "
        "skipped Good Friday and Easter Monday"
    )
    assert (meeting.starts_on, meeting.due_on) == (reached, date(2026, 4, 21))
    assert meeting.counted() == (
        "Counted 10 working days from 7 April 2026 (day 0, the first contact)"
    )
    assert meeting.ended(date(2026, 4, 20)) == "Due tomorrow"


def test_a_substitute_of_a_coming_day_is_arranged_not_met() -> None:
    clock = Clock(ClockKind.SUBSTITUTE, date(2026, 3, 30), done_on=date(2026, 4, 8))
    assert clock.ended(date(2026, 4, 7)) == "Arranged for 8 April 2026, 2 days late"
    assert clock.ended(date(2026, 4, 8)) == "Met on 8 April 2026, 2 days late"


def test_an_order_on_christmas_eve() -> None:
    reached = date(2025, 12, 30)
    contact, meeting = order_clocks(date(2025, 12, 24), [(CONTACT, reached)])
    assert contact.due_on == reached
    assert contact.standing(reached) is Standing.MET
    assert meeting.due_on == date(2026, 1, 14)


def test_a_substitute_is_due_in_calendar_days_easter_counts() -> None:
    clock = Clock(ClockKind.SUBSTITUTE, date(2026, 3, 30))
    assert clock.due_on == date(2026, 4, 6)
    assert clock.counted() == (
        "Counted 7 days from 30 March 2026 (day 0, the first without the mentor)"
    )


def test_the_days_of_a_suspension_are_not_counted() -> None:
    """As above, with the agreement suspended from Tue 7 to Fri 10 April and for a while after."""
    first = Pause(date(2026, 4, 7), date(2026, 4, 10))
    (contact,) = order_clocks(date(2026, 4, 2), [], (first,))
    assert contact.due_on == date(2026, 4, 14), "13 and 14 April are the two working days"
    assert contact.counted() == (
        "Counted 2 working days from 2 April 2026 (day 0, the order form); skipped Good Friday "
        "and Easter Monday; 7 to 10 April 2026, when the agreement is suspended, not counted"
    )
    assert contact.standing(date(2026, 4, 6)) is Standing.RUNNING
    assert contact.standing(date(2026, 4, 9)) is Standing.STILL
    assert contact.ended(date(2026, 4, 9)) == (
        "Stands still until 10 April 2026, as the agreement is suspended, with 2 working days left"
    )
    assert contact.standing(date(2026, 4, 15)) is Standing.MISSED

    reached, second = date(2026, 4, 14), Pause(date(2026, 4, 20), None)
    _, meeting = order_clocks(date(2026, 4, 2), [(CONTACT, reached)], (first, second))
    assert meeting.standing(date(2026, 6, 1)) is Standing.STILL, "however long it takes"
    assert meeting.ended(date(2026, 6, 1)) == (
        "Stands still since 20 April 2026, as the agreement is suspended, with 7 working days left"
    )
    met = replace(meeting, done_on=date(2026, 5, 29))
    assert met.standing(date(2026, 6, 1)) is Standing.MET
    assert met.ended(date(2026, 6, 1)) == "Met on 29 May 2026"
    over = replace(meeting, pauses=(first, Pause(date(2026, 4, 20), date(2026, 5, 4))))
    assert over.due_on == date(2026, 5, 13), "5 May is the fourth of the ten"
    assert "20 April to 4 May 2026, when" in over.counted()
    assert "7 to 10" not in over.counted(), "that was before it began"


def test_a_substitute_s_days_stand_still_too() -> None:
    clock = Clock(
        ClockKind.SUBSTITUTE,
        date(2026, 3, 30),
        pauses=(Pause(date(2026, 4, 1), date(2026, 4, 10)),),
    )
    assert clock.due_on == date(2026, 4, 16)
    assert clock.ended(date(2026, 4, 1)).endswith("with 6 days left")


def test_what_was_missed_before_a_suspension_stays_missed() -> None:
    later = (Pause(date(2026, 4, 20), None),)
    clock = Clock(ClockKind.CONTACT, date(2026, 4, 2), pauses=later)
    assert clock.standing(date(2026, 4, 21)) is Standing.MISSED
    assert clock.due_on == date(2026, 4, 8)


def test_what_comes_late_stays_known_as_late() -> None:
    contact, meeting = order_clocks(
        date(2026, 4, 2), [(MEETING, date(2026, 4, 10)), (CONTACT, date(2026, 4, 13))]
    )
    assert contact.standing(date(2026, 5, 1)) is Standing.MET_LATE
    assert contact.ended(date(2026, 5, 1)) == "Met on 10 April 2026, 2 days late"
    assert (meeting.starts_on, meeting.done_on) == (date(2026, 4, 10), date(2026, 4, 10))
    assert meeting.standing(date(2026, 5, 1)) is Standing.MET, "a meeting is a contact too"


@pytest.mark.parametrize(
    ("stopped_on", "day", "standing", "said"),
    [
        (None, date(2026, 4, 6), Standing.RUNNING, "Due today"),
        (None, date(2026, 4, 7), Standing.MISSED, "1 day late"),
        (date(2026, 4, 6), date(2026, 4, 9), Standing.STOPPED, "Stopped on 6 April 2026"),
        (
            date(2026, 4, 8), date(2026, 4, 9), Standing.MISSED,
            "Stopped on 8 April 2026, 2 days late",
        ),
    ],
)  # fmt: skip
def test_a_clock_that_nobody_met(
    stopped_on: date | None, day: date, standing: Standing, said: str
) -> None:
    clock = Clock(ClockKind.SUBSTITUTE, date(2026, 3, 30), stopped_on=stopped_on)
    assert (clock.standing(day), clock.ended(day)) == (standing, said)


@pytest.mark.parametrize(
    ("due_on", "from_"),
    [
        (date(2026, 4, 8), date(2026, 4, 7)),
        (date(2026, 4, 7), date(2026, 4, 2)),  # over Easter
        (date(2026, 4, 6), date(2026, 4, 2)),  # due on Easter Monday itself
    ],
)
def test_the_reminder_comes_on_the_last_working_day_before(due_on: date, from_: date) -> None:
    assert remind_from(due_on) == from_


@pytest.mark.parametrize(
    ("contact", "field", "said"),
    [
        (Contact(CONTACT, How.PHONE, date(2026, 4, 9)), "day", "today or earlier"),
        (Contact(CONTACT, How.PHONE, date(2026, 4, 1)), "day", "The order form is of 2 April 2026"),
        (Contact(MEETING, How.PHONE, date(2026, 4, 7)), "how", "in person or by video call"),
        (Contact(CONTACT, How.VOICEMAIL, date(2026, 4, 7)), "how", "A voicemail is an attempt"),
    ],
)
def test_a_contact_that_cannot_be(contact: Contact, field: str, said: str) -> None:
    with pytest.raises(UnfitContact, match=said) as refused:
        check_contact(contact, ordered_on=date(2026, 4, 2), today=date(2026, 4, 8))
    assert refused.value.field == field


@given(
    ordered=DAYS,
    attempts=st.lists(DAYS, max_size=4),
    made=st.lists(st.tuples(st.sampled_from([CONTACT, MEETING]), DAYS), max_size=5),
)
def test_clocks_count_working_days_and_no_attempt(
    ordered: date, attempts: list[date], made: list[tuple[ContactKind, date]]
) -> None:
    tried = [(ATTEMPT, day) for day in attempts]
    clocks = order_clocks(ordered, [*tried, *made])
    assert clocks == order_clocks(ordered, made)
    since = sorted(day for _, day in made if day >= ordered)
    assert len(clocks) == (2 if since else 1)
    assert clocks[0].done_on == (since[0] if since else None)
    for clock, days in zip(clocks, (2, 10), strict=False):
        passed = (clock.due_on - clock.starts_on).days
        counted = sum(
            is_working_day(clock.starts_on + timedelta(days=number + 1)) for number in range(passed)
        )
        assert counted == days
        assert is_working_day(clock.due_on)
