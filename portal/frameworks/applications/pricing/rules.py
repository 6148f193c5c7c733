"""What a price would mean under the published rules. Pure; it knows nothing about rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.frameworks.evaluation.rules import price_points
from portal.frameworks.lots.rules import (
    Asked,
    HasLimit,
    PriceMethod,
    UpTo,
    band_of,
    check_price,
    say_limit,
)
from portal.kernel.errors import DomainError
from portal.kernel.money import Money


class Terms(HasLimit, Protocol):
    """A category's terms, as far as a price's points follow from them."""

    @property
    def price_method(self) -> PriceMethod: ...


class AskedPrice(Asked, Protocol):
    """A price that is asked for, with its optimum and the volume expected in a year."""

    @property
    def optimum(self) -> Money | None: ...
    @property
    def yearly_units(self) -> int | None: ...


class Band(UpTo, Protocol):
    """A published range of prices with its name."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a price would mean: why it is refused, or its band, points and worth in a year."""

    wrong: str | None = None
    band: str | None = None
    points: str | None = None
    yearly: Money | None = None


UNKNOWN_BEFORE_OPENING = (
    "Depends on the lowest price received, which nobody can know before opening"
)


def meaning(
    terms: Terms, asked: AskedPrice, bands: Sequence[Band], points: int, price: Money
) -> Meaning:
    """What a price would mean; ``points`` are those published for price."""
    try:
        check_price(terms, asked, price)
    except DomainError as unfit:
        return Meaning(wrong=unfit.sentence)
    band = band_of(bands, price)
    return Meaning(
        band=None if band is None else band.name,
        points=_points(terms.price_method, asked, points, price),
        yearly=None if asked.yearly_units is None else price * asked.yearly_units,
    )


def say_asked(terms: Terms, asked: AskedPrice) -> str:
    """Which prices are accepted: "Accepted: £20.00 or more, below £45.00. Optimum £40.00"."""
    said, accepted = [], []
    if asked.floor:
        accepted.append(f"{asked.floor} or more")
    if asked.maximum is not None:
        accepted.append(say_limit(terms.limit, asked.maximum))
    if accepted:
        said.append(f"Accepted: {', '.join(accepted)}")
    if asked.optimum is not None and terms.price_method is PriceMethod.OPTIMUM:
        said.append(f"Optimum price {asked.optimum}")
    return ". ".join(said)


def _points(method: PriceMethod, asked: AskedPrice, points: int, price: Money) -> str | None:
    if method is PriceMethod.LOWEST:
        return UNKNOWN_BEFORE_OPENING
    reference = asked.optimum if method is PriceMethod.OPTIMUM else asked.maximum
    if reference is None or not points:
        return None
    return f"{price_points(method, points, price, reference)} of {points}"
