"""What is asked of a late door."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.fields import LongText, TextLine


class LateDoorForm(FlaskForm):
    """Who is let in, until when, and why."""

    provider = TextLine("Provider", [InputRequired("Enter the provider's name"), Length(max=200)])
    until_on = DateField("May submit until", [InputRequired("Enter the last day")])
    until_time = TimeField("Time", [InputRequired("Enter until when, like midday")])
    reason = LongText("Reason", [InputRequired("Say why this provider may come late")], maximum=500)
