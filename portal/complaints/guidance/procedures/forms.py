"""The four questions that a published procedure answers."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from portal.complaints.guidance.readability import Reading, read
from portal.kernel.fields import LongText


class ProcedureForm(FlaskForm):
    """A procedure in an organisation's own words."""

    how_to_tell = LongText(
        "How can a young person tell you?",
        [InputRequired("Say how a young person can tell you")],
        maximum=2000,
        description="Name a person or a place, and a way for somebody who is shy to speak.",
    )
    who_answers = LongText(
        "Who reads it?",
        [InputRequired("Say who reads it")],
        maximum=2000,
        description="Somebody whom it is about never looks into it.",
    )
    how_soon = LongText(
        "How soon do you answer?", [InputRequired("Say how soon you answer")], maximum=2000
    )
    not_happy = LongText(
        "What can they do if your answer is not good enough?",
        [InputRequired("Say what they can do if your answer is not good enough")],
        maximum=2000,
    )
    registered = BooleanField("Ofsted inspects us: a fostering agency or a children's home")

    @property
    def readings(self) -> list[tuple[str, Reading]]:
        """How each answer reads, by its question."""
        texts = (self.how_to_tell, self.who_answers, self.how_soon, self.not_happy)
        found = ((field.label.text, read(field.data or "")) for field in texts)
        return [(label, reading) for label, reading in found if reading is not None]
