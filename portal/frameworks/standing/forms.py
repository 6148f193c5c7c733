"""What is asked before a place is suspended, resumed, promoted or ended."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText


class StepForm(FlaskForm):
    """The reason, which the provider reads."""

    because = LongText("Why", [InputRequired("Say why: the provider reads it")], maximum=500)


class EndForm(StepForm):
    """The place's last day, and the reason."""

    last_day = DateField("Last day of the place", [InputRequired("Enter the place's last day")])
