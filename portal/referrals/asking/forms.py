"""What a provider asks, and what the council answers."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from portal.kernel.fields import LongText

ONE, ALL = "one", "all"


class AskForm(FlaskForm):
    """A question to the council."""

    asked = LongText("Your question", [InputRequired("Enter your question")], maximum=2000)


class AnswerForm(FlaskForm):
    """The answer, and who reads it."""

    answer = LongText("Your answer", [InputRequired("Enter your answer")], maximum=4000)
    whom = RadioField(
        "Who reads it?",
        choices={ONE: "Only the provider that asked", ALL: "Everybody who was asked"},
        default=ONE,
    )
    reworded = LongText("The question, in words that do not say who asked", maximum=2000)

    def validate(self, extra_validators: Any = None) -> bool:
        """For everybody, the question has to be worded."""
        needed = InputRequired("Word the question so that nobody can tell who asked")
        self.reworded.validators = [needed] if self.whom.data == ALL else [Optional()]
        return bool(super().validate(extra_validators))

    @property
    def to_all(self) -> str | None:
        """The question for everybody; None where only the asker reads the answer."""
        return self.reworded.data if self.whom.data == ALL else None
