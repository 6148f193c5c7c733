"""When the escrow key has to be drilled again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.frameworks.opening.rules import drill_overdue

AT = datetime(2026, 10, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (366, False), (367, True)])
def test_a_drill_is_good_for_a_year(days: int, overdue: bool) -> None:
    assert drill_overdue(AT - timedelta(days=days), AT) is overdue
