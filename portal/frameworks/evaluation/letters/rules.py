"""What an outcome letter says. Pure: plain text, lists and numbers, as it is kept and typeset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from portal.frameworks.evaluation.deciding.rules import Lines, PriceLine, QualityLine
from portal.frameworks.evaluation.rules import OUTCOME_NAMES, Outcome, as_points, standstill
from portal.frameworks.lots.rules import PriceMethod
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date, say_list


class PriceMark(TypedDict):
    """What one price earned, in words."""

    band: str
    price: str
    against: str
    points: str


class AnswerMark(TypedDict):
    """What one answer earned, with the evaluators' reason."""

    question: str
    score: str
    points: str
    reason: str


class CategoryOutcome(TypedDict):
    """What one bid won, with its marks and the reason."""

    code: str
    title: str
    won: bool
    outcome: str
    rank: str
    reason: str
    quality: str
    price: str
    total: str
    prices: list[PriceMark]
    answers: list[AnswerMark]


class Letter(TypedDict):
    """A provider's own outcome."""

    council: str
    councils: str
    provider: str
    address: list[str]
    framework: str
    round: str
    date: str
    opening: str
    standstill: str
    counted: str
    categories: list[CategoryOutcome]


METHOD_SAYS = {
    PriceMethod.OPTIMUM: "the optimum price of {}",
    PriceMethod.LOWEST: "the lowest price, {}",
    PriceMethod.CEILING: "the maximum price of {}",
}


def price_mark(line: PriceLine) -> PriceMark:
    """A price line in words."""
    against = "" if line.reference is None else METHOD_SAYS[line.method].format(line.reference)
    return PriceMark(
        band=line.band,
        price=str(line.price),
        against=against,
        points=f"{line.earned} of {line.points}",
    )


def answer_mark(line: QualityLine) -> AnswerMark:
    """A quality line in words."""
    return AnswerMark(
        question=line.wording,
        score="No score" if line.score is None else f"{line.score} of 5",
        points=f"{line.earned} of {line.points}",
        reason=line.reason,
    )


def category_outcome(
    *,
    code: str,
    title: str,
    outcome: Outcome,
    rank: int | None,
    of: int,
    tier: int | None,
    reason: str,
    quality: int,
    price: int,
    lines: Lines,
) -> CategoryOutcome:
    """One bid's outcome in words; ``quality`` and ``price`` are hundredths of a point."""
    marks: list[Decimal] = [as_points(quality), as_points(price)]
    said = "Not ranked" if rank is None else f"{rank} of {of}"
    scored = rank is not None
    return CategoryOutcome(
        code=code,
        title=title,
        won=outcome is not Outcome.NONE,
        outcome=OUTCOME_NAMES[outcome],
        rank=said if tier is None else f"{said}, tier {tier}",
        reason=reason,
        quality=str(marks[0]),
        price=str(marks[1]),
        total=str(sum(marks)),
        prices=[price_mark(line) for line in lines.price_lines] if scored else [],
        answers=[answer_mark(line) for line in lines.quality_lines] if scored else [],
    )


def opening_sentence(round_title: str, outcomes: Sequence[CategoryOutcome]) -> str:
    """What the letter begins with: what was won, or that nothing was."""
    won = [one for one in outcomes if one["won"]]
    if not won:
        return f"Thank you for your application to {round_title}. It did not win a place."
    said = say_list([f"{one['outcome'].lower()} in {one['code']}" for one in won])
    return f"Thank you for your application to {round_title}. It won {said}."


def standstill_words(sent_at: datetime, days: int) -> tuple[str, str]:
    """When the standstill ends, and how it was counted; without one, that there is none."""
    if not days:
        return "There is no standstill. Agreements can be signed from today.", ""
    deadline = standstill(sent_at, days)
    until = f"The standstill lasts until the end of {say_date(deadline.due)}."
    return f"{until} No agreement is signed before it is over.", f"{deadline.sentence}."


def letter_date(sent_at: datetime) -> str:
    """The day of the letter, in London."""
    return say_date(local_date(sent_at))
