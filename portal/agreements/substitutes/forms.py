"""What is asked to assign a mentor, to reject one, and of somebody who is not available."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.agreements.mentors.rules import AWAY_NAMES, Candidate
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText


class AssignForm(FlaskForm):
    """Who works on an agreement, from when."""

    starts_on = DateField("From", [InputRequired("Enter the first day")])
    mentor = SelectField("Mentor", [InputRequired("Choose the mentor")])

    def offer(self, own: Mapping[UUID, Candidate]) -> None:
        """The mentors who can be chosen, each with their caseload."""
        self.mentor.choices = [
            SelectChoice("", "Choose a mentor"),
            *(SelectChoice(str(mentor_id), _said(one)) for mentor_id, one in own.items()),
        ]


def _said(one: Candidate) -> str:
    most = "" if one.caseload_limit is None else f" of {one.caseload_limit}"
    return f"{one.name} (caseload {one.assigned}{most})"


class RejectForm(FlaskForm):
    """Why a mentor is rejected; the provider reads it."""

    because = LongText("Why", [InputRequired("Say why you reject the mentor")], maximum=500)


class AbsenceForm(FlaskForm):
    """From when somebody is not available, and until when if that is known."""

    reason = RadioField(
        "Why",
        [InputRequired("Choose why")],
        choices=[SelectChoice(reason.value, name) for reason, name in AWAY_NAMES.items()],
    )
    first_day = DateField("First day away", [InputRequired("Enter the first day away")])
    last_day = DateField("Last day away")


class ReturnForm(FlaskForm):
    """The first day on which somebody is back."""

    back_on = DateField("First day back", [InputRequired("Enter the first day back")])
