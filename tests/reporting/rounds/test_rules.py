"""Providers after each round, and where the dots of prices stand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from uuid import UUID

from portal.kernel.money import Money
from portal.reporting.rounds.rules import (
    WIDTH,
    Held,
    Joined,
    Marks,
    Range,
    price_picture,
    providers_after,
)

FIRST, SECOND = Held("First", date(2024, 1, 19)), Held("Second", date(2026, 1, 23))


def place(number: int, starts_on: date, ends_on: date | None = None, *, lot: int = 1) -> Joined:
    """A place of a numbered provider."""
    return Joined(lot, UUID(int=number), starts_on, ends_on)


def test_33_become_44_and_33_become_40() -> None:
    early, late = date(2024, 2, 1), date(2026, 2, 1)
    places = [place(number, early) for number in range(33)]
    places += [place(number, late) for number in range(33, 44)]
    places += [place(number, early, lot=2) for number in range(33)]
    places += [place(number, late, lot=2) for number in range(33, 40)]
    assert providers_after([SECOND, FIRST], places) == {1: [33, 44], 2: [33, 40]}


def test_a_provider_counts_once_and_not_after_its_places_end() -> None:
    places = [
        place(1, date(2024, 2, 1), date(2025, 3, 31)),  # gone before the second round
        place(2, date(2024, 2, 1), date(2026, 1, 23)),  # there on the day it was concluded
        place(3, date(2024, 2, 1)),
        place(3, date(2024, 2, 1)),  # two categories of one lot
        place(4, date(2026, 1, 23)),  # begins on the day of the second round
    ]
    assert providers_after([FIRST, SECOND], places) == {1: [3, 3]}
    assert providers_after([], places) == {1: []}


def test_prices_stand_in_order_against_the_optimum_and_the_bands() -> None:
    prices = [Money.pounds(p) for p in ("720", "740", "740", "800", "810", "900")]
    bands = [
        Range("High", None),
        Range("Low", Money.pounds("750")),
        Range("Mid", Money.pounds("850")),
    ]
    picture = price_picture(prices, Money.pounds("740"), bands)
    assert picture is not None
    assert [(b.name, b.number, b.share) for b in picture.buckets] == [
        ("Low", 3, 50), ("Mid", 2, 33), ("High", 1, 17)
    ]  # fmt: skip
    assert (picture.lowest, picture.middle, picture.highest) == (prices[0], prices[2], prices[-1])
    assert picture.levels == 2, "the two alike stand on each other"
    xs = [x for x, _ in picture.dots]
    assert xs == sorted(xs) and xs[0] > 0 and xs[-1] < WIDTH
    ends = [(stretch.start, stretch.end) for stretch in picture.stretches]
    assert ends[0][0] == 0 and ends[-1][1] == WIDTH
    assert all(before[1] == after[0] for before, after in pairwise(ends))
    assert picture.optimum_x is not None and abs(picture.optimum_x - xs[1]) <= 4


def test_without_bands_the_optimum_divides_and_without_prices_there_is_no_picture() -> None:
    prices = [Money.pounds("2900"), Money.pounds("3140"), Money.pounds("3454")]
    picture = price_picture(prices, Money.pounds("3140"), [])
    assert picture is not None
    assert [bucket.number for bucket in picture.buckets] == [2, 1]
    alone = price_picture(prices[:1], None, [])
    assert alone is not None and alone.buckets[0].share == 100
    assert price_picture([], Money.pounds("3140"), []) is None


def test_marks_are_said_with_their_mean_and_spread() -> None:
    assert Marks("How?", (1, 4, 5, 3)).words == "3.25 on average, from 1 to 5"
    assert Marks("How?", (2, 3, 3)).mean_hundredths == 267
