"""What a cap leaves, and when it warns or stops (design.md, The month end)."""

from __future__ import annotations

import pytest

from portal.budgets.rules import CapState, Room
from portal.kernel.money import Money


@pytest.mark.parametrize(
    ("cap", "approved", "added", "over", "left", "percent", "room"),
    [
        ("40000", "38900", "1428", "328", "1100", 100, Room.OVER),
        ("40000", "38900", "1100", "0", "1100", 100, Room.NEAR),
        ("40000", "31999.99", "0", "0", "8000.01", 79, Room.CLEAR),
        ("40000", "31999.99", "0.01", "0", "8000.01", 80, Room.NEAR),
        ("0", "0", "0", "0", "0", 100, Room.NEAR),
        ("0", "0", "0.01", "0.01", "0", 100, Room.OVER),
        ("100", "50", "-20", "0", "50", 30, Room.CLEAR),
    ],
)
def test_a_cap_with_a_sum_on_top(
    cap: str, approved: str, added: str, over: str, left: str, percent: int, room: Room
) -> None:
    state = CapState(Money.pounds(cap), Money.pounds(approved), Money.pounds(added))
    assert (state.over, state.left) == (Money.pounds(over), Money.pounds(left))
    assert (state.percent, state.room()) == (percent, room)
