"""The indicators of how a young person is doing, and their scale (facts/frameworks.yaml). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.kernel.errors import DomainError


class Indicator(StrEnum):
    """What is scored; every one reads the same way: more is better."""

    PLACEMENT_STABILITY = "placement-stability"
    RESILIENCE = "resilience"
    PROBLEM_BEHAVIOUR = "problem-behaviour"
    MISSING_EPISODES = "missing-episodes"
    KEY_ADULTS = "key-adults"
    EDUCATION = "education"
    POST_16 = "post-16"


INDICATOR_NAMES = {
    Indicator.PLACEMENT_STABILITY: "Placement stability",
    Indicator.RESILIENCE: "Resilience",
    Indicator.PROBLEM_BEHAVIOUR: "Problem behaviour",
    Indicator.MISSING_EPISODES: "Missing episodes",
    Indicator.KEY_ADULTS: "Engagement with key adults",
    Indicator.EDUCATION: "Engagement with education",
    Indicator.POST_16: "Education, employment or training after 16",
}
LOWEST, HIGHEST = 1, 5
SCORE_NAMES = {
    1: "Great difficulty",
    2: "Some difficulty",
    3: "Mixed",
    4: "Mostly well",
    5: "Going well",
}


class NothingScored(DomainError):
    """A scoring without a single score."""

    status = 422
    sentence = "Score at least one of them"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something was scored, in words, and the scores that were given."""

    name: str
    scores: Mapping[Indicator, int]


@dataclass(frozen=True, slots=True)
class Course:
    """One indicator over all occasions, each with its score or None."""

    name: str
    scores: tuple[int | None, ...]

    @property
    def change(self) -> str:
        """How far it moved from the first score to the latest, in words."""
        given = [score for score in self.scores if score is not None]
        if len(given) < 2:
            return "Scored once"
        moved = given[-1] - given[0]
        if not moved:
            return "No change"
        return f"{'Up' if moved > 0 else 'Down'} {abs(moved)}"


def courses(occasions: Sequence[Occasion]) -> list[Course]:
    """The course of each indicator that was ever scored, in the order of the indicators."""
    return [
        Course(name, scores)
        for indicator, name in INDICATOR_NAMES.items()
        if any(scores := tuple(one.scores.get(indicator) for one in occasions))
    ]


def say_courses(found: Sequence[Course]) -> str:
    """What a picture of them shows, in a sentence for whoever cannot see it."""
    moved = [f"{one.name}: {one.change.lower()}" for one in found if len(one.scores) > 1]
    return f"{'. '.join(moved)}." if moved else "Scored once so far."
