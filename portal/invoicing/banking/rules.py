"""A change of bank account: who may take which step, and what is not paid meanwhile. Pure.

A changed account is how money is stolen. So one person of the provider asks and another confirms,
the people known before are told at once, a council calls back on a number that it had before, and
nothing is paid until a hold is over in which anybody of either side can stop it (promise 4).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from portal.kernel.wording import say_date
from portal.kernel.working_days import Deadline, add_working_days

USUAL_HOLD, LEAST_HOLD, MOST_HOLD = 5, 1, 30  # working days


class ChangeState(StrEnum):
    """Where a change of bank account stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    VERIFIED = "verified"
    REFUSED = "refused"
    STOPPED = "stopped"


class ChangeStep(StrEnum):
    """What is done about it: by a council verify and refuse, else by the provider."""

    CONFIRM = "confirm"
    VERIFY = "verify"
    REFUSE = "refuse"
    STOP = "stop"


CHANGE_TRANSITIONS: dict[tuple[ChangeState, ChangeStep], ChangeState] = {
    (ChangeState.PROPOSED, ChangeStep.CONFIRM): ChangeState.CONFIRMED,
    (ChangeState.PROPOSED, ChangeStep.STOP): ChangeState.STOPPED,
    (ChangeState.CONFIRMED, ChangeStep.VERIFY): ChangeState.VERIFIED,
    (ChangeState.CONFIRMED, ChangeStep.REFUSE): ChangeState.REFUSED,
    (ChangeState.CONFIRMED, ChangeStep.STOP): ChangeState.STOPPED,
    (ChangeState.VERIFIED, ChangeStep.REFUSE): ChangeState.REFUSED,
    (ChangeState.VERIFIED, ChangeStep.STOP): ChangeState.STOPPED,
}

CHANGE_STATE_NAMES = {
    ChangeState.PROPOSED: "Second person to confirm",
    ChangeState.CONFIRMED: "Council to call back",
    ChangeState.VERIFIED: "Verified",
    ChangeState.REFUSED: "Refused",
    ChangeState.STOPPED: "Stopped",
}

WAITING = frozenset({ChangeState.PROPOSED, ChangeState.CONFIRMED})


class KnownFrom(StrEnum):
    """Where a council had the number from that it called."""

    CONTRACT = "contract"
    USED_BEFORE = "used-before"
    PUBLIC = "public"


KNOWN_FROM_NAMES = {
    KnownFrom.CONTRACT: "The contract or framework agreement",
    KnownFrom.USED_BEFORE: "A number that we called before this change was asked for",
    KnownFrom.PUBLIC: "A public register, such as Companies House or Ofsted",
}


def hold_from(verified_on: date, days: int) -> Deadline:
    """The working days in which nothing is paid yet; the day of verifying is day 0."""
    return add_working_days(verified_on, days)


def same_number(one: str, other: str) -> bool:
    """Whether two telephone numbers are one: +44 1632 960001 is 01632 960001."""
    first, second = (re.sub(r"\D", "", number)[-9:] for number in (one, other))
    return bool(first) and first == second


def is_held(state: ChangeState, hold_until: date | None, today: date) -> bool:
    """Whether a verified change is still in its hold, the last day of which is included."""
    return state is ChangeState.VERIFIED and hold_until is not None and today <= hold_until


def why_unpaid(
    state: ChangeState, *, confirmed_on: date | None, hold_until: date | None, today: date
) -> str | None:
    """Why a provider whose newest change stands like this is not paid today; None if it is.

    A request that nobody has confirmed holds nothing: one person cannot stop the payments.
    """
    if state is ChangeState.CONFIRMED and confirmed_on is not None:
        return (
            f"The bank account was changed on {say_date(confirmed_on)}, and no council has called "
            "back yet to verify it"
        )
    if is_held(state, hold_until, today) and hold_until is not None:
        return f"The bank account was changed: nothing is paid until {say_date(hold_until)} is over"
    return None
