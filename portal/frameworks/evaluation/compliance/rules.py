"""Which parts of an application are checked, and which bids a failed part takes with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """One part of an application that passes or fails.

    ``part`` is its name ("price:2a:0-10"), ``asks`` what is asked and ``given`` what was given,
    in words. ``wrong`` says what the portal finds wrong with it; "" where it finds nothing. It
    concerns the bids of one lot or one category, or (neither) every bid.
    """

    part: str
    asks: str
    given: str
    wrong: str = ""
    lot_ids: frozenset[UUID] = frozenset()
    category_id: UUID | None = None

    def concerns(self, lot_id: UUID, category_id: UUID) -> bool:
        """Whether a bid for this category of this lot falls with it."""
        if self.category_id is not None:
            return self.category_id == category_id
        return not self.lot_ids or lot_id in self.lot_ids


def failed_for(
    parts: Iterable[CheckedPart], passed: Mapping[str, bool], lot_id: UUID, category_id: UUID
) -> list[CheckedPart]:
    """The parts whose failing takes a bid for this category with it."""
    return [
        part
        for part in parts
        if passed.get(part.part) is False and part.concerns(lot_id, category_id)
    ]
