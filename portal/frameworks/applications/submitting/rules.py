"""When a provider is reminded of an application. Pure."""

from __future__ import annotations

REMINDER_STEPS = (14, 7, 2, 1, 0)  # days before the round closes
FIRST_REMINDER = max(REMINDER_STEPS)


def reminder_step(days: int) -> int | None:
    """Which reminder stands when a round closes in so many days; None when it is too early.

    The latest of the steps that were reached, so that one missed day is made up for.
    """
    return min((step for step in REMINDER_STEPS if 0 <= days <= step), default=None)
