"""Why a provider declines."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.kernel.fields import LongText
from portal.referrals.rules import DECLINE_NAMES


class DeclineForm(FlaskForm):
    """The reason, and more about it."""

    code = RadioField(
        "Why can you not help?",
        [InputRequired("Choose why you cannot help")],
        choices={code.value: name for code, name in DECLINE_NAMES.items()},
    )
    words = LongText("More about it, if it helps the council", maximum=500)
