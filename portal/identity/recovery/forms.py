"""What is asked of somebody who comes back, or changes their own details."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.identity.passwords import SHORTEST, problem_with
from portal.identity.people.forms import ADDRESS, AddressField
from portal.kernel.fields import TextLine


class ForgottenForm(FlaskForm):
    """Whose password was forgotten."""

    email = AddressField(
        "Email address",
        [InputRequired("Enter your email address"), Length(max=200), ADDRESS],
        render_kw={"autocomplete": "username"},
    )


class NewPasswordForm(FlaskForm):
    """A new password."""

    password = PasswordField(
        "New password",
        [InputRequired("Enter a new password"), Length(max=500)],
        description=f"At least {SHORTEST} characters. Three unrelated words work well.",
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: PasswordField) -> None:
        """The portal's rules for passwords (C7)."""
        if problem := problem_with(field.data or ""):
            raise ValidationError(problem.rstrip("."))


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
