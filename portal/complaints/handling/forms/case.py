"""What every step asks, how words are sent, and what the queue is narrowed by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import (
    PAUSE_NAMES,
    TRACK_NAMES,
    PauseReason,
)
from portal.complaints.rules import Track
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText
from portal.kernel.filters import Choice, Filters

LONGEST_LETTER = 10_000
LONGEST_REASON = 2_000
STATES = {
    "received": "New",
    "being-looked-at": "Being looked at",
    "answered": "Answered",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
    "every": "Every state",
}


class QueueFilters(Filters):
    """The queue by state, track, stage, due day and how new."""

    state = Choice("State", everything="Open", choices=list(STATES.items()))
    track = Choice(
        "Track", everything="All", choices=[(t.value, name) for t, name in TRACK_NAMES.items()]
    )
    stage = Choice(
        "Stage",
        everything="All",
        choices=[("0", "Not taken up"), ("1", "1"), ("2", "2"), ("3", "3")],
    )
    due = Choice(
        "Due", everything="Any day", choices=[("overdue", "Overdue"), ("soon", "Within a week")]
    )
    new = Choice(
        "Received",
        everything="Any day",
        choices=[("1", "Since yesterday"), ("7", "In the last 7 days"), ("30", "In 30 days")],
    )


def choices(names: Mapping[Any, str]) -> list[SelectChoice]:
    """A closed list as (code, words)."""
    return [SelectChoice(one.value, name) for one, name in names.items()]


class StepForm(FlaskForm):
    """One step of a case; ``version`` is that of the complaint the form was opened on.

    ``closing`` is what is added below the text of an answer.
    """

    closing: str | None = None

    version = HiddenField()

    @property
    def opened_on(self) -> int:
        """The version the form was opened on; -1, which is none, for anything but a number."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    @property
    def said(self) -> dict[str, Any]:
        """What the step's action is told, beside whose complaint it is, by whom and when."""
        return {}

    def offer(self, whole: Whole) -> None:
        """Let things of this case be chosen. Nothing, unless a form says so."""


class OnlyForm(StepForm):
    """Nothing but the decision itself."""


class TextForm(StepForm):
    """Words that go to whoever complained."""

    text = LongText(
        "What you tell them", [InputRequired("Write what you tell them")], maximum=LONGEST_LETTER
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"text": self.text.data}


class AnswerForm(TextForm):
    """The answer of a stage; below it stands where to go next, and by when."""

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {**super().said, "closing": self.closing}


class LastWordsForm(StepForm):
    """A last message, which may be left out."""

    text = LongText("Last message to them", [Optional()], maximum=LONGEST_LETTER)

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"text": self.text.data or ""}


class TakeUpForm(StepForm):
    """The track with its reason, the points, and when it happened."""

    track = RadioField("Track", [InputRequired("Choose the track")], choices=choices(TRACK_NAMES))
    reason = LongText(
        "Why this track", [InputRequired("Say why it is on this track")], maximum=LONGEST_REASON
    )
    points = LongText(
        "What it is about, each point on a line of its own",
        [InputRequired("Write at least one point")],
        maximum=LONGEST_REASON,
    )
    happened_on = DateField("When it happened, if that is known", [Optional()])
    late_reason = LongText(
        "If that is more than a year before: why you look into it all the same",
        [Optional()],
        maximum=LONGEST_REASON,
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {
            "track": Track(self.track.data),
            "reason": self.reason.data,
            "points": [line.strip() for line in self.points.data.splitlines() if line.strip()],
            "happened_on": self.happened_on.data,
            "late_reason": self.late_reason.data or "",
        }


class ExtendForm(StepForm):
    """The new day and the reason, which whoever complained is told."""

    new_day = DateField("New date", [InputRequired("Enter the new date")])
    reason = LongText(
        "Reason, as you tell them", [InputRequired("Give the reason")], maximum=LONGEST_REASON
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"new_day": self.new_day.data, "reason": self.reason.data}


class DayForm(StepForm):
    """The day on which something happened."""

    on = DateField("Date", [InputRequired("Enter the date")])

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"on": self.on.data}


class PauseForm(StepForm):
    """Why the days stop counting, and from when."""

    reason = RadioField(
        "Because of", [InputRequired("Choose the reason")], choices=choices(PAUSE_NAMES)
    )
    on = DateField("From", [InputRequired("Enter the date")])

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"reason": PauseReason(self.reason.data), "on": self.on.data}
