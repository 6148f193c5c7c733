"""How bids earn their points, rank and win places, and when a standstill ends. Pure.

Points are decimals with two places, rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from portal.frameworks.lots.rules import PriceMethod
from portal.kernel.local_time import local_date, start_of_day
from portal.kernel.money import Money
from portal.kernel.wording import say_date
from portal.kernel.working_days import Deadline, add_working_days

NOTHING = Decimal("0.00")
HIGHEST_SCORE = 5
LEAST_SCORE_KEPT = 3  # an answer that scored this need not be given again in the next round

SCORE_WORDS = {
    0: "No answer, or nothing that answers the question",
    1: "Poor: serious concerns",
    2: "Weak: some of what is asked, with concerns",
    3: "Acceptable: what is asked, with minor gaps",
    4: "Good: what is asked, with evidence",
    5: "Excellent: more than is asked, with strong evidence",
}


class Duty(StrEnum):
    """What a person does in a round's evaluation; never both (promise 4)."""

    EVALUATOR = "evaluator"
    MODERATOR = "moderator"


DUTY_NAMES = {Duty.EVALUATOR: "Evaluator", Duty.MODERATOR: "Moderator"}


class Outcome(StrEnum):
    """What a bid won in its category."""

    PLACE = "place"
    RESERVE = "reserve"
    NONE = "none"


OUTCOME_NAMES = {
    Outcome.PLACE: "A place",
    Outcome.RESERVE: "A reserve place",
    Outcome.NONE: "No place",
}


def price_points(method: PriceMethod, points: int, bid: Money, reference: Money) -> Decimal:
    """The points that a price earns of those published for price (design.md, Evaluation).

    ``reference`` is the published optimum price, the lowest bid, or the maximum price. Optimum
    and lowest: points x min(1, reference / bid). Ceiling: all the points up to the maximum, none
    above it (a price that must be strictly below is refused before it gets here).
    """
    if method is PriceMethod.CEILING:
        return _rounded(Fraction(points if bid <= reference else 0))
    return _rounded(points * min(Fraction(1), Fraction(reference.pence, bid.pence)))


def mean_points(earned: Sequence[Decimal]) -> Decimal:
    """A category's price points: the mean of what its prices earned; nothing for no price."""
    return _rounded(sum(map(Fraction, earned), Fraction(0)) / len(earned)) if earned else NOTHING


def quality_points(points: int, score: int) -> Decimal:
    """The points that a consensus score from 0 to 5 earns of those of its question."""
    return _rounded(Fraction(points * score, HIGHEST_SCORE))


def as_points(hundredths: int) -> Decimal:
    """Points from the whole hundredths in which they are kept."""
    return Decimal(hundredths).scaleb(-2)


def hundredths(points: Decimal) -> int:
    """Points as the whole hundredths in which they are kept."""
    return int(points.scaleb(2))


def _rounded(exact: Fraction) -> Decimal:
    whole = Decimal(exact.numerator) / Decimal(exact.denominator)
    return whole.quantize(NOTHING, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Marked:
    """A bid that may win: its points for quality and for price."""

    bid_id: UUID
    quality: Decimal
    price: Decimal

    @property
    def total(self) -> Decimal:
        """Out of 100."""
        return self.quality + self.price


@dataclass(frozen=True, slots=True)
class Ranked:
    """A bid in its place in the ranking, with what it would win.

    ``proposed`` is None where bids of equal marks stand on both sides of the line: people decide.
    """

    marked: Marked
    rank: int
    tied: bool
    proposed: Outcome | None


def ranking(
    bids: Iterable[Marked], *, places: int | None = None, reserves: int = 0
) -> list[Ranked]:
    """Bids by their total, the highest first; of equal totals the better quality comes first.

    Bids alike in both share a rank, and the next one counts on from all of them (1, 2, 2, 4).
    The first ``places`` win one (all of them where that is None), the next ``reserves`` are
    reserves, the rest win none.
    """
    ordered = sorted(bids, key=_standing, reverse=True)
    ranked: list[Ranked] = []
    for marked in ordered:
        alike = [other for other in ordered if _standing(other) == _standing(marked)]
        rank = 1 + ordered.index(alike[0])
        wins = {_won(rank + ahead, places, reserves) for ahead in range(len(alike))}
        ranked.append(Ranked(marked, rank, len(alike) > 1, wins.pop() if len(wins) == 1 else None))
    return ranked


def _standing(marked: Marked) -> tuple[Decimal, Decimal]:
    return marked.total, marked.quality


def _won(position: int, places: int | None, reserves: int) -> Outcome:
    if places is None or position <= places:
        return Outcome.PLACE
    return Outcome.RESERVE if position <= places + reserves else Outcome.NONE


def tier(rank: int, size: int | None) -> int | None:
    """Which tier a rank falls in, counted from 1, where tiers hold so many; None without tiers."""
    return None if size is None else (rank - 1) // size + 1


def standstill(decided_at: datetime, days: int) -> Deadline:
    """The last day of a standstill of so many working days; the day of the letters is day 0."""
    return add_working_days(local_date(decided_at), days)


def standstill_ends(decided_at: datetime, days: int) -> datetime:
    """The moment (UTC) at which the last day of the standstill is over in London.

    Without a standstill the decision's own moment.
    """
    if not days:
        return decided_at
    return start_of_day(standstill(decided_at, days).due + timedelta(days=1)).astimezone(UTC)


def places_may_start(standstill_until: datetime) -> date:
    """The first day on which places may start: the day after the standstill's last."""
    return local_date(standstill_until)


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in an evaluation, as far as it decides what stands."""

    name: str
    duty: Duty
    declared_at: datetime | None
    finished_at: datetime | None
    ended_at: datetime | None
    conflict: bool

    @property
    def counts(self) -> bool:
        """Whether what they do counts: they declared no conflict, and their part goes on."""
        return self.declared_at is not None and self.ended_at is None


def consensus_stands(agreed_at: datetime, agreed_by: Part, parts: Iterable[Part]) -> bool:
    """Whether a consensus still stands.

    It falls when its moderator declares a conflict, or when an evaluator's part ends after it was
    agreed, since it may have rested on their scores.
    """
    ended = [part.ended_at for part in parts if part.duty is Duty.EVALUATOR and part.ended_at]
    return not agreed_by.conflict and all(agreed_at >= ended_at for ended_at in ended)


def void_sentence(part: Part) -> str:
    """That the scores of somebody whose part ended do not count; "" while it goes on."""
    if part.ended_at is None:
        return ""
    why = "they declared a conflict of interest" if part.conflict else "they were stood down"
    return f"The scores of {part.name} are void: {why} on {say_date(local_date(part.ended_at))}."


def failed_parts(checks: Mapping[str, bool]) -> list[str]:
    """The parts that did not pass the compliance check, in order of their names."""
    return sorted(part for part, passed in checks.items() if not passed)


def kept_parts(
    *,
    checks: Mapping[str, bool],
    scores: Mapping[str, int],
    answered: Collection[str],
    priced: Mapping[str, Outcome],
) -> frozenset[str]:
    """What need not be sent again in the next round, as "answer:code", "price:2a:0-10" and so on.

    A part that failed its check is sent again, an answer that scored below 3, and the price of a
    bid that won nothing.
    """
    failed = set(failed_parts(checks))
    passed = {part for part, good in checks.items() if good}
    weak = {part for part, score in scores.items() if score < LEAST_SCORE_KEPT}
    won = {part for part, outcome in priced.items() if outcome is not Outcome.NONE}
    lost = set(priced) - won
    return frozenset((passed | set(answered) | won) - failed - weak - lost)
