"""No small count can be worked out from what is published."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.complaints.handling.rules import Outcome
from portal.complaints.keeping.rules import Counted, year_of
from portal.complaints.rules import Track, Who
from portal.reporting.complaints.rules import Figures, figures, suppressed
from tests.complaints.handling.cases import THURSDAY

YEAR = year_of(THURSDAY)


def _counted(
    track: Track = Track.CHILDREN, who: Who = Who.YOUNG_PERSON, met: bool = True
) -> Counted:
    return Counted(YEAR, track, who, Outcome.UPHELD, False, True, {1: met})


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12, 8, 5], [12, 8, 5]),
        ([12, 8, 0], [12, 8, 0]),
        ([12, 8, 3], [12, None, None]),
        ([12, 8, 3, 0], [12, 8, None, None]),
        ([12, 4, 3], [12, None, None]),
        ([12, 4, 4], [None, None, None]),
        ([8, 8, 3], [None, None, None]),
        ([9, 4], [None, None]),
        ([0, 0], [0, 0]),
        ([7], [7]),
    ],
)
def test_small_counts_are_hidden_together(counts: list[int], shown: list[int | None]) -> None:
    assert suppressed(counts) == shown


@pytest.mark.parametrize("total", [1, 4])
def test_a_small_total_is_not_published(total: int) -> None:
    with pytest.raises(ValueError, match="under 5"):
        suppressed([total, 0])


@cache
def _published(parts: int, total: int) -> dict[tuple[int | None, ...], list[tuple[int, ...]]]:
    """For each table that could be published, every truth behind it."""
    found: dict[tuple[int | None, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(total + 1), repeat=parts):
        if sum(counts) == total:
            found.setdefault(tuple(suppressed(counts)), []).append(counts)
    return found


@given(parts=st.integers(2, 4), total=st.integers(5, 14))
def test_whoever_knows_the_total_and_the_rule_still_knows_no_hidden_count(
    parts: int, total: int
) -> None:
    for shown, truths in _published(parts, total).items():
        for at, count in enumerate(shown):
            if count is None:
                assert len({truth[at] for truth in truths}) > 1, (shown, truths)


def test_a_year_of_few_says_nothing() -> None:
    assert figures([_counted()] * 4) == Figures(None)
    assert figures([]).total == 0


def test_a_hidden_track_shows_none_of_its_stages() -> None:
    found = figures(
        [_counted()] * 9 + [_counted(Track.OTHER)] * 2 + [_counted(Track.DATA_PROTECTION)] * 6
    )
    by_track = dict(found.breakdowns[0].rows)
    assert list(by_track.values()) == [9, None, None]
    titles = [table.title for table in found.breakdowns if table.title.startswith("How far")]
    assert titles == ["How far they went: children's statutory complaint"]
    assert [said for _, said in found.limits] == ["100 %", "Hidden", "Hidden"]


@pytest.mark.parametrize(
    ("late", "said"), [(0, "100 %"), (2, "Hidden"), (5, "75 %"), (18, "Hidden")]
)
def test_a_share_is_shown_only_where_it_gives_no_small_count_away(late: int, said: str) -> None:
    found = figures([_counted(met=number >= late) for number in range(20)])
    assert found.limits[0][1] == said
