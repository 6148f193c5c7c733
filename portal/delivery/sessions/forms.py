"""What is asked of a session."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.agreements.models import Assignment
from portal.delivery.forms import RefusableForm
from portal.delivery.models import DeliverySession
from portal.delivery.rules import (
    CANCELLED_BY_NAMES,
    MODE_NAMES,
    SESSION_STATE_NAMES,
    CancelledBy,
    Mode,
    SessionState,
)
from portal.delivery.sessions.queries import entry_of
from portal.delivery.sessions.rules import SessionEntry
from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.fields import HoursField, LongText, WholeNumberField

MOST_INTERACTIONS = 1000
LONGEST_SUMMARY = 2000
LONGEST_REASON = 500
ANY_LENGTH = 100_000 * 60
WHO_CANCELLED = [SelectChoice(each.value, name) for each, name in CANCELLED_BY_NAMES.items()]


def which_hour_field() -> RadioField:
    """Asks which is meant of the hour that comes twice in October."""
    return RadioField(
        "Which hour is meant?",
        [Optional()],
        choices=[
            SelectChoice("first", "The first (British Summer Time)"),
            SelectChoice("second", "The second (Greenwich Mean Time)"),
        ],
    )


def interactions_field() -> WholeNumberField:
    """Asks how often they were in touch."""
    return WholeNumberField(
        "Number of interactions",
        [
            Optional(),
            NumberRange(max=MOST_INTERACTIONS, message="Interactions must be 1,000 or less"),
        ],
    )


def mentor_choices(assignments: Sequence[Assignment]) -> list[SelectChoice]:
    """The mentors whom an agreement has or had, the latest first."""
    names = {a.mentor_id: a.mentor.name for a in reversed(assignments)}
    return [SelectChoice(str(mentor_id), name) for mentor_id, name in names.items()]


class SessionForm(RefusableForm, FlaskForm):
    """One session; ``which_hour`` is asked only of the hour that comes twice in October."""

    day = DateField("Date", [InputRequired("Enter the date of the session")])
    start = TimeField("Start time", [InputRequired("Enter when it started, like 16:30 or 4:30pm")])
    which_hour = which_hour_field()
    minutes = HoursField(
        "Length in hours", [InputRequired("Enter how long it lasted, like 1.5")], at_most=ANY_LENGTH
    )
    mentor = SelectField("Mentor", [InputRequired("Choose the mentor")])
    state = RadioField(
        "What happened",
        [InputRequired("Choose what happened")],
        choices=[SelectChoice(s.value, n) for s, n in SESSION_STATE_NAMES.items()],
    )
    cancelled_by = SelectField(
        "Who cancelled it?",
        [Optional()],
        choices=[SelectChoice("", "Choose who"), *WHO_CANCELLED],
    )
    cancelled_because = LongText("Why was it cancelled?", maximum=LONGEST_REASON)
    mode = RadioField(
        "How they met",
        [InputRequired("Choose how they met")],
        choices=[SelectChoice(m.value, n) for m, n in MODE_NAMES.items()],
    )
    interactions = interactions_field()
    summary = LongText("Summary", maximum=LONGEST_SUMMARY)

    reach = RadioField(
        "What do you want to change?",
        [Optional()],
        choices=[
            SelectChoice("one", "This session only"),
            SelectChoice("later", "This one and the later ones of its plan on this weekday"),
        ],
        default="one",
    )

    def offer(self, assignments: Sequence[Assignment]) -> None:
        """Let the mentors be chosen whom the agreement has or had, the latest first."""
        self.mentor.choices = mentor_choices(assignments)

    def entry(self) -> SessionEntry:
        """What was entered; the form has been validated."""
        assert self.day.data is not None
        assert self.start.data is not None
        assert self.minutes.data is not None
        return SessionEntry(
            mentor_id=UUID(self.mentor.data),
            day=self.day.data,
            start=self.start.data,
            minutes=self.minutes.data,
            state=SessionState(self.state.data),
            mode=Mode(self.mode.data),
            interactions=1 if self.interactions.data is None else self.interactions.data,
            summary=self.summary.data,
            second=self.which_hour.data == "second" if self.which_hour.data else None,
            cancelled_by=CancelledBy(self.cancelled_by.data) if self.cancelled_by.data else None,
            cancelled_because=self.cancelled_because.data,
        )

    @property
    def asks_which_hour(self) -> bool:
        """Whether the question of the repeated hour is shown."""
        return bool(self.which_hour.errors or self.which_hour.data)


def filled_in(delivered: DeliverySession) -> dict[str, object]:
    """A recorded session as the data of its form."""
    entry = entry_of(delivered)
    return {
        "day": entry.day,
        "start": entry.start,
        "which_hour": None if entry.second is None else "second" if entry.second else "first",
        "minutes": entry.minutes,
        "mentor": str(entry.mentor_id),
        "state": entry.state.value,
        "cancelled_by": entry.cancelled_by.value if entry.cancelled_by else "",
        "cancelled_because": entry.cancelled_because,
        "mode": entry.mode.value,
        "interactions": entry.interactions,
        "summary": entry.summary,
    }
