"""Checks of what was delivered: overlaps, nights twice, mentors' clearance. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from portal.agreements.rules import covers
from portal.frameworks.rules import Unit
from portal.invoicing.checks.facts import (
    AgreementFacts,
    ChargedSession,
    Facts,
    LineFacts,
    by_agreement,
)
from portal.invoicing.checks.findings import Check, Severity, days_in_words, quantity
from portal.kernel.local_time import to_local
from portal.kernel.wording import say_date, say_period, say_time


def no_overlap(facts: Facts) -> Iterator[Check]:
    for agreement_id, lines in by_agreement(facts).items():
        held = sorted(
            ((session, line.position) for line in lines for session in line.sessions),
            key=lambda pair: pair[0].starts_at,
        )
        longest: tuple[ChargedSession, int, datetime] | None = None
        for other, other_position in held:
            ends = other.starts_at + timedelta(minutes=other.minutes)
            if longest is not None and other.starts_at < longest[2]:
                one, position, _ = longest
                yield Check(
                    "overlap",
                    Severity.BLOCKS,
                    f"{facts.agreements[agreement_id].reference} has two sessions at once on "
                    f"{say_date(one.day)}: at {_clock(one)} and at "
                    f"{_clock(other)}. Remove the one that did not happen.",
                    lines=tuple(sorted({position, other_position})),
                )
            if longest is None or ends > longest[2]:
                longest = other, other_position, ends
        yield from _nights_twice(facts.agreements[agreement_id], lines)


def _nights_twice(agreement: AgreementFacts, lines: list[LineFacts]) -> Iterator[Check]:
    if agreement.unit is not Unit.NIGHT:
        return
    for line in lines:
        nights = (line.last_day - line.first_day).days + 1
        if line.parts > nights and line.raised_from is None:
            yield Check(
                "nights-twice",
                Severity.BLOCKS,
                f"{agreement.reference} charges {quantity(Unit.NIGHT, line.parts)} for "
                f"{say_period(line.first_day, line.last_day)}, which has "
                f"{quantity(Unit.NIGHT, nights)}. Remove the nights recorded twice.",
                lines=(line.position,),
            )


def mentor_cleared(facts: Facts) -> Iterator[Check]:
    for line in facts.lines:
        uncleared: dict[tuple[str, bool], list[date]] = {}
        for session in line.sessions:
            cleared = any(covers(c.starts_on, c.ends_on, session.day) for c in session.clearances)
            if session.volunteer or not cleared:
                uncleared.setdefault((session.mentor, session.volunteer), []).append(session.day)
        for (mentor, volunteer), days in uncleared.items():
            why = (
                f"{mentor} is a volunteer, so what they did on "
                f"{days_in_words(days)} cannot be charged"
                if volunteer
                else f"{mentor} had no enhanced DBS check in date on {days_in_words(days)}"
            )
            yield Check(
                "mentor-cleared",
                Severity.BLOCKS,
                f"{facts.of(line).reference}: {why}.",
                lines=(line.position,),
            )


def _clock(session: ChargedSession) -> str:
    return say_time(to_local(session.starts_at).time())
