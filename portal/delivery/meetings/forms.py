"""What is asked of a meeting and of what follows from it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.delivery.meetings.rules import MEETING_NAMES, MeetingKind, Minutes, Side
from portal.identity.people.forms import VersionedForm
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, TextLine


class MeetingForm(VersionedForm):
    """A meeting to come or held; whom it is with is asked of a new one alone."""

    party = SelectField("Who you meet", [InputRequired("Choose who you meet")])
    kind = RadioField(
        "Kind of meeting",
        [InputRequired("Choose the kind of meeting")],
        choices=[SelectChoice(kind.value, name) for kind, name in MEETING_NAMES.items()],
    )
    held_on = DateField("Date", [InputRequired("Enter the date of the meeting")])
    present = TextLine(
        "Who takes part",
        [Length(max=500, message="Who takes part must be 500 characters or less")],
        description="Names and what they do, separated by commas",
    )
    notes = LongText("Notes", maximum=10_000)

    @property
    def minutes(self) -> Minutes:
        """What was entered; the form has been validated."""
        assert self.held_on.data is not None
        return Minutes(
            MeetingKind(self.kind.data),
            self.held_on.data,
            self.present.data or "",
            self.notes.data or "",
        )


class ActionForm(FlaskForm):
    """Something that one side does after a meeting."""

    words = TextLine(
        "What is to be done",
        [
            InputRequired("Say what is to be done"),
            Length(max=500, message="What is to be done must be 500 characters or less"),
        ],
    )
    side = RadioField(
        "By whom",
        [InputRequired("Choose who does it")],
        choices=[SelectChoice(Side.COUNCIL.value, ""), SelectChoice(Side.PROVIDER.value, "")],
    )
    due_on = DateField("By when", [InputRequired("Enter by when it is done")])

    def offer(self, council: str, provider: str) -> None:
        """Name the two sides."""
        self.side.choices = [
            SelectChoice(Side.COUNCIL.value, council),
            SelectChoice(Side.PROVIDER.value, provider),
        ]
