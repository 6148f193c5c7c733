"""What is asked of a contact, and where "Exit this page" leads."""

from __future__ import annotations

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from portal.complaints.guidance.rules import KIND_NAMES, ContactKind
from portal.kernel.date_fields import DateField
from portal.kernel.fields import TextLine

PHONE = re.compile(r"[0-9 ]{3,30}")
WEB = re.compile(r"https://[^\s<>\"]+\.[^\s<>\"]+")


class ContactForm(FlaskForm):
    """Somebody whom young people can ask; ``seen`` is the row that the form was opened on."""

    kind = SelectField(
        "What they are there for", choices={k.value: w for k, w in KIND_NAMES.items()}
    )
    name = TextLine(
        "Name",
        [InputRequired("Enter a name"), Length(max=120, message="Use at most 120 characters")],
    )
    phone = TextLine("Phone number")
    text_number = TextLine("Number for text messages")
    web = TextLine("Web address", [Length(max=200, message="Use at most 200 characters")])
    hours = TextLine(
        "When they are open",
        [Length(max=200, message="Use at most 200 characters")],
    )
    starts_on = DateField("Shown from", [InputRequired("Enter the day from which this is shown")])
    shown = BooleanField("Show this to young people")
    seen = HiddenField()

    @property
    def chosen(self) -> ContactKind:
        """What they are there for."""
        return ContactKind(self.kind.data)

    def validate_phone(self, field: TextLine) -> None:
        """A number as it is dialled."""
        _a_number(field)
        if not (self.phone.data or self.text_number.data or self.web.data):
            raise ValidationError("Enter a phone number, a number for texts or a web address")

    def validate_text_number(self, field: TextLine) -> None:
        """A number as it is dialled."""
        _a_number(field)

    def validate_web(self, field: TextLine) -> None:
        """A whole and safe address."""
        if field.data and not WEB.fullmatch(field.data):
            raise ValidationError("Enter a web address that begins with https://")


class ExitForm(FlaskForm):
    """Where "Exit this page" leads."""

    address = TextLine(
        "Web address",
        [
            InputRequired("Enter a web address"),
            Regexp(WEB, message="Enter a web address that begins with https://"),
            Length(max=200, message="Use at most 200 characters"),
        ],
    )


def _a_number(field: Any) -> None:
    if field.data and not PHONE.fullmatch(field.data):
        raise ValidationError("Enter numbers and spaces only, like 01632 960123")
