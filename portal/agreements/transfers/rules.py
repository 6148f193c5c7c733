"""When an agreement can move to another council, and at what price. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.agreements.changing.rules import Term, UnfitChange, check_last_day
from portal.kernel.money import Money
from portal.kernel.wording import say_date


@dataclass(frozen=True, slots=True)
class Takeover:
    """What the other council enters when it takes an agreement over.

    ``young_person`` is its reference for the young person, where none of the first council's comes
    with the agreement. Quantities are in parts of its unit; None has no limit, or is not set.
    """

    reference: str
    young_person: str
    price: Money
    authorised_weekly: int | None
    authorised_total: int | None
    ends_on: date | None
    cost_code: str | None
    purchase_order: str | None


def first_day(last_day: date) -> date:
    """The first day of the other council."""
    return last_day + timedelta(days=1)


def check_move(term: Term, last_day: date, recorded: date | None) -> None:
    """An agreement moves before it would end, and after what was delivered.

    ``recorded`` is the last day on which something happened. Raises UnfitChange.
    """
    check_last_day(term, last_day, recorded)
    if term.ends_on is not None and last_day >= term.ends_on:
        raise UnfitChange("last_day", f"It ends on {say_date(term.ends_on)}, so nothing would move")


def check_price(price: Money, *, now: Money, framework: Money | None) -> None:
    """The provider, who is not asked, is paid no less than now, and no more than its framework
    price of the first day. Raises UnfitChange.
    """
    most = max(now, framework or now)
    if price < now:
        raise UnfitChange(
            "price",
            f"Enter at least {now}, which the provider is paid now. Less is for a variation, "
            "which the provider agrees to",
        )
    if price > most:
        raise UnfitChange("price", f"Enter at most {most}: the framework has no higher price")


def check_end(ends_on: date | None, first: date, framework_ends_on: date) -> None:
    """The new agreement ends after it begins, within its framework. Raises UnfitChange."""
    if ends_on is None:
        return
    if ends_on < first:
        raise UnfitChange("ends_on", f"It begins on {say_date(first)}. Enter a later last day")
    if ends_on > framework_ends_on:
        raise UnfitChange("ends_on", f"The framework itself ends on {say_date(framework_ends_on)}")
