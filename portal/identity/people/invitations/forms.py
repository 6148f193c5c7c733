"""What somebody new gives, and what somebody who asks to join says."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from portal.identity.people.forms import ADDRESS, AddressField, ChosenPassword
from portal.kernel.fields import TextLine


class NewAccountForm(ChosenPassword):
    """The name and the password of a new account."""

    name = TextLine(
        "Your name",
        [InputRequired("Enter your name"), Length(max=200)],
        description="As your colleagues know you",
        render_kw={"autocomplete": "name"},
    )


class AskForm(FlaskForm):
    """Who asks to join which organisation."""

    name = TextLine("Your name", [InputRequired("Enter your name"), Length(max=200)])
    email = AddressField(
        "Your work email address",
        [InputRequired("Enter your email address"), Length(max=200), ADDRESS],
    )
    organisation = TextLine(
        "Council or provider",
        [InputRequired("Enter the name of the council or provider"), Length(max=200)],
        description="Its exact name, or what its email addresses end with, like example.gov.uk",
    )
