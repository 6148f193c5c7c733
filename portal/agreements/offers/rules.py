"""What a provider may offer for a referral, and how offers are held side by side. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from portal.agreements.mentors.rules import Candidate
from portal.frameworks.rules import Unfit, Unit
from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_date, say_list


class UnfitOffer(Unfit):
    """An offer that cannot be made like this; ``about`` is the field to change."""

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about


@dataclass(frozen=True, slots=True)
class Terms:
    """What a provider offers: with which mentor or in which home, from when, at which price."""

    mentor_id: UUID | None
    home: str
    starts_on: date
    price: Money
    words: str


def check_start(starts_on: date, today: date, last: date | None) -> None:
    """Work begins today or later, and before the referral's expected end. Raises UnfitOffer."""
    if starts_on < today:
        raise UnfitOffer("starts_on", "The start must be today or later")
    if last is not None and starts_on > last:
        raise UnfitOffer("starts_on", f"The need is expected to end on {say_date(last)}")


def check_price(price: Money, ceiling: Money | None, starts_on: date, *, quote: bool) -> None:
    """At most the framework price of the first day; a quote is free. Raises UnfitOffer."""
    if quote:
        return
    if ceiling is None:
        raise UnfitOffer(
            "starts_on", f"You have no framework price on {say_date(starts_on)}: choose another day"
        )
    if price > ceiling:
        raise UnfitOffer(
            "price",
            f"Your framework price on {say_date(starts_on)} is {ceiling}. Offer that or less",
        )


def check_home(unit: Unit, home: str) -> None:
    """Where somebody sleeps is said. Raises UnfitOffer."""
    if unit is Unit.NIGHT and not home:
        raise UnfitOffer("home", "Say which home or family you offer, without an address")


def say_mentor(mentor: Candidate, day: date) -> str:
    """A mentor to choose: how many agreements they have, and what stands against them."""
    limit = "" if mentor.caseload_limit is None else f" of at most {mentor.caseload_limit}"
    said = f"{mentor.name}, {say_count(mentor.assigned, 'agreement')}{limit}"
    barriers = mentor.barriers(day)
    return f"{said}: {say_list(barriers)}" if barriers else said


def cost(unit: Unit, price: Money, parts: int | None) -> Money | None:
    """What an offer costs over all that is asked for; None where nobody says how much."""
    return None if parts is None else unit.charge(price, parts)


class Priced(Protocol):
    """An offer, as far as comparing goes."""

    @property
    def price(self) -> Money: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def id(self) -> UUID: ...


P = TypeVar("P", bound=Priced)


def side_by_side(offers: Sequence[P]) -> list[P]:
    """The lowest price first; of equal prices the earliest start."""
    return sorted(offers, key=lambda one: (one.price, one.starts_on, one.id))
