"""What is asked about a change of bank account: the account, the call back, why it is stopped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, Form, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from portal.invoicing.banking.rules import (
    KNOWN_FROM_NAMES,
    LEAST_HOLD,
    MOST_HOLD,
    KnownFrom,
)
from portal.kernel.fields import LongText, TextLine, WholeNumberField


class DigitsField(TextLine):
    """A fixed number of digits; spaces and dashes are put in for the eye."""

    def __init__(self, label: str, *, digits: int, wrong: str, **options: Any) -> None:
        super().__init__(label, [InputRequired(wrong), Length(max=20, message=wrong)], **options)
        self.digits, self.wrong = digits, wrong

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Keep the digits alone where nothing else was typed."""
        super().process_formdata(valuelist)
        plain = re.sub(r"[\s-]", "", self.data or "")
        if plain.isascii() and plain.isdigit():
            self.data = plain

    def pre_validate(self, form: Form) -> None:
        """Refuse another number of digits."""
        if self.data and not (self.data.isdigit() and len(self.data) == self.digits):
            raise ValidationError(self.wrong)


class AccountForm(FlaskForm):
    """The account to be paid to, and why it changes."""

    account_name = TextLine(
        "Name on the account",
        [
            InputRequired("Enter the name on the account"),
            Length(max=100, message="The name must be 100 characters or less"),
        ],
        description="As the bank knows it",
    )
    sort_code = DigitsField(
        "Sort code",
        digits=6,
        wrong="Enter a sort code of 6 digits, like 12-34-56",
        description="Six digits, like 12-34-56",
    )
    account_number = DigitsField(
        "Account number",
        digits=8,
        wrong="Enter an account number of 8 digits, with 0 in front if it is shorter",
        description="Eight digits. Put 0 in front if yours is shorter",
    )
    because = LongText("Why it changes", [InputRequired("Say why it changes")], maximum=500)
    phone = TextLine(
        "Telephone number for questions (optional)",
        [Length(max=30, message="The number must be 30 characters or less")],
        description="The council calls back on a number it knows already, never on this one",
    )


class CallBackForm(FlaskForm):
    """A call back to a number that the council knew before the change was asked for."""

    spoke_to = TextLine(
        "Who you spoke to",
        [
            InputRequired("Enter who you spoke to"),
            Length(max=200, message="The name must be 200 characters or less"),
        ],
    )
    called_number = TextLine(
        "Number you called",
        [
            InputRequired("Enter the number you called"),
            Length(max=30, message="The number must be 30 characters or less"),
        ],
        description="One that you had before, not one from the request or an e-mail about it",
    )
    known_from = RadioField(
        "Where you had the number from",
        [InputRequired("Choose where you had the number from")],
        choices=[SelectChoice(one.value, words) for one, words in KNOWN_FROM_NAMES.items()],
    )
    note = LongText(
        "What was said",
        [InputRequired("Write down what was said")],
        description="Have the account read out to you. Do not read it out yourself",
        maximum=1000,
    )

    def validate_called_number(self, field: Field) -> None:
        """A telephone number has digits."""
        if len(re.sub(r"\D", "", field.data or "")) < 7:
            raise ValidationError("Enter a telephone number, like 01632 960 001")

    @property
    def source(self) -> KnownFrom:
        """Where the number came from."""
        return KnownFrom(self.known_from.data)


class EndForm(FlaskForm):
    """Why a change is stopped or not verified."""

    because = LongText("Why", [InputRequired("Say why: both sides read it")], maximum=500)


class HoldForm(FlaskForm):
    """How long a changed account is held."""

    days = WholeNumberField(
        "Working days",
        [
            InputRequired("Enter a number of working days"),
            NumberRange(
                min=LEAST_HOLD,
                max=MOST_HOLD,
                message=f"Enter a number from {LEAST_HOLD} to {MOST_HOLD}",
            ),
        ],
    )
