"""What is asked of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.agreements.models import Assignment
from portal.delivery.forms import RefusableForm
from portal.delivery.plans.rules import WEEKDAYS, Pattern, pattern_refusal
from portal.delivery.rules import MODE_NAMES, Mode
from portal.delivery.sessions.forms import ANY_LENGTH, mentor_choices
from portal.delivery.sessions.rules import length_refusal
from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.fields import HoursField


class PlanForm(RefusableForm):
    """A weekly pattern. ``days`` are the days ticked once they have been shown."""

    weekdays = SelectMultipleField(
        "On which days?",
        [InputRequired("Choose at least one day of the week")],
        choices=[SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS)],
    )
    start = TimeField("Start time", [InputRequired("Enter when it starts, like 16:30 or 4:30pm")])
    minutes = HoursField(
        "Length in hours",
        [InputRequired("Enter how long each session lasts, like 1.5")],
        at_most=ANY_LENGTH,
    )
    mentor = SelectField("Mentor", [InputRequired("Choose the mentor")])
    mode = RadioField(
        "How they meet",
        [InputRequired("Choose how they meet")],
        choices=[SelectChoice(each.value, name) for each, name in MODE_NAMES.items()],
        default=Mode.FACE_TO_FACE.value,
    )
    first = DateField("From", [InputRequired("Enter the first day")])
    last = DateField("Until", [InputRequired("Enter the last day")])
    days = SelectMultipleField("Days", validate_choice=False)

    def offer(self, assignments: Sequence[Assignment]) -> None:
        """Let the mentors be chosen whom the agreement has or had, the latest first."""
        self.mentor.choices = mentor_choices(assignments)

    def pattern(self) -> Pattern | None:
        """What was entered; None where something is wrong, which is then said at its field."""
        if not self.validate():
            return None
        assert self.first.data is not None
        assert self.last.data is not None
        assert self.start.data is not None
        assert self.minutes.data is not None
        pattern = Pattern(
            self.first.data,
            self.last.data,
            frozenset(int(day) for day in self.weekdays.data or ()),
            self.start.data,
            self.minutes.data,
            UUID(self.mentor.data),
            Mode(self.mode.data),
        )
        wrong = length_refusal(pattern.minutes) or pattern_refusal(pattern)
        if wrong is not None:
            self.refuse([wrong])
            return None
        return pattern


def chosen_days(typed: Sequence[str]) -> set[date]:
    """The ticked days; what is no date is left out."""
    found = set()
    for text in typed:
        try:
            found.add(date.fromisoformat(text))
        except ValueError:
            continue
    return found
