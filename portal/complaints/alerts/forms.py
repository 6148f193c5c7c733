"""What the designated lead says when taking an alert."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from portal.kernel.fields import LongText


class TakeForm(FlaskForm):
    """What is being done, now."""

    doing = LongText(
        "What you are doing about it", [InputRequired("Say what you are doing")], maximum=2_000
    )
