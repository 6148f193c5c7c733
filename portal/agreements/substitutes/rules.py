"""When an agreement needs another mentor, and from when one may be assigned. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.agreements.clocks.rules import Clock, ClockKind, Pause
from portal.agreements.mentors.rules import NotAssignable
from portal.agreements.rules import AGREEMENT_STATE_NAMES, AgreementState, covers
from portal.kernel.wording import say_date


class Cause(StrEnum):
    """Why an agreement needs another mentor."""

    UNAVAILABLE = "unavailable"
    REJECTED = "rejected"


def found_on(first_day: date, agreement_first: date, named_on: date) -> date:
    """The day on which a substitute who works from ``first_day`` is there.

    Nobody goes without before an agreement's own first day, so who begins with it is there as soon
    as they are named.
    """
    return min(first_day, named_on) if first_day == agreement_first else first_day


def needs_substitute(
    first_day: date, last_day: date | None, pauses: tuple[Pause, ...] = ()
) -> bool:
    """Whether somebody away on these days must be replaced (rules.md C6).

    Whoever is back by the day on which a substitute would be due needs none: the mentor does not
    change once assigned.
    """
    return covers(first_day, last_day, Clock(ClockKind.SUBSTITUTE, first_day, pauses=pauses).due_on)


@dataclass(frozen=True, slots=True)
class Turn:
    """One mentor's time on an agreement."""

    mentor_id: UUID
    name: str
    first: date
    last: date | None


def check_turn(
    state: AgreementState,
    first: date,
    last: date | None,
    turns: Sequence[Turn],
    replaced: UUID | None,
    day: date,
) -> None:
    """Whether an agreement (its state, first and last day) takes another mentor from a day on.

    ``turns`` are those so far, ``replaced`` the mentor whom it waits to see replaced. Raises
    NotAssignable.
    """
    if state is not AgreementState.ACTIVE:
        stands = AGREEMENT_STATE_NAMES[state].lower()
        raise NotAssignable(f"The agreement is {stands}, so nobody is assigned to it")
    if not covers(first, last, day):
        until = "" if last is None else f" to {say_date(last)}"
        raise NotAssignable(f"The agreement runs from {say_date(first)}{until}")
    for turn in turns:
        if turn.last is None and turn.mentor_id != replaced:
            raise NotAssignable(
                f"{turn.name} works on this agreement. The mentor changes only when they are not "
                "available or the council rejects them"
            )
        if turn.last is not None and turn.last >= day:
            raise NotAssignable(
                f"The last day of {turn.name} is {say_date(turn.last)}. Choose a later day"
            )
