"""As what somebody signs, and from when places start."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired, Length

from portal.kernel.date_fields import DateField
from portal.kernel.fields import TextLine


class SignForm(FlaskForm):
    """The office in which somebody signs, and that they mean it."""

    signed_as = TextLine(
        "Your office",
        [
            InputRequired("Enter your office, like Director"),
            Length(max=100, message="Your office must be 100 characters or less"),
        ],
    )
    agrees = BooleanField(
        "I may sign for my organisation, and I sign this agreement",
        [InputRequired("Confirm that you may sign and that you sign")],
    )


class ConcludeForm(FlaskForm):
    """The first day of the new places and prices, and what of those not wholly signed."""

    starts_on = DateField("Places start on", [InputRequired("Enter the day on which places start")])
    without_unsigned = BooleanField("Conclude without those that are not wholly signed")
