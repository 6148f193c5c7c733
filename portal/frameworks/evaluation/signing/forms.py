"""As what somebody signs, and from when places start."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from portal.kernel.date_fields import DateField
from portal.kernel.fields import TextLine


class SignForm(FlaskForm):
    """The office in which somebody signs, and that they mean it."""

    signed_as = TextLine("Your office", [InputRequired("Enter your office, like Director")])
    agrees = BooleanField(
        "I may sign for my organisation, and I sign this agreement",
        [InputRequired("Confirm that you may sign and that you sign")],
    )

    def validate_signed_as(self, field: TextLine) -> None:
        """As long as it is kept."""
        if len(field.data or "") > 100:
            raise ValueError("Your office must be 100 characters or less")


class ConcludeForm(FlaskForm):
    """The first day of the new places and prices, and what of those not wholly signed."""

    starts_on = DateField("Places start on", [InputRequired("Enter the day on which places start")])
    without_unsigned = BooleanField("Conclude without those that are not wholly signed")
