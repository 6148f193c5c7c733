"""What is asked of a correction."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.delivery.corrections.rules import INSTEAD, Standing
from portal.delivery.rules import SESSION_STATE_NAMES, Nights, Refusal, SessionState
from portal.delivery.sessions.forms import ANY_LENGTH, MOST_INTERACTIONS
from portal.kernel.date_fields import DateField
from portal.kernel.fields import HoursField, LongText, WholeNumberField

LONGEST_REASON = 500


class _Refusing(FlaskForm):
    """A form that shows what the rules refuse at its fields."""

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Show each refusal at its field."""
        for refusal in refusals:
            wrong = self[refusal.field]
            wrong.errors = [*wrong.errors, refusal.sentence]


class CorrectionForm(_Refusing):
    """What a session should have been charged as."""

    state = RadioField(
        "What really happened?",
        [InputRequired("Choose what really happened")],
        choices=[SelectChoice(each.value, SESSION_STATE_NAMES[each]) for each in INSTEAD],
    )
    minutes = HoursField("Length in hours, if it was delivered", [Optional()], at_most=ANY_LENGTH)
    interactions = WholeNumberField(
        "Number of interactions",
        [
            Optional(),
            NumberRange(max=MOST_INTERACTIONS, message="Interactions must be 1,000 or less"),
        ],
    )
    because = LongText(
        "Why is it corrected?",
        [InputRequired("Say why it is corrected")],
        maximum=LONGEST_REASON,
    )

    def standing(self) -> Standing:
        """What was entered; the form has been validated."""
        state = SessionState(self.state.data)
        minutes = (self.minutes.data or 0) if state is SessionState.DELIVERED else 0
        return Standing(state, minutes, self.interactions.data or 0)


class NightsOffForm(_Refusing):
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
