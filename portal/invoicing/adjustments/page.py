"""The lines whose difference a line charges, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from portal.frameworks.rules import Unit
from portal.invoicing.adjustments.queries import Adjusted
from portal.invoicing.presenting import quantity_in_words
from portal.kernel.money import Money
from portal.kernel.wording import say_period


@dataclass(frozen=True, slots=True)
class AdjustedView:
    """An issued line with its address, what it charged of the days, and both prices."""

    name: str
    href: str
    days: str
    quantity: str
    before: Money
    after: Money
    more: Money


def in_words(unit: Unit, found: Iterable[Adjusted]) -> list[AdjustedView]:
    """A line's adjustments by day; ``more`` is what each comes to by itself."""
    return [
        AdjustedView(
            f"{one.invoice.reference}, line {one.line.position}",
            url_for("invoicing.line", invoice_id=one.invoice.id, line_id=one.line.id),
            say_period(one.first_day, one.last_day),
            quantity_in_words(unit, one.parts),
            one.adjusts.before,
            one.adjusts.after,
            unit.charge(one.adjusts.after - one.adjusts.before, one.parts),
        )
        for one in found
    ]
