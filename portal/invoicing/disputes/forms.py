"""What is asked to dispute a refusal, and to decide the dispute."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError

from portal.invoicing.forms_deciding import LONGEST
from portal.kernel.fields import LongText
from portal.kernel.files.fields import UploadField
from portal.kernel.money import Money

ALLOW, UPHOLD = "allow", "uphold"


class DisputeForm(FlaskForm):
    """Why the refusal is wrong, perhaps with a file that shows it."""

    words = LongText(
        "Why the refusal is wrong",
        [DataRequired("Enter why the refusal is wrong")],
        description="The council sees this. Do not name the young person.",
        maximum=LONGEST,
    )
    file = UploadField("A file that shows it, if there is one")


class DisputeDecisionForm(FlaskForm):
    """Whether the line is approved after all."""

    outcome = RadioField(
        "What do you decide?",
        [InputRequired("Choose whether the line is approved or the refusal is upheld")],
        choices=[
            SelectChoice(ALLOW, "Approve the line"),
            SelectChoice(UPHOLD, "Uphold the refusal"),
        ],
    )
    words = LongText(
        "Why",
        description="The provider sees this. Do not name the young person.",
        maximum=LONGEST,
    )

    def __init__(self, net: Money, **options: Any) -> None:
        super().__init__(**options)
        self.outcome.choices = [
            SelectChoice(ALLOW, f"Approve {net} after all"),
            SelectChoice(UPHOLD, "Uphold the refusal, which is final"),
        ]

    def validate_words(self, field: Field) -> None:
        """A refusal that stays is explained."""
        if self.outcome.data == UPHOLD and not field.data:
            raise ValidationError("Enter why the refusal is upheld")
