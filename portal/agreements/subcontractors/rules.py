"""What is asked of a sub-contractor before one may be used (rules.md C6). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.agreements.changing.rules import ProposalState, UnfitChange, is_over
from portal.kernel.money import Money

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """A sub-contractor as a provider asks for one.

    ``percentage`` is the share of the service, ``cost`` what that costs a month.
    """

    name: str
    work: str
    percentage: int
    cost: Money
    starts_on: date


class Sharing(Protocol):
    """A sub-contractor with its share and its days."""

    @property
    def state(self) -> ProposalState: ...
    @property
    def percentage(self) -> int: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


def may_be_used(one: Sharing, day: date) -> bool:
    """Whether a sub-contractor may deliver on a day: agreed, begun and not over."""
    agreed = one.state is ProposalState.AGREED
    return agreed and one.starts_on <= day and not is_over(one, day)


def check_share(percentage: int, others: Iterable[Sharing], starts_on: date) -> None:
    """Sub-contractors together deliver less than the whole service. Raises UnfitChange."""
    given = sum(
        one.percentage
        for one in others
        if one.state is ProposalState.AGREED and not is_over(one, starts_on)
    )
    if not 1 <= percentage < WHOLE:
        raise UnfitChange(
            "percentage", "Enter a share from 1 to 99: the provider delivers a part itself"
        )
    if given + percentage >= WHOLE:
        raise UnfitChange(
            "percentage",
            f"Sub-contractors have {given} % already. Enter less than {WHOLE - given}",
        )
