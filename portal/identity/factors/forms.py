"""What is asked for a second step, and to set one up."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from portal.kernel.fields import TextLine

WRONG_CODE = (
    "This code is wrong, or has been used already. Wait for the next code in your app, "
    "or use a recovery code"
)
WRONG_NEW_CODE = "This is not the code that your app should show now. Enter the newest one"
NOT_YOURS = "This is not your password"
REFUSED = "This passkey could not be used. Try again, or choose another way if it happens once more"


class CodeForm(FlaskForm):
    """A code from the app, or a recovery code."""

    code = TextLine("Code", [InputRequired("Enter a code"), Length(max=50)])


class PasskeyForm(FlaskForm):
    """What a browser answers for a passkey; filled in by static/js/passkeys.js."""

    token = HiddenField("Challenge", [InputRequired(), Length(max=1000)])
    credential = HiddenField("Answer", [InputRequired(), Length(max=20_000)])


class NewAppForm(FlaskForm):
    """The code by which an app shows that it holds the secret."""

    sealed = HiddenField("Secret", [InputRequired(), Length(max=1000)])
    code = TextLine(
        "Code that the app shows",
        [InputRequired("Enter the code that the app shows"), Length(max=50)],
    )


class NewPasskeyForm(PasskeyForm):
    """A passkey with the name that its owner gives it."""

    name = TextLine(
        "Name for this passkey", [InputRequired("Enter a name for this passkey"), Length(max=100)]
    )


class OwnPassword(FlaskForm):
    """The present password, asked again before anything that signs somebody in is changed."""

    password = PasswordField(
        "Your password", [InputRequired("Enter your password"), Length(max=500)]
    )


class OwnNewAppForm(NewAppForm, OwnPassword):
    """A new app, for somebody signed in."""


class OwnNewPasskeyForm(NewPasskeyForm, OwnPassword):
    """A new passkey, for somebody signed in."""
