"""What is not paid while an account is changed, and which numbers are one."""

from __future__ import annotations

from datetime import date

import pytest

from portal.invoicing.banking.rules import (
    CHANGE_TRANSITIONS,
    ChangeState,
    ChangeStep,
    hold_from,
    is_held,
    same_number,
    why_unpaid,
)

CALLED = date(2026, 12, 17)


def test_the_hold_is_five_working_days_and_passes_over_christmas() -> None:
    held = hold_from(CALLED, 5)
    assert held.due == date(2026, 12, 24)
    assert hold_from(date(2026, 12, 21), 5).due == date(2026, 12, 30)


@pytest.mark.parametrize(
    ("state", "today", "paid"),
    [
        (ChangeState.PROPOSED, CALLED, True),
        (ChangeState.CONFIRMED, CALLED, False),
        (ChangeState.VERIFIED, date(2026, 12, 24), False),
        (ChangeState.VERIFIED, date(2026, 12, 25), True),
        (ChangeState.REFUSED, CALLED, True),
        (ChangeState.STOPPED, CALLED, True),
    ],
)
def test_who_is_paid_while_an_account_changes(state: ChangeState, today: date, paid: bool) -> None:
    why = why_unpaid(state, confirmed_on=CALLED, hold_until=date(2026, 12, 24), today=today)
    assert (why is None) is paid
    assert paid or "The bank account was changed" in str(why)


def test_the_last_day_of_a_hold_is_in_it() -> None:
    last = date(2026, 12, 24)
    assert is_held(ChangeState.VERIFIED, last, last)
    assert not is_held(ChangeState.VERIFIED, last, date(2026, 12, 25))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+44 1632 960001", "01632 960 001", True),
        ("01632 960001", "01632 960002", False),
        ("", "", False),
    ],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same


def test_what_has_ended_takes_no_further_step() -> None:
    over = {ChangeState.REFUSED, ChangeState.STOPPED}
    assert not any(state in over for state, _step in CHANGE_TRANSITIONS)
    assert (ChangeState.PROPOSED, ChangeStep.VERIFY) not in CHANGE_TRANSITIONS
