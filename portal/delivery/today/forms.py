"""What is asked of a session once its mentor has said what happened."""

from __future__ import annotations

from dataclasses import replace

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.delivery.forms import RefusableForm
from portal.delivery.rules import (
    CANCELLED_BY_NAMES,
    MODE_NAMES,
    CancelledBy,
    Mode,
    SessionState,
)
from portal.delivery.sessions.forms import (
    ANY_LENGTH,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    interactions_field,
)
from portal.delivery.sessions.rules import SessionEntry
from portal.kernel.fields import HoursField, LongText


class DetailsForm(RefusableForm, FlaskForm):
    """How long it was, and what was done."""

    minutes = HoursField(
        "Length in hours", [InputRequired("Enter how long it lasted, like 1.5")], at_most=ANY_LENGTH
    )
    interactions = interactions_field()
    mode = RadioField(
        "How you met",
        [InputRequired("Choose how you met")],
        choices=[SelectChoice(each.value, name) for each, name in MODE_NAMES.items()],
    )
    summary = LongText("Summary", maximum=LONGEST_SUMMARY)

    def of(self, entry: SessionEntry) -> SessionEntry:
        """The session with what was entered; the form has been validated."""
        assert self.minutes.data is not None
        return replace(
            entry,
            minutes=self.minutes.data,
            interactions=1 if self.interactions.data is None else self.interactions.data,
            mode=Mode(self.mode.data),
            summary=self.summary.data,
        )


class CancelForm(RefusableForm, FlaskForm):
    """Who called it off, and why."""

    cancelled_by = RadioField(
        "Who cancelled it?",
        [InputRequired("Choose who cancelled it")],
        choices=[SelectChoice(each.value, name) for each, name in CANCELLED_BY_NAMES.items()],
    )
    cancelled_because = LongText("Why?", maximum=LONGEST_REASON)

    def of(self, entry: SessionEntry) -> SessionEntry:
        """The session called off; the form has been validated."""
        return replace(
            entry,
            state=SessionState.CANCELLED,
            cancelled_by=CancelledBy(self.cancelled_by.data),
            cancelled_because=self.cancelled_because.data,
        )
