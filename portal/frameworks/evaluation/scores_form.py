"""A score from 0 to 5 with its reason for each answer of an application: an evaluator's own, or
the moderator's for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from portal.frameworks.evaluation.opened import Answered
from portal.frameworks.evaluation.rules import SCORE_WORDS
from portal.identity.people.forms import VersionedForm
from portal.kernel.fields import LongText
from portal.kernel.wording import say_count

LONGEST_REASON = 2_000


class Scored(Protocol):
    """What was saved of one answer."""

    @property
    def score(self) -> int: ...
    @property
    def reason(self) -> str: ...


class ScoresForm(VersionedForm):
    """The scores; the version is that of what was saved when the form was opened."""

    answers: Sequence[Answered] = ()

    @property
    def given(self) -> Mapping[UUID, tuple[int, str]]:
        """The answers that were scored, by question, each with its score and reason."""
        said = {}
        for answered in self.answers:
            score, reason = fields_of(answered)
            if self[score].data:
                said[answered.question.id] = (int(self[score].data), self[reason].data or "")
        return said

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A score has its reason, and a reason its score; an answer may wait for both."""
        valid: bool = super().validate(extra_validators)
        for number, answered in enumerate(self.answers, start=1):
            score, reason = fields_of(answered)
            if self[score].errors or self[reason].errors:
                continue
            if self[score].data and not self[reason].data:
                self[reason].errors = [f"Answer {number}: say why it has this score"]
                valid = False
            elif self[reason].data and not self[score].data:
                self[score].errors = [f"Answer {number}: choose a score"]
                valid = False
        return valid


def fields_of(answered: Answered) -> tuple[str, str]:
    """The names of an answer's two fields: its score and its reason."""
    return f"score-{answered.question.id.hex}", f"reason-{answered.question.id.hex}"


def scores_form(
    answers: Sequence[Answered], saved: Mapping[UUID, Scored], *, version: int
) -> ScoresForm:
    """The form for one application, filled in with what was saved."""
    fields: dict[str, Any] = {"answers": answers}
    given: dict[str, Any] = {"version": str(version)}
    for answered in answers:
        score, reason = fields_of(answered)
        fields[score] = RadioField(
            "Score",
            [Optional()],
            choices=[SelectChoice(str(one), f"{one}. {words}") for one, words in _BEST_FIRST],
        )
        fields[reason] = LongText("Why", maximum=LONGEST_REASON)
        if (held := saved.get(answered.question.id)) is not None:
            given[score], given[reason] = str(held.score), held.reason
    form: ScoresForm = type("TheseScoresForm", (ScoresForm,), fields)(data=given)
    return form


def say_left(left: int) -> str:
    """How much of an application waits for its score once some were saved."""
    return f"{say_count(left, 'answer')} left here." if left else "Nothing is left here."


_BEST_FIRST = sorted(SCORE_WORDS.items(), reverse=True)
