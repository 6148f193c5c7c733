"""Who is named for what, what somebody declares, and why a part ends."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.frameworks.evaluation.rules import DUTY_NAMES, Duty
from portal.identity.models import Membership
from portal.kernel.fields import LongText

NONE, CONFLICT = "none", "conflict"


class NameForm(FlaskForm):
    """One of the council's own people, and what they do."""

    person = SelectField("Person", [InputRequired("Choose a person")])
    duty = RadioField(
        "What they do",
        [InputRequired("Choose what they do")],
        choices=[SelectChoice(duty.value, name) for duty, name in DUTY_NAMES.items()],
        default=Duty.EVALUATOR.value,
    )

    def offer(self, members: Iterable[Membership]) -> None:
        """Let these people be chosen."""
        self.person.choices = [
            SelectChoice("", "Choose a person"),
            *(SelectChoice(member.person_id.hex, member.person.name) for member in members),
        ]


class DeclareForm(FlaskForm):
    """Whether the person has a conflict of interest, and which."""

    answer = RadioField(
        "Do you have a conflict of interest with any of these providers?",
        [InputRequired("Say whether you have a conflict of interest")],
        choices=[
            SelectChoice(NONE, "No, I have no conflict of interest"),
            SelectChoice(CONFLICT, "Yes, I have one"),
        ],
    )
    details = LongText("What the conflict is", maximum=1000)

    def validate_details(self, field: LongText) -> None:
        """A conflict is described."""
        if self.answer.data == CONFLICT and not field.data:
            raise ValueError("Say what the conflict is")

    @property
    def conflict(self) -> str | None:
        """What was declared; None where there is no conflict."""
        return (self.details.data or "") if self.answer.data == CONFLICT else None


class StandDownForm(FlaskForm):
    """Why somebody's part ends."""

    reason = LongText(
        "Why their part ends", [InputRequired("Say why their part ends")], maximum=1000
    )
