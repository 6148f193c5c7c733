"""What somebody writes to the other side."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from portal.kernel.fields import LongText
from portal.kernel.files.fields import UploadField

LONGEST = 4_000
MOST_FILES = 5


class MessageForm(FlaskForm):
    """A message, perhaps with files."""

    words = LongText("Message", [InputRequired("Write a message")], maximum=LONGEST)
    files = UploadField("Files", most=MOST_FILES)
