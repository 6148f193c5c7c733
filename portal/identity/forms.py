"""What is asked to sign in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):
    """E-mail address and password."""

    email = EmailField(
        "Email address",
        [InputRequired("Enter your email address"), Length(max=200)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password"), Length(max=500)],
        render_kw={"autocomplete": "current-password"},
    )
