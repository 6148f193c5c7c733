"""A bid's marks line by line, and whether decisions fit the places that there are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from portal.frameworks.evaluation.rules import (
    OUTCOME_NAMES,
    Outcome,
    Ranked,
    mean_points,
    price_points,
    quality_points,
)
from portal.frameworks.lots.rules import PriceMethod
from portal.frameworks.rules import Unfit
from portal.kernel.money import Money
from portal.kernel.wording import say_count


@dataclass(frozen=True, slots=True)
class QualityLine:
    """What one answer earned: its consensus score (None without an answer) and why."""

    question_id: UUID
    wording: str
    points: int
    score: int | None
    reason: str

    @property
    def earned(self) -> Decimal:
        """The points."""
        return quality_points(self.points, self.score or 0)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What one price earned, against what; without a reference it earns nothing."""

    band: str
    price: Money
    reference: Money | None
    method: PriceMethod
    points: int

    @property
    def earned(self) -> Decimal:
        """The points."""
        if self.reference is None:
            return Decimal("0.00")
        return price_points(self.method, self.points, self.price, self.reference)


@dataclass(frozen=True, slots=True)
class Lines:
    """A bid's marks with all that they are made of."""

    quality_lines: tuple[QualityLine, ...]
    price_lines: tuple[PriceLine, ...]

    @property
    def quality(self) -> Decimal:
        """The sum of what the answers earned."""
        return sum((line.earned for line in self.quality_lines), Decimal("0.00"))

    @property
    def price(self) -> Decimal:
        """The mean of what the prices earned."""
        return mean_points([line.earned for line in self.price_lines])

    @property
    def total(self) -> Decimal:
        """Out of 100."""
        return self.quality + self.price


def proposed_reason(ranked: Ranked, of: int) -> str:
    """The reason that a decision is offered with: where the bid stands."""
    said = f"Ranked {ranked.rank} of {of} with {ranked.marked.total} points"
    return f"{said}, level with another bid." if ranked.tied else f"{said}."


def failed_reason(failed: Sequence[tuple[str, str]]) -> str:
    """Why a bid that failed its compliance check has no place: each part with its reason."""
    return "Failed the compliance check. " + " ".join(
        f"{asks}: {reason.rstrip('.')}." for asks, reason in failed
    )


def check_places(outcomes: Iterable[Outcome], *, places: int | None, reserves: int) -> None:
    """No more places and reserve places than the category has. Raises Unfit."""
    given = list(outcomes)
    for outcome, most in ((Outcome.PLACE, places), (Outcome.RESERVE, reserves)):
        count = given.count(outcome)
        if most is not None and count > most:
            name = "place" if outcome is Outcome.PLACE else "reserve place"
            raise Unfit(
                f"This category has {say_count(most, name)}, and you gave {say_count(count, name)}"
            )


def check_reason(outcome: Outcome, ranked: Ranked, reason: str, offered: str) -> None:
    """A decision that is not the ranking's own has a reason of its own. Raises Unfit."""
    if outcome is not ranked.proposed and reason.strip() == offered:
        proposed = ranked.proposed
        why = (
            "Bids of equal marks stand on both sides of the line"
            if proposed is None
            else f"The ranking proposes {OUTCOME_NAMES[proposed].lower()}"
        )
        raise Unfit(f"{why}. Say why you decide so")
