"""The corrections that a line takes in, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from portal.delivery.corrections.rules import say_standing
from portal.delivery.rules import SessionState
from portal.frameworks.rules import Unit
from portal.invoicing.corrections.queries import TakenIn
from portal.invoicing.presenting import quantity_in_words
from portal.kernel.wording import say_count, say_hours, say_period


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What was charged before, what is right, by how much they differ, why, and who says so."""

    days: str
    before: str
    after: str
    difference: str
    because: str
    recorded_by: str
    session_id: UUID | None
    stay_id: UUID | None


def in_words(unit: Unit, found: Iterable[TakenIn]) -> list[CorrectionView]:
    """A line's corrections by day; never what was written of a session itself."""
    return [_view(unit, one) for one in found]


def _view(unit: Unit, taken: TakenIn) -> CorrectionView:
    one = taken.correction
    if one.state is None:
        before, after = say_count(one.before, "night"), "absent"
    else:
        was = SessionState.DELIVERED if one.before else None
        before = say_standing(was, one.before) if was else say_hours(0)
        after = say_standing(one.state, one.after)
        if one.instead_id is not None:
            after = "recorded again as it took place"
    sign = "+" if taken.parts > 0 else ""
    return CorrectionView(
        say_period(one.first_day, one.last_day),
        before[0].upper() + before[1:],
        after[0].upper() + after[1:],
        f"{sign}{quantity_in_words(unit, taken.parts)}",
        one.because,
        one.recorded_by_name,
        one.session_id,
        one.stay_id,
    )
