"""What is asked of a correction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.agreements.models import Assignment
from portal.delivery.corrections.rules import INSTEAD, Place, Standing
from portal.delivery.forms import RefusableForm
from portal.delivery.rules import SESSION_STATE_NAMES, Nights, SessionState
from portal.delivery.sessions.forms import (
    ANY_LENGTH,
    interactions_field,
    mentor_choices,
    which_hour_field,
)
from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.fields import HoursField, LongText

LONGEST_REASON = 500


class CorrectionForm(RefusableForm, FlaskForm):
    """What a session should have been charged as, when and with whom it took place.

    ``which_hour`` is asked only of the hour that comes twice in October.
    """

    day = DateField("Date", [InputRequired("Enter the date of the session")])
    start = TimeField("Start time", [InputRequired("Enter when it started, like 16:30 or 4:30pm")])
    which_hour = which_hour_field()
    mentor = SelectField("Mentor", [InputRequired("Choose the mentor")])
    state = RadioField(
        "What really happened?",
        [InputRequired("Choose what really happened")],
        choices=[SelectChoice(each.value, SESSION_STATE_NAMES[each]) for each in INSTEAD],
    )
    minutes = HoursField("Length in hours, if it was delivered", [Optional()], at_most=ANY_LENGTH)
    interactions = interactions_field()
    because = LongText(
        "Why is it corrected?",
        [InputRequired("Say why it is corrected")],
        maximum=LONGEST_REASON,
    )

    def offer(self, assignments: Sequence[Assignment]) -> None:
        """Let the mentors be chosen whom the agreement has or had, the latest first."""
        self.mentor.choices = mentor_choices(assignments)

    @property
    def asks_which_hour(self) -> bool:
        """Whether the question of the repeated hour is shown."""
        return bool(self.which_hour.errors or self.which_hour.data)

    def place(self) -> Place:
        """When and with whom, as entered; the form has been validated."""
        assert self.day.data is not None
        assert self.start.data is not None
        second = self.which_hour.data == "second" if self.which_hour.data else None
        return Place(self.day.data, self.start.data, UUID(self.mentor.data), second)

    def standing(self) -> Standing:
        """What was entered; the form has been validated."""
        state = SessionState(self.state.data)
        minutes = (self.minutes.data or 0) if state is SessionState.DELIVERED else 0
        return Standing(state, minutes, self.interactions.data or 0)


class NightsOffForm(RefusableForm, FlaskForm):
    """Nights that were charged although the young person was not there."""

    first_night = DateField("First night to take off", [InputRequired("Enter the first night")])
    last_night = DateField("Last night to take off", [InputRequired("Enter the last night")])
    because = LongText(
        "Why is it corrected?",
        [InputRequired("Say why it is corrected")],
        maximum=LONGEST_REASON,
    )

    @property
    def nights(self) -> Nights:
        """What was entered; the form has been validated."""
        assert self.first_night.data is not None
        assert self.last_night.data is not None
        return Nights(self.first_night.data, self.last_night.data)
