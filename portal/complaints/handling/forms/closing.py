"""What comes of a complaint."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.complaints.handling.forms.case import LONGEST_REASON, DayForm, StepForm
from portal.complaints.handling.queries import Whole
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, TextLine


class PromiseForm(StepForm):
    """Something that will be done."""

    what = LongText(
        "What will be done", [InputRequired("Say what will be done")], maximum=LONGEST_REASON
    )
    owner = TextLine("Who does it", [InputRequired("Say who does it"), Length(max=200)])
    due_on = DateField("By when", [InputRequired("Enter by when")])

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"what": self.what.data, "owner": self.owner.data, "due_on": self.due_on.data}


class KeptForm(DayForm):
    """Which promise was kept, and when."""

    promise = RadioField("What was done", [InputRequired("Choose what was done")])

    def offer(self, whole: Whole) -> None:
        """What was promised and not done."""
        self.promise.choices = [
            SelectChoice(str(one.id), f"{one.what} ({one.owner})")
            for one in whole.promises
            if one.done_on is None
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"promise_id": UUID(self.promise.data), "on": self.on.data}


class NoteForm(StepForm):
    """A day and a note for the record."""

    on = DateField("Since", [InputRequired("Enter the date")])
    note = LongText("What they ask or decided", [Optional()], maximum=LONGEST_REASON)

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"on": self.on.data, "note": self.note.data or ""}


class ReleaseForm(StepForm):
    """Nothing keeps it any longer."""

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told: no reason."""
        return {"reason": ""}


class HoldForm(StepForm):
    """Why everything is kept longer."""

    reason = LongText("Why it is kept", [InputRequired("Say why")], maximum=LONGEST_REASON)

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"reason": self.reason.data}


class LearningForm(StepForm):
    """Something learned, for a framework and a provider."""

    words = LongText(
        "What was learned", [InputRequired("Write what was learned")], maximum=LONGEST_REASON
    )
    framework = SelectField("For the review of", [Optional()])

    def offer_frameworks(self, choices: list[tuple[str, str]]) -> None:
        """The council's frameworks."""
        self.framework.choices = [
            SelectChoice("", "No framework"),
            *(SelectChoice(code, name) for code, name in choices),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {
            "words": self.words.data,
            "framework_id": UUID(self.framework.data) if self.framework.data else None,
        }


class SummaryForm(StepForm):
    """A summary that says nothing of who complained."""

    summary = LongText(
        "Summary, without who complained",
        [InputRequired("Write the summary")],
        maximum=LONGEST_REASON,
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"summary": self.summary.data}
