"""What is asked of a mentor's check, training and hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.agreements.mentors.models import Hours
from portal.agreements.mentors.rules import (
    CHECK_ENDED_NAMES,
    CHECK_RESULT_NAMES,
    TRAINING_NAMES,
    WEEKDAYS,
)
from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.fields import TextLine


class CheckForm(FlaskForm):
    """An enhanced DBS check; its number is not asked for."""

    checked_on = DateField("Day of the check", [InputRequired("Enter the day of the check")])
    result = RadioField(
        "What it said",
        [InputRequired("Choose what it said")],
        choices=[SelectChoice(result.value, name) for result, name in CHECK_RESULT_NAMES.items()],
    )
    valid_until = DateField(
        "Relied on until", [InputRequired("Enter the last day on which you rely on it")]
    )


class EndCheckForm(FlaskForm):
    """Why a check is relied on no longer."""

    because = RadioField(
        "Why",
        [InputRequired("Choose why")],
        choices=[SelectChoice(because.value, name) for because, name in CHECK_ENDED_NAMES.items()],
    )


class TrainingForm(FlaskForm):
    """Something that a mentor was trained in."""

    kind = SelectField(
        "Training",
        choices=[SelectChoice(kind.value, name) for kind, name in TRAINING_NAMES.items()],
    )
    title = TextLine("If something else, what", [Length(max=100)])
    taken_on = DateField("Day", [InputRequired("Enter the day of the training")])


class HoursForm(FlaskForm):
    """When a mentor can work, from and until for each day of the week."""

    def hours(self) -> dict[int, tuple[time, time]]:
        """The days on which both are given."""
        return {
            day: (starts.data, ends.data)
            for day, (starts, ends) in enumerate(self.days)
            if starts.data and ends.data
        }

    @property
    def days(self) -> list[tuple[TimeField, TimeField]]:
        """The two fields of each day, Monday first."""
        return [(self[f"from_{day}"], self[f"until_{day}"]) for day in range(len(WEEKDAYS))]

    def validate(self, extra_validators: object = None) -> bool:
        """A day has both or neither, and ends after it starts."""
        right: bool = super().validate(extra_validators)
        for weekday, (starts, ends) in zip(WEEKDAYS, self.days, strict=True):
            if starts.errors or ends.errors:
                continue
            if (starts.data is None) != (ends.data is None):
                empty = starts if starts.data is None else ends
                word = "from when" if empty is starts else "until when"
                empty.errors = [f"Enter {word} on {weekday}, or leave both empty"]
                right = False
            elif starts.data and ends.data and ends.data <= starts.data:
                ends.errors = [f"On {weekday} it must end after it begins"]
                right = False
        return right


for _day, _weekday in enumerate(WEEKDAYS):
    setattr(HoursForm, f"from_{_day}", TimeField(f"{_weekday} from"))
    setattr(HoursForm, f"until_{_day}", TimeField(f"{_weekday} until"))


def hours_filled_in(hours: Iterable[Hours]) -> dict[str, time]:
    """Kept hours as the data of the form."""
    filled: dict[str, time] = {}
    for one in hours:
        filled[f"from_{one.weekday}"], filled[f"until_{one.weekday}"] = one.starts, one.ends
    return filled
