"""What somebody told the council, as whoever took it down enters it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.complaints.entering.rules import CHANNEL_NAMES, Channel
from portal.complaints.handling.forms.case import choices
from portal.complaints.handling.presenting import ANSWER_NAMES, HELPER_NAMES, KIND_NAMES
from portal.complaints.making.forms import LONGEST_NAME
from portal.complaints.rules import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_FILES,
    WHO_NAMES,
    About,
    Answer,
    Helper,
    Kind,
    Who,
)
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, TextLine
from portal.kernel.files.fields import UploadField
from portal.kernel.files.kinds import FileKind

ABOUT_NAMES = {
    About.PROVIDER: "A provider",
    About.COUNCIL: "The council",
    About.SOMEBODY_ELSE: "Somebody else",
    About.NOT_SURE: "They are not sure",
}


def _line(label: str) -> TextLine:
    return TextLine(label, [Length(max=LONGEST_LINE)])


def _text(label: str) -> LongText:
    return LongText(label, [Optional()], maximum=LONGEST_TEXT)


def _one_of(label: str, missing: str, names: Mapping[Any, str], default: Any = None) -> RadioField:
    return RadioField(label, [InputRequired(missing)], choices=choices(names), default=default)


class EntryForm(FlaskForm):
    """A complaint, a compliment or a worry that did not come through the public pages."""

    channel = _one_of("How it came", "Choose how it came", CHANNEL_NAMES)
    received_on = DateField("Received", [InputRequired("Enter the day on which it was received")])
    kind = _one_of("What it is", "Choose what it is", KIND_NAMES)
    urgent = BooleanField("They, or somebody else, are not safe now")
    what_happened = LongText(
        "What happened, in their words",
        [InputRequired("Write what they say happened")],
        maximum=LONGEST_TEXT,
    )
    wished = _text("What they want to happen")
    about = _one_of("Who or what it is about", "Choose who or what it is about", ABOUT_NAMES)
    provider = SelectField("Which provider", [Optional()])
    about_whom = _line("Who it is")
    who = _one_of("They are", "Choose who they are", WHO_NAMES)
    name = TextLine("Their name, if they give it", [Length(max=LONGEST_NAME)])
    on_behalf_of = _line("The child they speak for, if it is another")
    tell_provider = BooleanField("They agree that the provider may know who they are")
    answer_by = _one_of("How they want to be answered", "Choose how to answer them", ANSWER_NAMES)
    contact = _text("Where to reach them")
    safe_times = _line("When it is safe to reach them")
    may_leave_message = BooleanField("A message may be left")
    helper = _one_of("An advocate", "Say whether they want an advocate", HELPER_NAMES)
    helper_contact = _text("Who helps them, and how to reach them")
    language = _line("The language they like best")
    needs = _text("What helps them to read, hear or talk")
    files = UploadField("Letters, e-mails, photos", kinds=tuple(FileKind), most=MOST_FILES)

    def offer(self, providers: list[tuple[str, str]]) -> None:
        """Let one of these providers be chosen, by id and name."""
        self.provider.choices = [
            SelectChoice("", "Choose a provider"),
            *(SelectChoice(code, name) for code, name in providers),
        ]

    def validate_about(self, field: RadioField) -> None:
        """A provider that is meant is named."""
        if field.data == About.PROVIDER and not self.provider.data:
            raise ValidationError("Choose the provider")

    def validate_answer_by(self, field: RadioField) -> None:
        """A way to be answered needs somewhere to answer to."""
        if field.data not in (None, Answer.HERE) and not self.contact.data:
            raise ValidationError("Enter where to reach them")

    def validate_tell_provider(self, field: BooleanField) -> None:
        """Who they are can be told of somebody who says it."""
        if field.data and not self.name.data:
            raise ValidationError("Enter their name, or leave this empty")

    @property
    def said(self) -> dict[str, Any]:
        """The values of a Complaint."""
        about, answer_by = About(self.about.data), Answer(self.answer_by.data)
        helper = Helper(self.helper.data)
        return {
            "kind": Kind(self.kind.data),
            "urgent": self.urgent.data,
            "what_happened": self.what_happened.data,
            "wished": self.wished.data or "",
            "about": about,
            "provider_id": UUID(self.provider.data) if about is About.PROVIDER else None,
            "about_whom": self.about_whom.data if about is About.SOMEBODY_ELSE else "",
            "who": Who(self.who.data),
            "name": self.name.data or None,
            "on_behalf_of": self.on_behalf_of.data,
            "tell_provider": self.tell_provider.data,
            "answer_by": answer_by,
            "contact": "" if answer_by is Answer.HERE else self.contact.data or "",
            "safe_times": self.safe_times.data,
            "may_leave_message": self.may_leave_message.data,
            "helper": helper,
            "helper_contact": self.helper_contact.data or "" if helper is Helper.HAS_ONE else "",
            "language": self.language.data,
            "needs": self.needs.data or "",
        }

    @property
    def came_by(self) -> Channel:
        """The way in which it came."""
        return Channel(self.channel.data)
