"""Who declares an application true, and when it is taken back."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Length

from portal.kernel.fields import TextLine


class DeclareForm(FlaskForm):
    """The declaration; ``seen`` is what the page before showed."""

    declared_as = TextLine(
        "Your position",
        [
            InputRequired("Enter your position, like director"),
            Length(max=100, message="Your position must be 100 characters or less"),
        ],
        description="You declare this for your organisation. For example, director",
    )
    declare = BooleanField(
        "I may declare this for my organisation, and everything in this application is true",
        [InputRequired("Confirm that you may declare this, and that everything is true")],
    )
    seen = HiddenField()


class WithdrawForm(FlaskForm):
    """Confirming a withdrawal."""

    sure = BooleanField(
        "Yes, withdraw this application",
        [InputRequired("Confirm that you want to withdraw it")],
    )
