"""What is asked before an agreement is suspended, goes on or ends, and about what is proposed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.agreements.changing.rules import (
    END_OUTCOME_NAMES,
    END_REASON_NAMES,
    EndReason,
    UnfitChange,
)
from portal.kernel.date_fields import DateField
from portal.kernel.fields import HoursField, LongText, PoundsField, TextLine, WholeNumberField
from portal.kernel.money import ZERO

MOST_HOURS = 100_000 * 60
ABOVE_NOTHING = NumberRange(min=1, message="Enter more than 0, or leave it empty")


def paid(_form: FlaskForm, field: PoundsField) -> None:
    """A price is above nothing."""
    if field.data is not None and field.data <= ZERO:
        raise ValidationError("Enter a price above £0.00")


class ChangeForm(FlaskForm):
    """A form whose fields the rules name when something is against the change."""

    def refuse(self, refused: UnfitChange) -> None:
        """Show the sentence at its field."""
        self[refused.about].errors = [refused.sentence]


class SuspendForm(ChangeForm):
    """The days of a suspension and why."""

    first = DateField("First day of the suspension", [InputRequired("Enter its first day")])
    last = DateField("Last day, if you know it")
    because = LongText("Why", [InputRequired("Say why: the provider reads it")], maximum=500)


class ResumeForm(ChangeForm):
    """When a suspended agreement goes on."""

    back = DateField("First day on which it goes on", [InputRequired("Enter the day")])


class EndForm(ChangeForm):
    """The last day, why, and what came of it."""

    last_day = DateField("Last day", [InputRequired("Enter the agreement's last day")])
    reason = RadioField(
        "Why it ends",
        [InputRequired("Choose why it ends")],
        choices=[SelectChoice(one.value, name) for one, name in END_REASON_NAMES.items()],
    )
    outcome = RadioField(
        "What came of it",
        [InputRequired("Choose what came of it")],
        choices=[SelectChoice(one.value, name) for one, name in END_OUTCOME_NAMES.items()],
    )
    words = LongText("In your words", maximum=500)

    def validate_words(self, field: LongText) -> None:
        """Another reason than those of the list is said."""
        if self.reason.data == EndReason.OTHER.value and not field.data:
            raise ValidationError("Say which other reason it is")


class TurnDownForm(FlaskForm):
    """Why a proposal is not agreed, or is taken back."""

    because = LongText("Why", [InputRequired("Say why: the other side reads it")], maximum=500)


class TermsForm(ChangeForm):
    """The terms of an agreement that may be entered; the quantities follow from its unit."""

    price = PoundsField("Price", [Optional(), paid])
    ends_on = DateField("Last day")
    cost_code = TextLine(
        "Cost code", [Length(max=40, message="The cost code must be 40 characters or less")]
    )
    purchase_order = TextLine(
        "Purchase order",
        [Length(max=40, message="The purchase order must be 40 characters or less")],
    )


class InHours:
    """Quantities of an agreement that is charged by the hour; their data are minutes."""

    authorised_weekly = HoursField(
        "Hours authorised a week", [Optional(), ABOVE_NOTHING], at_most=7 * 24 * 60
    )
    authorised_total = HoursField(
        "Hours authorised in total", [Optional(), ABOVE_NOTHING], at_most=MOST_HOURS
    )


class InSessions:
    """Quantities of an agreement that is charged by the session."""

    authorised_weekly = WholeNumberField("Sessions authorised a week", [Optional(), ABOVE_NOTHING])
    authorised_total = WholeNumberField("Sessions authorised in total", [Optional(), ABOVE_NOTHING])


class InNights:
    """Quantities of an agreement that is charged by the night."""

    authorised_weekly = WholeNumberField("Nights authorised a week", [Optional(), ABOVE_NOTHING])
    authorised_total = WholeNumberField("Nights authorised in total", [Optional(), ABOVE_NOTHING])
