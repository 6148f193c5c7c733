"""What is asked for a key: a pass phrase, twice."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, ValidationError
from wtforms.validators import EqualTo, InputRequired, Length

from portal.frameworks.opening.keys.rules import problem_with
from portal.identity.viewing import viewer

_NEW = "Choose a pass phrase"


class PhraseForm(FlaskForm):
    """A new pass phrase."""

    phrase = PasswordField("Pass phrase", [InputRequired(_NEW)])
    again = PasswordField(
        "Pass phrase again",
        [
            InputRequired("Enter the pass phrase a second time"),
            EqualTo("phrase", "The two pass phrases differ. Enter both again"),
        ],
    )

    def validate_phrase(self, field: PasswordField) -> None:
        """It must not be guessed from who the person is."""
        problem = problem_with(field.data or "", viewer().person_name)
        if problem is not None:
            raise ValidationError(problem)


class ChangeForm(PhraseForm):
    """The pass phrase until now, and a new one."""

    present = PasswordField(
        "Pass phrase until now",
        [InputRequired("Enter the pass phrase that the key has now"), Length(max=500)],
    )
