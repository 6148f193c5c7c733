"""What is asked to query or refuse a line, to reply to a query, and to record a payment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import Field, Form, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from portal.frameworks.rules import Unit
from portal.invoicing.charges import Charge
from portal.invoicing.rules import REFUSAL_NAMES, RefusalReason
from portal.kernel.date_fields import DateField
from portal.kernel.fields import HoursField, LongText, TextLine, WholeNumberField

LONGEST = 2000  # characters


class QueryForm(FlaskForm):
    """A question about a line."""

    question = LongText(
        "Your question",
        [DataRequired("Enter the question that the provider should answer")],
        description="The provider sees this. Do not name the young person.",
        maximum=LONGEST,
    )


class RefusalForm(FlaskForm):
    """Why a line is refused: a coded reason, and words where that is not enough."""

    reason = RadioField(
        "Why is it refused?",
        [InputRequired("Choose why the line is refused")],
        choices=[SelectChoice(reason.value, words) for reason, words in REFUSAL_NAMES.items()],
    )
    explanation = LongText(
        "What the provider should know",
        description="The provider sees this. Do not name the young person.",
        maximum=LONGEST,
    )

    def validate_explanation(self, field: Field) -> None:
        """Another reason must be written down."""
        if self.reason.data == RefusalReason.OTHER.value and not field.data:
            raise ValidationError("Enter why the line is refused")


class AnswerForm(FlaskForm):
    """A query answered; the line stays as it is."""

    answer = LongText(
        "Your answer",
        [DataRequired("Enter your answer")],
        description="The council sees this. Do not name the young person.",
        maximum=LONGEST,
    )


class AmendmentForm(FlaskForm):
    """A line charged for less: a figure for each of its sessions or stays, and why."""

    charge_fields: tuple[tuple[UUID, str], ...] = ()

    @property
    def figures(self) -> list[Field]:
        """The fields of the figures, in the order of the charges."""
        return [self[name] for _, name in self.charge_fields]

    @property
    def parts(self) -> dict[UUID, int]:
        """The minutes, sessions or nights that were typed, by charged unit."""
        return {unit_id: self[name].data for unit_id, name in self.charge_fields}


def amendment_form(unit: Unit, charges: Iterable[Charge], *, typed: bool) -> AmendmentForm:
    """The form that amends these charges: as it was typed, or with what is charged now."""
    members: dict[str, Any] = {"charge_fields": ()}
    for charge in charges:
        name = f"charge_{charge.id.hex}"
        members["charge_fields"] += ((charge.id, name),)
        members[name] = _figure(unit, charge)
    members["amendment"] = LongText(
        "Why it changes",
        [DataRequired("Enter why the line changes")],
        description="The council sees this. Do not name the young person.",
        maximum=LONGEST,
    )
    made = type("Amendment", (AmendmentForm,), members)
    return cast(AmendmentForm, made() if typed else made(formdata=None))


def _figure(unit: Unit, charge: Charge) -> Field:
    def at_most(_form: Form, field: Field) -> None:
        if field.data is None:
            raise ValidationError("Enter a figure, 0 if nothing is charged")
        if field.data > charge.parts:
            raise ValidationError(
                f"Enter at most {charge.charged}, which is charged now. "
                "More can go on next month's invoice"
            )

    counted = {Unit.HOUR: "Hours", Unit.SESSION: "Sessions", Unit.NIGHT: "Nights"}[unit]
    kind = HoursField if unit is Unit.HOUR else WholeNumberField
    time = f" at {charge.time}" if charge.time else ""
    return kind(
        f"{counted} for {charge.day}{time}",
        [at_most],
        description=f"Charged now: {charge.charged}",
        default=charge.parts,
    )


class PaymentForm(FlaskForm):
    """A payment that the council has made."""

    paid_on = DateField(
        "Date paid",
        [InputRequired("Enter the date paid")],
        description="The day the money reaches the provider",
    )
    remittance = TextLine(
        "Remittance reference",
        [
            InputRequired("Enter the remittance reference"),
            Length(max=40, message="Remittance reference must be 40 characters or less"),
        ],
        description="The provider finds the payment in its bank account by this",
    )
