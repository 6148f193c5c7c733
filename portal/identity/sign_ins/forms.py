"""Changing one's password."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.identity.passwords import LONGEST, SHORTEST

ANY_LENGTH = Length(max=LONGEST, message=f"Use at most {LONGEST} characters")


class ChangePasswordForm(FlaskForm):
    """The present password, and the new one; once, since it can be shown while it is typed."""

    present = PasswordField(
        "Your present password", [InputRequired("Enter your present password"), ANY_LENGTH]
    )
    new = PasswordField(
        "New password",
        [InputRequired("Enter a new password"), ANY_LENGTH],
        description=(
            f"At least {SHORTEST} characters. Three unrelated words work well. You can paste it "
            "from a password manager."
        ),
    )
