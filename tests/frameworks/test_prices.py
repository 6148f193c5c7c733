"""Prices over time, each with its days and its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from portal.frameworks.prices import by_band, history, todays
from portal.frameworks.rules import PriceSource, Regime, Unit, payment_clock, say_parts
from portal.kernel.money import Money


@dataclass(frozen=True)
class Price:
    """A price of these tests."""

    price: Money
    starts_on: date
    source: PriceSource = PriceSource.BID
    note: str = ""
    band: str = ""


BID = Price(Money.pounds("42"), date(2025, 9, 1))
UPLIFT = Price(Money.pounds("43.30"), date(2026, 4, 1), PriceSource.UPLIFT, "3.1 %")


def test_a_history_is_the_newest_first_with_days_and_sources() -> None:
    newest, oldest = history([UPLIFT, BID], date(2026, 4, 30))
    assert (newest.since, newest.source, newest.today) == (
        "From 1 April 2026", "Uplift, 3.1 %", True,
    )  # fmt: skip
    assert (oldest.since, oldest.source, oldest.today) == (
        "From 1 September 2025 to 31 March 2026", "Bid", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "prices"),
    [
        (date(2025, 8, 31), []),
        (date(2026, 3, 31), ["£42.00"]),
        (date(2026, 4, 1), ["£43.30"]),
    ],
)
def test_the_price_of_a_day(today: date, prices: list[str]) -> None:
    assert [str(price) for _, price in todays([BID, UPLIFT], today)] == prices


def test_each_band_has_its_own_history() -> None:
    solo = Price(Money.pounds("4000"), date(2026, 1, 1), band="Solo")
    bands = by_band([UPLIFT, solo, BID], date(2026, 4, 30))
    assert [(band, len(entries)) for band, entries in bands] == [("", 2), ("Solo", 1)]


def test_no_price_at_all() -> None:
    assert history([], date(2026, 4, 30)) == []


@pytest.mark.parametrize(
    ("regime", "days", "words"),
    [
        (Regime.ACT_2023, 30, "30 days from receipt"),
        (Regime.PCR_2015, 30, "30 days from the day an invoice is verified"),
        (Regime.ACT_2023, 1, "1 day from receipt"),
    ],
)
def test_the_payment_clock_in_words(regime: Regime, days: int, words: str) -> None:
    assert payment_clock(regime, days) == words


@pytest.mark.parametrize(
    ("unit", "parts", "words"),
    [(Unit.HOUR, 330, "5.5 hours"), (Unit.SESSION, 1, "1 session"), (Unit.NIGHT, 30, "30 nights")],
)
def test_quantities_in_words(unit: Unit, parts: int, words: str) -> None:
    assert say_parts(unit, parts) == words
