"""For how many years each track is kept."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, NumberRange

from portal.complaints.rules import Track
from portal.kernel.fields import WholeNumberField

_LIMITS = NumberRange(min=1, max=100, message="Years must be from 1 to 100")


class YearsForm(FlaskForm):
    """Years after closing, by track."""

    children = WholeNumberField(
        "Children's statutory complaints, years", [InputRequired("Enter the years"), _LIMITS]
    )
    other = WholeNumberField(
        "Other council complaints, years", [InputRequired("Enter the years"), _LIMITS]
    )
    data_protection = WholeNumberField(
        "Data protection complaints, years", [InputRequired("Enter the years"), _LIMITS]
    )

    @property
    def said(self) -> dict[Track, int]:
        """The years of each track."""
        return {
            Track.CHILDREN: self.children.data or 0,
            Track.OTHER: self.other.data or 0,
            Track.DATA_PROTECTION: self.data_protection.data or 0,
        }
