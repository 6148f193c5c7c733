"""What is asked of a question about a round, and of its answer."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.frameworks.rounds.clarifications.queries import Topic
from portal.kernel.fields import LongText
from portal.kernel.filters import Choice, Filters

WHOLE = "round"


class QueueFilters(Filters):
    """Questions that wait, or those that were dealt with."""

    state = Choice("State", everything="To answer", choices=[("closed", "Dealt with")])


class AskForm(FlaskForm):
    """A question, and what it is about."""

    about = SelectField("What your question is about")
    asked = LongText("Your question", [InputRequired("Write your question")], maximum=2000)

    def offer(self, topics: Sequence[Topic]) -> None:
        """Let these be chosen, after the whole round."""
        self.about.choices = [
            SelectChoice(WHOLE, "The whole round"),
            *(SelectChoice(one.code, one.words) for one in topics),
        ]

    def topic(self, topics: Sequence[Topic]) -> Topic | None:
        """What was chosen; None for the whole round."""
        return next((one for one in topics if one.code == self.about.data), None)


class AnswerForm(FlaskForm):
    """The question as everybody reads it, and the answer."""

    asked = LongText(
        "Question as everybody reads it", [InputRequired("Write the question")], maximum=2000
    )
    answer = LongText("Answer", [InputRequired("Write the answer")], maximum=4000)


class DeclineForm(FlaskForm):
    """Why there is no answer for everybody."""

    reason = LongText("Reason", [InputRequired("Say why there is no answer")], maximum=500)
