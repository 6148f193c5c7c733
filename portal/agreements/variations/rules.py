"""New terms of an agreement: what they change, and what they may not touch. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

from portal.agreements.changing.rules import Term, UnfitChange, check_within
from portal.frameworks.rules import Unit, say_parts
from portal.kernel.money import Money
from portal.kernel.wording import say_date


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that a variation may change; None is not changed, or not set.

    Quantities are in parts of the agreement's unit.
    """

    price: Money | None = None
    authorised_weekly: int | None = None
    authorised_total: int | None = None
    ends_on: date | None = None
    cost_code: str | None = None
    purchase_order: str | None = None


LABELS = {
    "price": "Price",
    "authorised_weekly": "Authorised a week",
    "authorised_total": "Authorised in total",
    "ends_on": "Last day",
    "cost_code": "Cost code",
    "purchase_order": "Purchase order",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands around new terms.

    ``invoiced_until`` is the last day on an invoice, ``recorded`` the last on which something
    happened, ``delivered`` the parts delivered so far, ``price_days`` the days from which the
    agreement has prices, ``framework_price`` the provider's on that day, and
    ``framework_ends_on`` the framework's last day. ``end_decided`` says that the council has
    decided when the agreement ends.
    """

    term: Term
    now: Terms
    price_days: frozenset[date]
    framework_price: Money | None
    framework_ends_on: date
    invoiced_until: date | None
    recorded: date | None
    delivered: int
    end_decided: bool


def changed(now: Terms, wanted: Terms) -> Terms:
    """What of the wanted terms is not so already; None for the rest."""
    same = {
        one.name: None
        for one in fields(Terms)
        if getattr(wanted, one.name) == getattr(now, one.name)
    }
    return replace(wanted, **same)


def say_terms(terms: Terms, unit: Unit) -> list[tuple[str, str]]:
    """The terms that are set as (label, words), in the order of a page."""
    return [
        (label, _said(getattr(terms, name), unit))
        for name, label in LABELS.items()
        if getattr(terms, name) is not None
    ]


def say_term(terms: Terms, name: str, unit: Unit) -> str:
    """One term in words."""
    value = getattr(terms, name)
    return "not set" if value is None else _said(value, unit)


def check_terms(standing: Standing, wanted: Terms, starts_on: date, today: date) -> Terms:
    """What the new terms change, if nothing is against them. Raises UnfitChange."""
    terms = changed(standing.now, wanted)
    if terms == Terms():
        raise UnfitChange("price", "Enter at least one new term: these stand already")
    check_within(standing.term, starts_on, "starts_on")
    total = terms.authorised_total
    if total is not None and total < standing.delivered:
        raise UnfitChange(
            "authorised_total", "More than that is delivered already, and could not be paid"
        )
    if terms.ends_on is not None:
        _check_end(standing, terms.ends_on, starts_on, today)
    if terms.price is not None:
        _check_price(standing, terms.price, starts_on)
    return terms


def _check_price(standing: Standing, price: Money, starts_on: date) -> None:
    until = standing.invoiced_until
    if until is not None and starts_on <= until:
        raise UnfitChange(
            "starts_on",
            f"What was delivered until {say_date(until)} is on an invoice. "
            "A new price begins after that day",
        )
    if starts_on in standing.price_days:
        raise UnfitChange(
            "starts_on",
            f"There is a price from {say_date(starts_on)} already. Choose another first day",
        )
    most = max(filter(None, (standing.framework_price, standing.now.price)), default=None)
    if most is not None and price > most:
        raise UnfitChange(
            "price", f"Enter at most {most}: the framework has no higher price on that day"
        )


def _check_end(standing: Standing, ends_on: date, starts_on: date, today: date) -> None:
    if standing.end_decided:
        raise UnfitChange(
            "ends_on", "The council has decided when it ends. The council can say another day"
        )
    if ends_on < max(today, starts_on):
        raise UnfitChange(
            "ends_on", f"The last day must be {say_date(max(today, starts_on))} or later"
        )
    if standing.recorded is not None and ends_on < standing.recorded:
        raise UnfitChange(
            "ends_on",
            f"Something that happened on {say_date(standing.recorded)} is recorded. "
            "Enter that day or a later one",
        )
    if ends_on > standing.framework_ends_on:
        raise UnfitChange(
            "ends_on", f"The framework itself ends on {say_date(standing.framework_ends_on)}"
        )


def _said(value: object, unit: Unit) -> str:
    if isinstance(value, Money):
        return f"{value} {unit.price_name}"
    if isinstance(value, date):
        return say_date(value)
    if isinstance(value, int):
        return say_parts(unit, value)
    return str(value)
