"""Which year the figures are of."""

from __future__ import annotations

from portal.kernel.filters import Choice, Filters


class YearFilters(Filters):
    """A year from April to March; this one unless another is chosen."""

    year = Choice("Year", everything="This year")
