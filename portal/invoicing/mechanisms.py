"""How each payment mechanism turns delivered units into lines. Pure; the seam for new ones.

A mechanism is one function in ``CHARGING``: it takes an agreement's terms and its delivered
units and gives drafted lines. Nothing else in the portal knows how a mechanism charges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from portal.frameworks.rules import Mechanism, Unit, in_force, stretches
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_period
from portal.kernel.years import contract_year

ADJUSTMENT = "Price adjustment"  # how the description of such a line begins


class AgreedPrice(NamedTuple):
    """A price from a day on; ``backdated_on`` is when it was agreed, if that was later."""

    starts_on: date
    price: Money
    backdated_on: date | None = None


class Terms(NamedTuple):
    """What an agreement says of its charging; prices in order of their days.

    ``taxed``: what is bought is no welfare service, so it is never exempt.
    """

    agreement_id: UUID
    reference: str
    title: str
    mechanism: Mechanism
    unit: Unit
    framework_starts_on: date
    prices: tuple[AgreedPrice, ...]
    cost_code: str | None = None
    purchase_order: str | None = None
    taxed: bool = False


class Adjusts(NamedTuple):
    """The issued line that another one charges the difference of, and the rise of its price."""

    line_id: UUID
    price_id: UUID
    before: Money
    after: Money


class Delivered(NamedTuple):
    """A session, or the nights of a stay: what was delivered, and whose hands recorded it.

    ``parts`` are minutes or nights, ``meetings`` sessions. Of a correction they are the difference
    to what was charged before, below 0 where less was delivered; of an adjustment those that an
    issued line charged.
    """

    first_day: date
    last_day: date
    parts: int
    hands: tuple[str, ...] = ()
    session_id: UUID | None = None
    stay_id: UUID | None = None
    correction_id: UUID | None = None
    meetings: int = 1
    adjusts: Adjusts | None = None


class Charge(NamedTuple):
    """The days and parts of one delivered unit that one line charges."""

    unit: Delivered
    first_day: date
    last_day: date
    parts: int


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An agreement's charges of one service month, one contract year and one price.

    Corrections of earlier invoices have lines of their own, which may take something off; so
    have prices that rose since, whose price is the rise.
    """

    terms: Terms
    service_month: Month
    contract_year: date
    price: Money
    charges: tuple[Charge, ...]
    parts: int = field(init=False)
    net: Money = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", sum(charge.parts for charge in self.charges))
        object.__setattr__(self, "net", self.terms.unit.charge(self.price, self.parts))

    @property
    def unit(self) -> Unit:
        """What is counted."""
        return self.terms.unit

    @property
    def corrects(self) -> bool:
        """Whether it corrects what an earlier invoice charged."""
        return self.charges[0].unit.correction_id is not None

    @property
    def raised_from(self) -> Money | None:
        """The price that the issued lines charged whose difference this is; None of others."""
        adjusts = self.charges[0].unit.adjusts
        return None if adjusts is None else adjusts.before

    @property
    def first_day(self) -> date:
        """The first day charged."""
        return min(charge.first_day for charge in self.charges)

    @property
    def last_day(self) -> date:
        """The last day charged."""
        return max(charge.last_day for charge in self.charges)

    @property
    def hands(self) -> list[str]:
        """The ids of everybody who entered or edited what is charged."""
        return sorted({hand for charge in self.charges for hand in charge.unit.hands})

    @property
    def description(self) -> str:
        """What is charged, in words: "4 sessions, 16 to 30 April 2026"."""
        days = say_period(self.first_day, self.last_day)
        if self.raised_from is not None:
            risen = self.raised_from + self.price
            return f"{ADJUSTMENT} from {self.raised_from} to {risen}, {days}"
        if self.corrects:
            return f"{say_count(len(self.charges), 'correction')}, {days}"
        return describe(
            self.terms.unit, len(self.charges), self.parts, self.first_day, self.last_day
        )


def describe(unit: Unit, charges: int, parts: int, first: date, last: date) -> str:
    """A line in words; figures and dates only, never a name."""
    many = say_count(parts, "night") if unit is Unit.NIGHT else say_count(charges, "session")
    return f"{many}, {say_period(first, last)}"


@dataclass(frozen=True, slots=True)
class Charged:
    """What a mechanism made of an agreement's units: lines, and units with no price that day."""

    lines: tuple[DraftLine, ...]
    unpriced: tuple[Charge, ...]


def by_unit(terms: Terms, delivered: Sequence[Delivered]) -> Charged:
    """Hours or sessions at the price of their day."""

    def charges() -> Iterator[tuple[Charge, Money | None]]:
        for unit in delivered:
            agreed = in_force(terms.prices, unit.first_day)
            parts = unit.meetings if terms.unit is Unit.SESSION else unit.parts
            yield (
                Charge(unit, unit.first_day, unit.last_day, parts),
                agreed.price if agreed else None,
            )

    return _lines(terms, charges())


def by_night(terms: Terms, delivered: Sequence[Delivered]) -> Charged:
    """Nights as sevenths of the weekly price.

    A stay is cut where a month, a contract year or a price ends.
    """

    def charges() -> Iterator[tuple[Charge, Money | None]]:
        for unit in delivered:
            for first, last in _periods(terms, unit.first_day, unit.last_day):
                priced = stretches(terms.prices, first, last)
                start = priced[0].first if priced else last + timedelta(days=1)
                if first < start:
                    yield _nights(unit, first, start - timedelta(days=1)), None
                for part in priced:
                    yield _nights(unit, part.first, part.last), part.item.price

    return _lines(terms, charges())


CHARGING: Mapping[Mechanism, Callable[[Terms, Sequence[Delivered]], Charged]] = {
    Mechanism.UNIT: by_unit,
    Mechanism.NIGHTLY_SHARE: by_night,
}


def _nights(unit: Delivered, first: date, last: date) -> Charge:
    nights = (last - first).days + 1
    return Charge(unit, first, last, nights if unit.parts > 0 else -nights)


def _periods(terms: Terms, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from first to last, cut where a month or a contract year ends."""
    while first <= last:
        end = min(last, Month.of(first).last, _year_of(terms, first)[1])
        yield first, end
        first = end + timedelta(days=1)


def _year_of(terms: Terms, day: date) -> tuple[date, date]:
    return _contract_year(terms.framework_starts_on, day)


@lru_cache(maxsize=4096)
def _contract_year(starts_on: date, day: date) -> tuple[date, date]:
    """The contract year of a day; a day before the framework counts towards its first year."""
    year = contract_year(starts_on, max(day, starts_on))
    return year.first, year.last


def _lines(terms: Terms, charges: Iterable[tuple[Charge, Money | None]]) -> Charged:
    grouped: dict[tuple[Month, date, Money, bool], list[Charge]] = {}
    unpriced: list[Charge] = []
    for charge, price in charges:
        if price is None:
            unpriced.append(charge)
            continue
        year, corrects = (
            _year_of(terms, charge.first_day)[0],
            charge.unit.correction_id is not None,
        )
        key = (Month.of(charge.first_day), year, price, corrects)
        grouped.setdefault(key, []).append(charge)
    lines = [
        DraftLine(terms, month, year, price, tuple(group))
        for (month, year, price, _), group in grouped.items()
    ]
    lines.sort(key=lambda line: (line.service_month, line.first_day, line.price))
    return Charged(tuple(lines), tuple(unpriced))
