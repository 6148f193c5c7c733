"""What is asked of a later closing."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.fields import LongText


class ExtendForm(FlaskForm):
    """The new closing, and why."""

    closes_on = DateField("Closes on", [InputRequired("Enter the new day of closing")])
    closes_time = TimeField("Closes at", [InputRequired("Enter when it closes, like midday")])
    reason = LongText("Reason", [InputRequired("Say why it closes later")], maximum=500)


class AnswerForm(FlaskForm):
    """Yes or no by the button that was pressed; the facts stand on the page."""
