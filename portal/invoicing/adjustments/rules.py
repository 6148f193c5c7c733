"""The lines that charge what a backdated price adds to what was invoiced. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from portal.invoicing.mechanisms import Adjusts, Charge, Delivered, DraftLine, Terms
from portal.kernel.money import Money
from portal.kernel.months import Month


class Raised(NamedTuple):
    """What an approved line charged of the days of a price that rose since.

    ``parts`` are those of the days from the new price's first on.
    """

    adjusts: Adjusts
    service_month: Month
    contract_year: date
    first_day: date
    last_day: date
    parts: int
    hands: tuple[str, ...]


def adjustment_lines(terms: Terms, raised: Iterable[Raised]) -> tuple[DraftLine, ...]:
    """One line for each month of service, contract year and rise: the rise times the parts.

    So 40 hours at £42.00 that rose to £43.30 are 40 hours at £1.30: £52.00, rounded once. What
    was charged and taken off again needs no line.
    """
    grouped: dict[tuple[Month, date, Money, Money], list[Charge]] = {}
    for one in raised:
        unit = Delivered(
            one.first_day, one.last_day, one.parts, one.hands, adjusts=one.adjusts, meetings=0
        )
        key = (one.service_month, one.contract_year, one.adjusts.before, one.adjusts.after)
        charge = Charge(unit, one.first_day, one.last_day, one.parts)
        grouped.setdefault(key, []).append(charge)
    lines = (
        DraftLine(terms, month, year, after - before, tuple(charges))
        for (month, year, before, after), charges in grouped.items()
    )
    return tuple(line for line in lines if line.parts)
