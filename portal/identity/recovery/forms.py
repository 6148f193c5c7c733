"""What is asked of somebody who comes back, or changes their own details."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.identity.people.forms import ADDRESS, AddressField
from portal.kernel.fields import TextLine


class ForgottenForm(FlaskForm):
    """Whose password was forgotten."""

    email = AddressField(
        "Email address",
        [InputRequired("Enter your email address"), Length(max=200), ADDRESS],
        render_kw={"autocomplete": "username"},
    )


class NameForm(FlaskForm):
    """One's own name."""

    name = TextLine("Your name", [InputRequired("Enter your name"), Length(max=200)])


class AddressForm(FlaskForm):
    """The address that one wants to sign in with."""

    email = AddressField(
        "New email address",
        [InputRequired("Enter the new email address"), Length(max=200), ADDRESS],
    )
    present = PasswordField(
        "Your present password", [InputRequired("Enter your present password"), Length(max=500)]
    )
