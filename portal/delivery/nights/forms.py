"""What is asked of nights."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.delivery.forms import RefusableForm
from portal.delivery.models import Stay
from portal.delivery.rules import Nights
from portal.kernel.date_fields import DateField


class NightsForm(RefusableForm, FlaskForm):
    """Consecutive nights, present or absent."""

    first_night = DateField("First night", [InputRequired("Enter the first night")])
    last_night = DateField("Last night", [InputRequired("Enter the last night")])
    present = RadioField(
        "Was the young person there?",
        [InputRequired("Choose whether the young person was there")],
        choices=[
            SelectChoice("present", "Yes, present"),
            SelectChoice("absent", "No, absent"),
        ],
    )

    @property
    def nights(self) -> Nights:
        """What was entered; the form has been validated."""
        assert self.first_night.data is not None
        assert self.last_night.data is not None
        return Nights(self.first_night.data, self.last_night.data)

    @property
    def is_present(self) -> bool:
        """Whether the young person was there."""
        return bool(self.present.data == "present")


def filled_in(stay: Stay) -> dict[str, object]:
    """A recorded stay as the data of its form."""
    return {
        "first_night": stay.first_night,
        "last_night": stay.last_night,
        "present": "present" if stay.present else "absent",
    }
