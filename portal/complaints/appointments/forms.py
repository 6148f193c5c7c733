"""What somebody with a part in a case says of conflicts."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from portal.kernel.fields import LongText


class DeclareForm(FlaskForm):
    """Free, or a conflict in words."""

    free = RadioField(
        "Does anything stand between you and this case?",
        [InputRequired("Choose one")],
        choices=[
            SelectChoice("free", "No, nothing does"),
            SelectChoice("conflict", "Yes, so I cannot look into it"),
        ],
        description="For example, you know somebody in it, or it is about your own work.",
    )
    conflict = LongText("If yes, what it is", maximum=2_000)

    def validate_conflict(self, field: LongText) -> None:
        """A conflict is said in words, and only a conflict is."""
        if self.free.data == "conflict" and not field.data:
            raise ValidationError("Say what stands between you and this case")

    @property
    def said(self) -> str:
        """The conflict; empty for none."""
        return (self.conflict.data or "") if self.free.data == "conflict" else ""
