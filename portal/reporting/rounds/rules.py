"""The figures of the pictures, and where their dots stand. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from statistics import median_low
from uuid import UUID

from portal.frameworks.lots.rules import band_of, ordered_bands
from portal.kernel.money import Money

WIDTH = 360  # of a picture's own units, as the bar charts have
DOT = 8  # the width of one dot with its room
OPTIMUM = "At or below the optimum"
ABOVE = "Above the optimum"


@dataclass(frozen=True, slots=True)
class Held:
    """A round that is over, and the London day on which it was concluded."""

    title: str
    concluded_on: date


@dataclass(frozen=True, slots=True)
class Joined:
    """A provider's place in a category of a lot, from its first to its last day."""

    lot: int
    provider_id: UUID
    starts_on: date
    ends_on: date | None


def providers_after(rounds: Sequence[Held], places: Iterable[Joined]) -> dict[int, list[int]]:
    """How many providers each lot had after each round, by the lot's number.

    After a round are all whose place began before the next one was concluded, without those
    whose place had ended when this one was.
    """
    ordered = sorted(rounds, key=lambda held: held.concluded_on)
    counted: dict[int, list[int]] = {}
    places = list(places)
    for lot in sorted({place.lot for place in places}):
        counted[lot] = []
        for held, following in zip_longest(ordered, ordered[1:]):
            there = {
                place.provider_id
                for place in places
                if place.lot == lot
                and (following is None or place.starts_on < following.concluded_on)
                and (place.ends_on is None or place.ends_on >= held.concluded_on)
            }
            counted[lot].append(len(there))
    return counted


@dataclass(frozen=True, slots=True)
class Range:
    """A published range of prices with its name."""

    name: str
    up_to: Money | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A band as it lies in the picture, from one x to another."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many prices fall in a band, or on a side of the optimum; the share in per cent."""

    name: str
    number: int
    share: int


@dataclass(frozen=True, slots=True)
class PricePicture:
    """Prices as dots stacked over an axis: where each stands, and on which level."""

    lowest: Money
    middle: Money
    highest: Money
    lowest_x: int
    highest_x: int
    dots: tuple[tuple[int, int], ...]
    levels: int
    stretches: tuple[Stretch, ...]
    optimum: Money | None
    optimum_x: int | None
    buckets: tuple[Bucket, ...]


def price_picture(
    prices: Sequence[Money], optimum: Money | None, bands: Iterable[Range]
) -> PricePicture | None:
    """Where prices stand against the optimum and the bands; None for no price."""
    if not prices:
        return None
    ordered = sorted(prices)
    published = ordered_bands(bands)
    ends = [band.up_to for band in published if band.up_to is not None]
    shown = [ordered[0], ordered[-1], *ends, *([optimum] if optimum else [])]
    least, most = min(shown).pence, max(shown).pence
    margin = max((most - least) // 20, 100)
    least, most = least - margin, most + margin

    def x_of(price: Money) -> int:
        return round((price.pence - least) * WIDTH / (most - least))

    columns: Counter[int] = Counter()
    dots = []
    for price in ordered:
        column = min(x_of(price) // DOT, WIDTH // DOT - 1)
        dots.append((column * DOT + DOT // 2, columns[column]))
        columns[column] += 1
    return PricePicture(
        lowest=ordered[0],
        middle=median_low(ordered),
        highest=ordered[-1],
        lowest_x=x_of(ordered[0]),
        highest_x=x_of(ordered[-1]),
        dots=tuple(dots),
        levels=max(columns.values()),
        stretches=_stretches(published, x_of),
        optimum=optimum,
        optimum_x=x_of(optimum) if optimum else None,
        buckets=_buckets(ordered, optimum, published),
    )


def _stretches(published: Sequence[Range], x_of: Callable[[Money], int]) -> tuple[Stretch, ...]:
    stretches = []
    start = 0
    for band in published:
        end = WIDTH if band.up_to is None else x_of(band.up_to)
        stretches.append(Stretch(band.name, start, end))
        start = end
    return tuple(stretches)


def _buckets(
    prices: Sequence[Money], optimum: Money | None, published: Sequence[Range]
) -> tuple[Bucket, ...]:
    if published:
        found = Counter(band.name for price in prices if (band := band_of(published, price)))
        names = [band.name for band in published]
    elif optimum is not None:
        found = Counter(OPTIMUM if price <= optimum else ABOVE for price in prices)
        names = [OPTIMUM, ABOVE]
    else:
        found, names = Counter({"All prices": len(prices)}), ["All prices"]
    return tuple(
        Bucket(name, found[name], round(found[name] * 100 / len(prices))) for name in names
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """What a question's answers were marked in moderation, from 0 to 5 each."""

    question: str
    scores: tuple[int, ...]

    @property
    def mean_hundredths(self) -> int:
        """The mean in whole hundredths of a mark, half a hundredth up."""
        return (sum(self.scores) * 200 + len(self.scores)) // (2 * len(self.scores))

    @property
    def words(self) -> str:
        """As "3.25 on average, from 1 to 5"."""
        whole, part = divmod(self.mean_hundredths, 100)
        mean = f"{whole}.{part:02d}"
        return f"{mean} on average, from {min(self.scores)} to {max(self.scores)}"
