"""Whom of its people a provider lets know who a young person is, and why."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms.fields import SelectField
from wtforms.validators import InputRequired, Length

from portal.kernel.fields import TextLine


class TellForm(FlaskForm):
    """One more person, and the reason."""

    person = SelectField("Person", [InputRequired("Choose a person")], choices={"": "Choose"})
    because = TextLine(
        "Why they need to know",
        [InputRequired("Say why they need to know"), Length(max=200, message="Use 200 characters")],
    )

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Those who may be told and are not."""
        self.person.choices = {"": "Choose", **{str(one): name for one, name in people}}
