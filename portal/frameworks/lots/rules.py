"""How a framework's categories are priced and evaluated, and what its publishing needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from portal.frameworks.rules import Unfit
from portal.kernel.money import ZERO, Money
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_date


class PriceMethod(StrEnum):
    """How a category's prices earn their points, as published (design.md, Evaluation)."""

    OPTIMUM = "optimum"
    LOWEST = "lowest"
    CEILING = "ceiling"


class Limit(StrEnum):
    """How a bid must stand to the maximum price."""

    BELOW = "below"
    AT_MOST = "at-most"


METHOD_NAMES = {
    PriceMethod.OPTIMUM: "Optimum price",
    PriceMethod.LOWEST: "Lowest price",
    PriceMethod.CEILING: "Ceiling",
}
METHOD_WORDS = {
    PriceMethod.OPTIMUM: (
        "A price at or below the optimum earns every price point; above it, the points times the "
        "optimum divided by the price."
    ),
    PriceMethod.LOWEST: (
        "The lowest price earns every price point; any other, the points times the lowest "
        "divided by the price."
    ),
    PriceMethod.CEILING: (
        "Every price within the maximum earns every price point; quality decides the order."
    ),
}
LIMIT_NAMES = {Limit.BELOW: "Below the maximum", Limit.AT_MOST: "At most the maximum"}


class HasLimit(Protocol):
    """A category's terms, as far as a price must keep to them."""

    @property
    def limit(self) -> Limit: ...


class Asked(Protocol):
    """A price that a category asks for, with its figures."""

    @property
    def maximum(self) -> Money | None: ...
    @property
    def floor(self) -> Money | None: ...


class UpTo(Protocol):
    """A published range of prices; without an upper end it is the last."""

    @property
    def up_to(self) -> Money | None: ...


B = TypeVar("B", bound=UpTo)


def check_price(terms: HasLimit, asked: Asked, price: Money) -> None:
    """A bid's price keeps to the floor and to the maximum with its operator (design.md, Prices).

    Raises Unfit with the sentence: with the operator "below" the maximum itself is refused, with
    "at most" it is accepted.
    """
    if price <= ZERO:
        raise Unfit("Enter a price above £0.00")
    if asked.floor is not None and price < asked.floor:
        raise Unfit(f"The price must be {asked.floor} or more, which is the lowest accepted")
    if asked.maximum is None:
        return
    if terms.limit is Limit.BELOW and price >= asked.maximum:
        raise Unfit(f"The price must be below {asked.maximum}; {asked.maximum} itself is too much")
    if price > asked.maximum:
        raise Unfit(f"The price must be {asked.maximum} or less")


def say_limit(limit: Limit, maximum: Money) -> str:
    """The maximum with its operator, as applicants read it."""
    return f"below {maximum}" if limit is Limit.BELOW else f"{maximum} or less"


def ordered_bands(bands: Iterable[B]) -> list[B]:
    """Bands from the lowest prices up; the one without an upper end is the last."""
    return sorted(bands, key=lambda band: (band.up_to is None, band.up_to or ZERO))


def band_of(bands: Iterable[B], price: Money) -> B | None:
    """The band that a price falls in, its upper end included; None above them all."""
    within = (band for band in ordered_bands(bands) if band.up_to is None or price <= band.up_to)
    return next(within, None)


def months_used(ends_on: date, later: date, *, at_most: int) -> int:
    """How many months an extension of the last day uses, a begun one counted whole.

    Raises Unfit where it is more than may still be used.
    """
    for months in range(1, at_most + 1):
        if _months_after(ends_on, months) >= later:
            return months
    if not at_most:
        raise Unfit("The term has been extended as far as was published")
    latest = _months_after(ends_on, at_most)
    raise Unfit(
        f"It may be extended by {say_count(at_most, 'month')} more, so the last day is "
        f"{say_date(latest)} at the latest"
    )


def _months_after(ends_on: date, months: int) -> date:
    """That many months after a term's last day; the end of a month stays the end of one."""
    following = ends_on + timedelta(days=1)
    month = Month.of(following).plus(months)
    return month.first.replace(day=min(following.day, month.last.day)) - timedelta(days=1)
