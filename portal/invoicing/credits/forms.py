"""What is asked to enter a credit note, and to decide on one."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from portal.invoicing.credits.rules import CREDIT_REASON_NAMES, CreditReason
from portal.invoicing.forms_deciding import LONGEST
from portal.kernel.fields import LongText, PoundsField, TextLine

ACCEPT, REFUSE = "accept", "refuse"


class CreditForm(FlaskForm):
    """How much is taken off, why, and the provider's own number for it."""

    number = TextLine(
        "Your credit note number",
        [
            InputRequired("Enter the number of your credit note"),
            Length(max=40, message="Credit note number must be 40 characters or less"),
        ],
        description="From your own numbering; no invoice or credit note of yours has it yet",
    )
    net = PoundsField("Amount before VAT", [InputRequired("Enter the amount")])
    reason = RadioField(
        "Why is it credited?",
        [InputRequired("Choose why it is credited")],
        choices=[SelectChoice(one.value, words) for one, words in CREDIT_REASON_NAMES.items()],
    )
    words = LongText(
        "What the council should know",
        description="The council sees this. Do not name the young person.",
        maximum=LONGEST,
    )

    def validate_words(self, field: Field) -> None:
        """Another reason must be written down."""
        if self.reason.data == CreditReason.OTHER.value and not field.data:
            raise ValidationError("Enter why it is credited")


class CreditDecisionForm(FlaskForm):
    """Whether the council accepts a credit note."""

    outcome = RadioField(
        "What do you decide?",
        [InputRequired("Choose whether the credit note is accepted")],
        choices=[SelectChoice(ACCEPT, "Accept it"), SelectChoice(REFUSE, "Do not accept it")],
    )
    words = LongText(
        "Why",
        description="The provider sees this. Do not name the young person.",
        maximum=LONGEST,
    )

    def validate_words(self, field: Field) -> None:
        """A credit note that is not accepted is explained."""
        if self.outcome.data == REFUSE and not field.data:
            raise ValidationError("Enter why it is not accepted")
