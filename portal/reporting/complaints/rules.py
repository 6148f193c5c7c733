"""Counts that give nobody away: small ones are hidden, and so is what would reveal them. Pure.

rules.md A10 says what is counted; design.md that counts under 5 are suppressed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.complaints.handling.rules import OUTCOME_NAMES, STAGE_NAMES, TRACK_NAMES
from portal.complaints.keeping.rules import Counted
from portal.complaints.rules import WHO_NAMES, Track

SMALLEST_SHOWN = 5
HIDDEN = "Hidden"


def suppressed(counts: Sequence[int]) -> list[int | None]:
    """The parts of a total that is published, with None for those that are hidden.

    Where a part is 1 to 4, every part under 5 is hidden, also 0. While the total less the shown
    parts still gives them away (there is one alone, or they can only all be 4), the smallest of
    the shown ones are hidden too. Raises ValueError for a total of 1 to 4: nothing is published.
    """
    if 0 < sum(counts) < SMALLEST_SHOWN:
        raise ValueError("a total under 5 is not published")
    if not any(0 < count < SMALLEST_SHOWN for count in counts):
        return list(counts)
    small = [count for count in counts if count < SMALLEST_SHOWN]
    bound = SMALLEST_SHOWN
    if len(small) == 1 or sum(small) == len(small) * (SMALLEST_SHOWN - 1):
        bound = min((count for count in counts if count >= SMALLEST_SHOWN), default=bound) + 1
    return [None if count < bound else count for count in counts]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One table of parts of the year's total: (label, count or None for hidden)."""

    title: str
    heading: str
    rows: Sequence[tuple[str, int | None]]

    @property
    def said(self) -> list[tuple[str, str]]:
        """The rows in words."""
        return [(label, HIDDEN if count is None else f"{count:,}") for label, count in self.rows]

    @property
    def bars(self) -> list[tuple[str, int, str]]:
        """The rows as the kit's plot takes them; a hidden one has no length."""
        return [
            (label, count or 0, said)
            for (label, said), (_, count) in zip(self.said, self.rows, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Figures:
    """A year of complaints; ``total`` is None, and nothing else is there, when it is 1 to 4."""

    total: int | None
    breakdowns: Sequence[Breakdown] = ()
    limits: Sequence[tuple[str, str]] = ()


def figures(counted: Sequence[Counted]) -> Figures:
    """The figures of one council and year."""
    if 0 < len(counted) < SMALLEST_SHOWN:
        return Figures(None)
    by_track = _breakdown("By track", "Track", counted, lambda one: one.track, dict(TRACK_NAMES))
    shown = {
        track
        for track, (_, count) in zip(TRACK_NAMES, by_track.rows, strict=True)
        if count is not None
    }
    stages = [
        _breakdown(
            f"How far they went: {TRACK_NAMES[track].lower()}",
            "Answered",
            [one for one in counted if one.track is track],
            lambda one: one.furthest,
            {0: "Not answered yet", **dict(enumerate(STAGE_NAMES[track], start=1))},
        )
        for track in TRACK_NAMES
        if track in shown and any(one.track is track for one in counted)
    ]
    yes_or_no = {True: "Yes", False: "No"}
    return Figures(
        len(counted),
        (
            by_track,
            *stages,
            _breakdown("Who complained", "Who", counted, lambda one: one.who, dict(WHO_NAMES)),
            _breakdown(
                "What was found",
                "Outcome",
                counted,
                lambda one: one.outcome,
                {**OUTCOME_NAMES, None: "Nothing yet"},
            ),
            _breakdown(
                "With an advocate", "Advocate", counted, lambda one: one.advocate, yes_or_no
            ),
            _breakdown(
                "Something was learned", "Learned", counted, lambda one: one.learned, yes_or_no
            ),
        ),
        _limits(counted, shown),
    )


def _breakdown(
    title: str,
    heading: str,
    counted: Iterable[Counted],
    part: Callable[[Counted], Any],
    labels: Mapping[Any, str],
) -> Breakdown:
    found = Counter(part(one) for one in counted)
    counts = suppressed([found[code] for code in labels])
    return Breakdown(title, heading, list(zip(labels.values(), counts, strict=True)))


def _limits(counted: Sequence[Counted], shown: set[Track]) -> list[tuple[str, str]]:
    """For each stage the share answered in time; only where neither side is 1 to 4.

    A percentage with a known number behind it gives a small count away as surely as the count.
    """
    rows = []
    for track, names in STAGE_NAMES.items():
        for number, name in enumerate(names, start=1):
            met = [
                one.stages[number] for one in counted if one.track is track and number in one.stages
            ]
            if not met:
                continue
            in_time = sum(met)
            small = {n for n in (in_time, len(met) - in_time) if 0 < n < SMALLEST_SHOWN}
            hidden = bool(small) or track not in shown
            said = HIDDEN if hidden else f"{round(100 * in_time / len(met))} %"
            rows.append((f"{TRACK_NAMES[track]}, {name[:1].lower()}{name[1:]}", said))
    return rows
