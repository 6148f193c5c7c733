"""What a council says of a report."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.delivery.reports.rules import ReportStep
from portal.kernel.fields import LongText


class DecideForm(FlaskForm):
    """Accept, or give back with reasons; ``number`` is that of the submission that was read."""

    number = HiddenField()
    step = RadioField(
        "What do you decide?",
        [InputRequired("Choose whether you accept the report")],
        choices=[
            SelectChoice(ReportStep.ACCEPT.value, "Accept the report"),
            SelectChoice(ReportStep.RETURN.value, "Give it back to be put right"),
        ],
    )
    because = LongText("What should be put right", maximum=2000)

    def validate(self, extra_validators: Any = None) -> bool:
        """Giving back needs reasons."""
        fine: bool = super().validate(extra_validators)
        if fine and self.chosen is ReportStep.RETURN and not self.because.data:
            self.because.errors = ["Say what should be put right"]
            return False
        return fine

    @property
    def chosen(self) -> ReportStep:
        """The decision; the form has been validated."""
        return ReportStep(self.step.data)

    @property
    def read(self) -> int:
        """The number of the submission that was read; 0, which is none, for anything else."""
        text = self.number.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0
