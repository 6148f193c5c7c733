"""What is asked of those who open bids, and of whoever names them."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from portal.identity.models import Person


class ShareForm(FlaskForm):
    """The pass phrase of one's key."""

    phrase = PasswordField(
        "Pass phrase of your key",
        [InputRequired("Enter the pass phrase of your key"), Length(max=500)],
    )


class OpenerForm(FlaskForm):
    """Who opens the bids."""

    person = SelectField("Who opens the bids", [InputRequired("Choose a person")])

    def offer(self, people: list[Person]) -> None:
        """Let one of these be chosen."""
        self.person.choices = [("", "Choose a person"), *((str(p.id), p.name) for p in people)]

    @property
    def person_id(self) -> UUID:
        """Whoever was chosen."""
        return UUID(self.person.data)
