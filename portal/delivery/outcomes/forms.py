"""The scores of every indicator, as fields of a form."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice

from portal.delivery.outcomes.rules import INDICATOR_NAMES, SCORE_NAMES, Indicator
from portal.identity.people.forms import VersionedForm

CHOICES = [
    SelectChoice("", "Not scored"),
    *(SelectChoice(str(score), f"{score} {name}") for score, name in SCORE_NAMES.items()),
]


class ScoresForm(VersionedForm):
    """A score for each indicator, or none where it does not apply."""

    placement_stability = SelectField(
        INDICATOR_NAMES[Indicator.PLACEMENT_STABILITY], choices=CHOICES, default=""
    )
    resilience = SelectField(INDICATOR_NAMES[Indicator.RESILIENCE], choices=CHOICES, default="")
    problem_behaviour = SelectField(
        INDICATOR_NAMES[Indicator.PROBLEM_BEHAVIOUR], choices=CHOICES, default=""
    )
    missing_episodes = SelectField(
        INDICATOR_NAMES[Indicator.MISSING_EPISODES], choices=CHOICES, default=""
    )
    key_adults = SelectField(INDICATOR_NAMES[Indicator.KEY_ADULTS], choices=CHOICES, default="")
    education = SelectField(INDICATOR_NAMES[Indicator.EDUCATION], choices=CHOICES, default="")
    post_16 = SelectField(INDICATOR_NAMES[Indicator.POST_16], choices=CHOICES, default="")

    @property
    def score_fields(self) -> list[Field]:
        """The fields in the order of the indicators."""
        return [self[_name(indicator)] for indicator in Indicator]

    @property
    def scores(self) -> dict[Indicator, int]:
        """The scores that were given."""
        given = {indicator: self[_name(indicator)].data for indicator in Indicator}
        return {indicator: int(code) for indicator, code in given.items() if code}


def filled_in(scores: Mapping[Indicator, int]) -> dict[str, str]:
    """Scores as the data of the form."""
    return {_name(indicator): str(score) for indicator, score in scores.items()}


def _name(indicator: Indicator) -> str:
    return indicator.value.replace("-", "_")
