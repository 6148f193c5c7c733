"""What a framework is made of, how its categories are charged, which price a day takes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import Generic, Protocol, TypeVar

from portal.kernel.errors import DomainError
from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_hours


class Unfit(DomainError):
    """What was entered does not fit what the framework asks; the sentence says what to change."""

    status = 422


class Regime(StrEnum):
    """The law a framework was bought under; it decides when the payment clock starts (B3)."""

    PCR_2015 = "pcr-2015"
    ACT_2023 = "procurement-act-2023"


ACT_IN_FORCE_FROM = date(2025, 2, 24)  # Procurement Act 2023, for procurements begun since (B3)

REGIME_NAMES = {
    Regime.PCR_2015: "Public Contracts Regulations 2015",
    Regime.ACT_2023: "Procurement Act 2023",
}


class Mechanism(StrEnum):
    """How a category is charged; copied to each agreement made from it."""

    UNIT = "unit"
    NIGHTLY_SHARE = "nightly-share"


MECHANISM_NAMES = {
    Mechanism.UNIT: "Unit price",
    Mechanism.NIGHTLY_SHARE: "Weekly price, charged by the night",
}


class Unit(StrEnum):
    """What is counted. Quantities are whole parts: minutes, sessions or nights."""

    HOUR = "hour"
    SESSION = "session"
    NIGHT = "night"

    @property
    def parts_per_price(self) -> int:
        """How many parts one price buys: 60 minutes, 1 session, 7 nights (a week)."""
        return _PARTS_PER_PRICE[self]

    @property
    def price_name(self) -> str:
        """What the price is for: an hour, a session, a week."""
        return _PRICE_NAMES[self]

    def charge(self, price: Money, parts: int) -> Money:
        """The whole multiplication rounded once, half a penny up (design.md, Money)."""
        return price.share(parts, self.parts_per_price)


_PARTS_PER_PRICE = {Unit.HOUR: 60, Unit.SESSION: 1, Unit.NIGHT: 7}
_PRICE_NAMES = {Unit.HOUR: "an hour", Unit.SESSION: "a session", Unit.NIGHT: "a week"}

UNIT_NAMES = {Unit.HOUR: "Hours", Unit.SESSION: "Sessions", Unit.NIGHT: "Nights"}

UNITS_OF = {
    Mechanism.UNIT: frozenset({Unit.HOUR, Unit.SESSION}),
    Mechanism.NIGHTLY_SHARE: frozenset({Unit.NIGHT}),
}
MECHANISM_OF = {unit: mechanism for mechanism, units in UNITS_OF.items() for unit in units}


class PlaceState(StrEnum):
    """A provider's standing in a category."""

    ACTIVE = "active"
    RESERVE = "reserve"
    SUSPENDED = "suspended"
    ENDED = "ended"


PLACE_STATE_NAMES = {
    PlaceState.ACTIVE: "Active",
    PlaceState.RESERVE: "Reserve",
    PlaceState.SUSPENDED: "Suspended",
    PlaceState.ENDED: "Ended",
}


class PriceSource(StrEnum):
    """Where a price comes from."""

    BID = "bid"
    UPLIFT = "uplift"
    AGREED = "agreed"


def payment_clock(regime: Regime, days: int) -> str:
    """From when a council's days to pay are counted, in words (rules.md B2 and B3)."""
    start = "receipt" if regime is Regime.ACT_2023 else "the day an invoice is verified"
    return f"{say_count(days, 'day')} from {start}"


def say_parts(unit: Unit, parts: int) -> str:
    """A quantity in words: minutes as hours, else a count of sessions or nights."""
    return say_hours(parts) if unit is Unit.HOUR else say_count(parts, unit.value)


class Dated(Protocol):
    """Anything that holds from a day on, until the next one like it."""

    @property
    def starts_on(self) -> date: ...


D = TypeVar("D", bound=Dated)


def in_force(dated: Iterable[D], on: date) -> D | None:
    """The newest of these that had started by that day; none if the day is before them all."""
    started = [item for item in dated if item.starts_on <= on]
    return max(started, key=lambda item: item.starts_on, default=None)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[D]):
    """Consecutive days on which the same dated thing is in force."""

    first: date
    last: date
    item: D


def stretches(dated: Sequence[D], first: date, last: date) -> list[Stretch[D]]:
    """Cut the days from first to last where another price comes into force.

    Days before the first price are left out.
    """
    ordered = sorted(dated, key=lambda item: item.starts_on)
    cut: list[Stretch[D]] = []
    for item, following in zip_longest(ordered, ordered[1:]):
        start = max(first, item.starts_on)
        end = min(last, following.starts_on - timedelta(days=1)) if following else last
        if start <= end:
            cut.append(Stretch(start, end, item))
    return cut
