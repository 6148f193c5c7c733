"""How a framework's categories are priced and evaluated. Pure."""

from __future__ import annotations

from enum import StrEnum


class PriceMethod(StrEnum):
    """How a category's prices earn their points, as published (design.md, Evaluation)."""

    OPTIMUM = "optimum"
    LOWEST = "lowest"
    CEILING = "ceiling"


class Limit(StrEnum):
    """How a bid must stand to the maximum price."""

    BELOW = "below"
    AT_MOST = "at-most"
