"""The states of an order form, what it may authorise, and when it is answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from portal.frameworks.rules import Unfit, Unit, say_parts
from portal.kernel.wording import say_date
from portal.kernel.working_days import Deadline, add_working_days

ANSWERED_WITHIN = 1  # working days: the clock of the first contact runs from the order form (C6)


class OrderState(StrEnum):
    """Where an order form stands."""

    ISSUED = "issued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class OrderStep(StrEnum):
    """What happens to an order form: the provider answers it, or the council takes it back."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


STEPS = {
    (OrderState.ISSUED, OrderStep.ACCEPT): OrderState.ACCEPTED,
    (OrderState.ISSUED, OrderStep.REFUSE): OrderState.REFUSED,
    (OrderState.ISSUED, OrderStep.WITHDRAW): OrderState.WITHDRAWN,
}

ORDER_STATE_NAMES = {
    OrderState.ISSUED: "Not answered yet",
    OrderState.ACCEPTED: "Accepted",
    OrderState.REFUSED: "Not accepted",
    OrderState.WITHDRAWN: "Withdrawn",
}


class Answered(Protocol):
    """An order form with what became of it."""

    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def refused_at(self) -> datetime | None: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


def state_of(order: Answered) -> OrderState:
    """Where an order form stands."""
    if order.accepted_at is not None:
        return OrderState.ACCEPTED
    if order.refused_at is not None:
        return OrderState.REFUSED
    if order.withdrawn_at is not None:
        return OrderState.WITHDRAWN
    return OrderState.ISSUED


def answer_by(issued_on: date) -> Deadline:
    """By when the provider accepts or refuses."""
    return add_working_days(issued_on, ANSWERED_WITHIN)


class UnfitOrder(Unfit):
    """An order form that cannot be issued like this; ``about`` is the field to change."""

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What a council authorises beside what was offered; quantities in parts of the unit."""

    authorised_weekly: int | None
    authorised_total: int | None
    ends_on: date | None
    cost_code: str
    purchase_order: str
    subcontracting: str
    arrangements: str
    because: str


def say_authorised(unit: Unit, weekly: int | None, total: int | None) -> str:
    """What is authorised: "2 hours a week, at most 40 hours in total"."""
    said = []
    if weekly is not None:
        said.append(f"{say_parts(unit, weekly)} a week")
    if total is not None:
        said.append(f"{'at most ' if said else ''}{say_parts(unit, total)} in total")
    return ", ".join(said) or "As many as are needed"


def check_terms(terms: OrderTerms, unit: Unit, starts_on: date, *, choice: bool) -> None:
    """What is authorised makes sense; a choice among offers, or of a quote, has its reason.

    Raises UnfitOrder with the sentence for the first thing that does not.
    """
    weekly, total = terms.authorised_weekly, terms.authorised_total
    if weekly is None and total is None and unit is not Unit.NIGHT:
        raise UnfitOrder("authorised_total", "Enter how much you authorise, a week or in total")
    if weekly is not None and total is not None and weekly > total:
        raise UnfitOrder(
            "authorised_weekly",
            f"{say_parts(unit, weekly)} a week is more than {say_parts(unit, total)} in total",
        )
    if terms.ends_on is not None and terms.ends_on < starts_on:
        raise UnfitOrder(
            "ends_on", f"The last day must be on or after the start, {say_date(starts_on)}"
        )
    if choice and not terms.because:
        raise UnfitOrder("because", "Say why you chose this offer")
