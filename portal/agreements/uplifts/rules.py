"""How much prices rise in a year (rules.md E3), and what that costs. Pure.

A rate is whole hundredths of a per cent: 150 is 1.5 %.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from portal.frameworks.rules import Unfit, Unit
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.wording import say_date

WHOLE = 100 * 100  # a price itself, in hundredths of a per cent
HIGHEST = 50 * 100  # no council means a higher CPI or override than 50 %
REACHES_BACK = timedelta(days=365)
_TYPED = re.compile(r"(-?)([0-9]{1,3})(?:\.([0-9]{1,2}))?")


class UnfitPlan(Unfit):
    """An uplift that cannot be proposed like this; ``about`` is the plan's field to change."""

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about


class UpliftState(StrEnum):
    """Where a run stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"


STATE_NAMES = {
    UpliftState.PROPOSED: "Waits for a second person",
    UpliftState.AGREED: "Agreed",
    UpliftState.REFUSED: "Not agreed",
}


class Step(StrEnum):
    """What a second person, or for a refusal anybody, does with a proposed run."""

    AGREE = "agree"
    REFUSE = "refuse"


STEPS: Final[Mapping[tuple[UpliftState, Step], UpliftState]] = {
    (UpliftState.PROPOSED, Step.AGREE): UpliftState.AGREED,
    (UpliftState.PROPOSED, Step.REFUSE): UpliftState.REFUSED,
}


class Decided(Protocol):
    """What a run's state follows from."""

    @property
    def agreed_at(self) -> datetime | None: ...
    @property
    def refused_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """An uplift as it is proposed; rates are hundredths of a per cent.

    ``rate`` is None for what the rule gives; another one needs its reason in ``because``.
    """

    starts_on: date
    cpi: int
    cpi_month: Month
    cpi_released_on: date
    cpi_source: str
    rate: int | None
    because: str


def state_of(run: Decided) -> UpliftState:
    """The state that was recorded."""
    if run.agreed_at is not None:
        return UpliftState.AGREED
    return UpliftState.REFUSED if run.refused_at is not None else UpliftState.PROPOSED


def rule_rate(cpi: int, cap: int) -> int:
    """max(0, min(cap, CPI)): what the framework's rule gives."""
    return max(0, min(cap, cpi))


def asks_for_review(cpi: int, review_above: int) -> bool:
    """Whether CPI is so high that the councils look at the rule's answer again."""
    return cpi > review_above


def uplifted(price: Money, rate: int) -> Money:
    """A price after the uplift, rounded once to the penny, half a penny up."""
    return price.share(WHOLE + rate, WHOLE)


def check_reason(rate: int, by_rule: int, because: str) -> None:
    """Another rate than the rule's has its reason. Raises UnfitPlan."""
    if rate != by_rule and not because:
        raise UnfitPlan(
            "because",
            f"Say why prices rise by {say_rate(rate)}, when the rule gives {say_rate(by_rule)}",
        )


def check_start(starts_on: date, today: date) -> None:
    """New prices reach back a year at most: yearly uplifts never meet. Raises UnfitPlan."""
    earliest = today - REACHES_BACK
    if starts_on < earliest:
        raise UnfitPlan(
            "starts_on", f"New prices reach back a year at most, to {say_date(earliest)}"
        )


def reaches_back(starts_on: date, today: date) -> bool:
    """Whether new prices are also those of days that are over or under way."""
    return starts_on <= today


def check_release(month: Month, released_on: date, today: date) -> None:
    """A month's figure is released after the month, and was so by today. Raises UnfitPlan."""
    if not month.last < released_on <= today:
        raise UnfitPlan(
            "cpi_released_on",
            f"The figure of {month} was released after {say_date(month.last)}, and not later "
            f"than today, {say_date(today)}",
        )


def check_interval(starts_on: date, others: list[date]) -> None:
    """An uplift is yearly: no other begins within a year of it. Raises UnfitPlan."""
    for other in others:
        if abs(starts_on - other) < timedelta(days=365):
            raise UnfitPlan(
                "starts_on",
                f"There is an uplift from {say_date(other)} already, within a year of it",
            )


def yearly_parts(
    unit: Unit, weekly: int | None, total: int | None, first: date, last: date | None
) -> int | None:
    """The parts of a unit that an agreement may use in the year from a day on, at most.

    ``last`` is the agreement's end. None where nothing says how much: neither a week's nor a
    whole authority, nor nights, of which a week has seven.
    """
    days = 365 if last is None else min(365, (last - first).days + 1)
    if weekly is None and unit is Unit.NIGHT:
        weekly = 7
    if weekly is None:
        return total
    parts = weekly * days // 7
    return parts if total is None else min(parts, total)


def read_rate(text: str) -> int:
    """The hundredths of a per cent that a person typed: "3.1", "0.4 %", "-0.2".

    Raises ValueError with the sentence that says what to type.
    """
    plain = text.replace("\N{MINUS SIGN}", "-").strip().removesuffix("%").rstrip()
    typed = _TYPED.fullmatch(plain)
    if typed is None:
        raise ValueError("Enter a figure in per cent with at most two decimals, like 3.1 or -0.2")
    rate = int(typed[2]) * 100 + int((typed[3] or "").ljust(2, "0"))
    if rate > HIGHEST:
        raise ValueError(f"Enter a figure of at most {say_rate(HIGHEST)}")
    return -rate if typed[1] else rate


def say_rate(rate: int) -> str:
    """As "1.5 %", "0 %", "-0.2 %"."""
    whole, rest = divmod(abs(rate), 100)
    decimals = f".{rest:02}".rstrip("0") if rest else ""
    return f"{'-' if rate < 0 else ''}{whole}{decimals} %"
