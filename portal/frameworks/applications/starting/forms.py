"""How an application begins."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired


class StartForm(FlaskForm):
    """Whether to carry over what was said before."""

    lend = RadioField(
        "How do you want to begin?",
        [InputRequired("Choose how you want to begin")],
        choices={
            "yes": "With what you said in your last application",
            "no": "With empty pages",
        },
    )
