"""What is asked of whoever checks a receipt."""

from __future__ import annotations

from wtforms import Form
from wtforms.validators import InputRequired

from portal.kernel.fields import LongText


class CheckForm(Form):
    """A receipt as it was copied."""

    receipt = LongText("Receipt", [InputRequired("Enter a receipt")])
