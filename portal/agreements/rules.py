"""States of an Individual Agreement, its term, and what it authorises from which day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.frameworks.rules import in_force


class AgreementState(StrEnum):
    """Where an Individual Agreement stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    TRANSFERRED = "transferred"


AGREEMENT_STATE_NAMES = {
    AgreementState.ACTIVE: "Active",
    AgreementState.SUSPENDED: "Suspended",
    AgreementState.ENDED: "Ended",
    AgreementState.TRANSFERRED: "Transferred",
}


def covers(starts_on: date, ends_on: date | None, day: date) -> bool:
    """Whether a term holds a day; its last day counts, and without an end it goes on."""
    return starts_on <= day and (ends_on is None or day <= ends_on)


class Authorised(NamedTuple):
    """What an agreement authorises from a day on, in parts of its unit; None is no limit."""

    starts_on: date
    weekly: int | None
    total: int | None


def authorised(first: Authorised, changes: Iterable[Authorised]) -> tuple[Authorised, ...]:
    """What is authorised from each day on: first as ordered, then as each change leaves it.

    The changes come by their days, of one day the last agreed last; what a change leaves out
    stays as it was.
    """
    steps, now = {first.starts_on: first}, first
    for change in changes:
        now = Authorised(change.starts_on, change.weekly or now.weekly, change.total or now.total)
        steps[now.starts_on] = now
    return tuple(steps.values())


def weekly_on(steps: Sequence[Authorised], monday: date) -> int | None:
    """How much a week, Monday to Sunday, may hold; None without a limit.

    Each week is judged by what was authorised in it. Where that changed in mid-week the higher
    figure holds for the whole week: what its days authorised is never held against it afterwards.
    """
    days = [monday + timedelta(days=number) for number in range(7)]
    stood = {step for day in days if (step := in_force(steps, day)) is not None}
    figures = [step.weekly for step in stood]
    return None if None in figures else max(filter(None, figures), default=None)


def total_on(steps: Sequence[Authorised], day: date) -> int | None:
    """How much the agreement authorises in all, as agreed for a day; None without a limit.

    Before its first day the first figure stands.
    """
    step = in_force(steps, day) or min(steps, default=None)
    return step.total if step else None
