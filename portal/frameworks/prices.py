"""Prices as pages show them: the one of today by band, and the history with its sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, zip_longest
from typing import Protocol

from portal.frameworks.rules import PriceSource, in_force
from portal.kernel.money import Money
from portal.kernel.wording import say_date

SOURCE_NAMES = {
    PriceSource.BID: "bid",
    PriceSource.UPLIFT: "uplift",
    PriceSource.AGREED: "agreed for this agreement",
}


class Priced(Protocol):
    """A price from a day on: a place's or an agreement's."""

    @property
    def price(self) -> Money: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def source(self) -> PriceSource: ...
    @property
    def note(self) -> str: ...


class Banded(Priced, Protocol):
    """A place's price, which may hold for one band only."""

    @property
    def band(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """One price of a history: when it holds, in words, and whether that is today."""

    price: Money
    since: str
    source: str
    today: bool


def history(prices: Iterable[Priced], today: date) -> list[PriceEntry]:
    """One band's prices, the newest first, each until the day before the next."""
    ordered = sorted(prices, key=lambda price: price.starts_on)
    current = in_force(ordered, today)
    entries = []
    for price, following in zip_longest(ordered, ordered[1:]):
        since = f"From {say_date(price.starts_on)}"
        if following:
            since += f" to {say_date(following.starts_on - timedelta(days=1))}"
        source = SOURCE_NAMES[price.source]
        said = f"{source}, {price.note}" if price.note else source
        entries.append(
            PriceEntry(price.price, since, f"{said[:1].upper()}{said[1:]}", price is current)
        )
    return entries[::-1]


def by_band(prices: Iterable[Banded], today: date) -> list[tuple[str, list[PriceEntry]]]:
    """The history of each band, by its name."""
    ordered = sorted(prices, key=lambda price: (price.band, price.starts_on))
    return [
        (band, history(list(group), today))
        for band, group in groupby(ordered, key=lambda price: price.band)
    ]


def todays(prices: Iterable[Banded], today: date) -> list[tuple[str, Money]]:
    """The price of today for each band that has one, by the band's name."""
    return [
        (band, entry.price)
        for band, entries in by_band(prices, today)
        for entry in entries
        if entry.today
    ]
