"""What is asked of a contact, and what the list of deadlines is narrowed by."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.agreements.clocks.rules import (
    CLOCK_NAMES,
    CONTACT_KIND_NAMES,
    HOW_NAMES,
    Contact,
    ContactKind,
    How,
)
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText
from portal.kernel.filters import Choice, Filters


class ContactForm(FlaskForm):
    """One attempt, contact or meeting."""

    kind = RadioField(
        "What came of it",
        [InputRequired("Choose what came of it")],
        choices=[SelectChoice(kind.value, name) for kind, name in CONTACT_KIND_NAMES.items()],
    )
    how = SelectField(
        "How", choices=[SelectChoice(how.value, name) for how, name in HOW_NAMES.items()]
    )
    day = DateField("Day", [InputRequired("Enter the day")])
    words = LongText("Note", maximum=1000)

    def contact(self) -> Contact:
        """What was entered; the form has been validated."""
        assert self.day.data is not None
        return Contact(
            ContactKind(self.kind.data), How(self.how.data), self.day.data, self.words.data or ""
        )


class WithdrawForm(FlaskForm):
    """Why a contact is withdrawn."""

    because = LongText(
        "What is wrong with it", [InputRequired("Say what is wrong with it")], maximum=500
    )


class DeadlineFilters(Filters):
    """Open deadlines by what they wait for, and those that were missed."""

    waits = Choice(
        "Waiting for",
        everything="Everything",
        choices=[(kind.value, name) for kind, name in CLOCK_NAMES.items()],
    )
    state = Choice("State", everything="Open", choices=[("missed", "Missed")])
