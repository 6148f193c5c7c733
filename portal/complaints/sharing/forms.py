"""What a council shares, what a provider answers, and an entry of its own log."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.complaints.handling.forms.case import LONGEST_REASON, StepForm
from portal.complaints.handling.rules import OUTCOME_NAMES, Outcome
from portal.complaints.models import Attachment, Complaint
from portal.complaints.sharing.rules import CATEGORY_NAMES, Category, answer_by
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, TextLine
from portal.kernel.files import StoredFile


class ShareForm(StepForm):
    """How far a provider may know of a complaint."""

    provider = SelectField("Provider", [InputRequired("Choose the provider")])
    summary = LongText(
        "Summary, without who complained",
        [InputRequired("Write the summary")],
        maximum=LONGEST_REASON,
    )
    with_words = BooleanField("Share what they wrote, in their own words")
    with_name = BooleanField("Share their name")
    files = SelectMultipleField("Share these files", [Optional()])
    answer_by = DateField("Answer by", [InputRequired("Enter the day to answer by")])

    def offer_all(
        self,
        complaint: Complaint,
        providers: list[tuple[str, str]],
        files: list[tuple[Attachment, StoredFile]],
        today: date,
    ) -> None:
        """The providers, the files that came with it, and five working days to answer.

        What the sender did not agree to is not asked.
        """
        self.provider.choices = [SelectChoice(code, name) for code, name in providers]
        self.files.choices = [SelectChoice(str(one.id), one.name) for _, one in files]
        if not self.is_submitted():
            self.provider.data = str(complaint.provider_id or "")
            self.answer_by.data = answer_by(today).due
        if not files:
            del self.files
        if not complaint.tell_provider:
            del self.with_words, self.with_name

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {
            "provider_id": UUID(self.provider.data),
            "summary": self.summary.data,
            "with_name": "with_name" in self and self.with_name.data,
            "with_words": "with_words" in self and self.with_words.data,
            "files": [UUID(one) for one in self.files.data] if "files" in self else [],
            "answer_by": self.answer_by.data,
        }


class AnswerForm(FlaskForm):
    """A provider's answer, and what it learned."""

    version = HiddenField()
    answer = LongText(
        "Your answer to the council", [InputRequired("Write your answer")], maximum=10_000
    )
    learning = LongText("What you learned from it", [Optional()], maximum=LONGEST_REASON)


class OwnForm(FlaskForm):
    """A complaint that came to the provider itself."""

    received_on = DateField("Received", [InputRequired("Enter the day it came")])
    category = SelectField(
        "What it was about",
        [InputRequired("Choose what it was about")],
        choices=[SelectChoice(c.value, n) for c, n in CATEGORY_NAMES.items()],
    )
    what = LongText("What it said", [InputRequired("Write what it said")], maximum=LONGEST_REASON)
    due_on = DateField("To be answered by", [InputRequired("Enter the day to answer by")])
    council = SelectField("Tell the Virtual School of", [Optional()])

    def offer(self, councils: list[tuple[str, str]]) -> None:
        """The councils that the provider works for."""
        self.council.choices = [
            SelectChoice("", "Nobody"),
            *(SelectChoice(code, name) for code, name in councils),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {
            "received_on": self.received_on.data,
            "category": Category(self.category.data),
            "what": self.what.data,
            "due_on": self.due_on.data,
            "council_id": UUID(self.council.data) if self.council.data else None,
        }


class OutcomeForm(FlaskForm):
    """What came of a complaint that the provider got itself."""

    version = HiddenField()
    answered_on = DateField("Answered", [InputRequired("Enter the day it was answered")])
    looked_into_by = TextLine(
        "Who looked into it", [InputRequired("Say who looked into it"), Length(max=200)]
    )
    outcome = RadioField(
        "What was found",
        [InputRequired("Choose what was found")],
        choices=[SelectChoice(o.value, n) for o, n in OUTCOME_NAMES.items()],
    )
    action = LongText("What was done", [InputRequired("Say what was done")], maximum=LONGEST_REASON)
    learning = LongText("What you learned from it", [Optional()], maximum=LONGEST_REASON)

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {
            "answered_on": self.answered_on.data,
            "looked_into_by": self.looked_into_by.data,
            "outcome": Outcome(self.outcome.data),
            "action": self.action.data,
            "learning": self.learning.data or "",
        }
