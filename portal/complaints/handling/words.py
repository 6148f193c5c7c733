"""What the council tells whoever complained, to begin from; plain words, short sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.complaints.handling.clocks import Clock, Limit
from portal.complaints.handling.rules import last_stage
from portal.complaints.rules import Track
from portal.kernel.wording import say_date
from portal.kernel.working_days import add_working_days

EASY_AGE = 9
ASK_DAYS = 20
"""Working days in which the next stage is usually asked for (rules.md A4, A5)."""


def acknowledgement(received_on: date, clocks: Sequence[Clock]) -> str:
    """A first message to change before it is sent."""
    answer = next((clock for clock in clocks if clock.limit is Limit.ANSWER), None)
    when = (
        f"We will answer you by {say_date(answer.due)}."
        if answer
        else "We will answer you as soon as we can."
    )
    return (
        f"Thank you for telling us. What you sent came to us on {say_date(received_on)}. "
        f"We are looking at it now. {when} You can have somebody to help you. This is called an "
        "advocate. An advocate is free and is on your side. Tell us here if you want one."
    )


def closing(track: Track, number: int, today: date, ombudsman: str) -> str:
    """The end of an answer: where whoever complained can go next, and by when."""
    if last_stage(track, number):
        if track is Track.DATA_PROTECTION:
            return (
                "If you are not happy with this answer, you can tell the Information "
                "Commissioner. They are not part of the council."
            )
        return (
            "If you are not happy with this answer, you can ask the Ombudsman to look at it. "
            f"The Ombudsman is not part of the council. {ombudsman}"
        )
    until = add_working_days(today, ASK_DAYS).due
    return (
        "If you are not happy with this answer, you can ask us to look again. "
        f"Please tell us by {say_date(until)}. If you need longer, tell us later."
    )


def reading_hint(age: int | None) -> str:
    """How a text reads, for whoever writes it."""
    if age is None:
        return "This is too short to say how it reads."
    if age <= EASY_AGE:
        return f"This reads at the age of about {age}. That is what we aim for."
    return (
        f"This reads at the age of about {age}. Aim for {EASY_AGE}: use shorter sentences and "
        "shorter words."
    )
