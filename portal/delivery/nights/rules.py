"""When nights can be recorded: each refusal a sentence at its field. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.delivery.rules import Nights, Refusal, Term, say_nights, term_refusal
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_date

MOST_NIGHTS = 366


def order_refusal(first: date, last: date) -> Refusal | None:
    """Nights run forward, and for a year at most."""
    if last < first:
        return Refusal(
            "last_night",
            f"The last night, {say_date(last)}, is before the first, {say_date(first)}. "
            "Check both dates.",
        )
    number = len(Nights(first, last))
    if number > MOST_NIGHTS:
        return Refusal(
            "last_night",
            f"{say_count(number, 'night')} is more than a year. "
            f"Record at most {MOST_NIGHTS} at once.",
        )
    return None


def nights_refusals(
    nights: Nights, term: Term, others: Iterable[Nights], *, today: date
) -> list[Refusal]:
    """Everything against recording these nights; empty when nothing is.

    ``others`` are the nights recorded for the agreement already, present or absent; ``today``
    is the London date, whose own night may be recorded.
    """
    field = "first_night" if nights.first < term.span.first else "last_night"
    if (wrong := term_refusal(term, nights, field, say_nights(nights))) is not None:
        return [wrong]
    if nights.last > today:
        return [
            Refusal(
                "last_night",
                f"The night of {say_date(nights.last)} is still to come. "
                f"Record nights up to today, {say_date(today)}.",
            )
        ]
    for other in others:
        if nights.overlaps(other):
            words = say_nights(other)
            verb = "are" if len(other) > 1 else "is"
            return [
                Refusal(
                    "first_night",
                    f"{words[0].upper()}{words[1:]} {verb} already recorded. "
                    "Leave them out, or change what is recorded.",
                )
            ]
    return []


def within_a_month_refusal(nights: Nights) -> Refusal | None:
    """A recorded stay stays within its month; more nights are another record."""
    if Month.of(nights.first) == Month.of(nights.last):
        return None
    return Refusal(
        "last_night",
        "One record holds the nights of one month. End it on "
        f"{say_date(Month.of(nights.first).last)}, and add the other nights as a new record.",
    )


def missing_nights(
    term: Term, recorded: Iterable[Nights], month: Month, today: date
) -> list[Nights]:
    """The nights of a month before today, within the term, that nobody has recorded."""
    taken = list(recorded)
    gaps: list[Nights] = []
    for day in month:
        if day >= today or day not in term:
            continue
        if any(nights.first <= day <= nights.last for nights in taken):
            continue
        if gaps and (day - gaps[-1].last).days == 1:
            gaps[-1] = Nights(gaps[-1].first, day)
        else:
            gaps.append(Nights(day, day))
    return gaps
