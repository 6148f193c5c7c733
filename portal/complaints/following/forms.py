"""The code and the words, a message, a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import request
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from portal.complaints.making.forms import LONGEST_NAME, OwnWords, choice
from portal.complaints.rules import MOST_FILES
from portal.kernel.fields import TextLine
from portal.kernel.files.fields import UploadField
from portal.kernel.files.kinds import FileKind
from portal.kernel.reading.ways import lazy_gettext as _


class EnterForm(FlaskForm):
    """What opens something that was sent or saved."""

    reference = TextLine(
        _("Your code"),
        [InputRequired(_("Enter your code. It looks like CT-7K3M-9QPD."))],
        description=_("It looks like CT-7K3M-9QPD"),
    )
    passphrase = TextLine(
        _("Your four secret words"),
        [InputRequired(_("Enter your four secret words"))],
        description=_("Put a space between the words"),
    )


class ReplyForm(FlaskForm):
    """Words, files, or both."""

    text = OwnWords(_("Write to us"))
    files = UploadField(
        _("Add photos or files"),
        kinds=tuple(FileKind),
        most=MOST_FILES,
        description=_("Photos, sound, film, PDF or Word. At most 10 MB each."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Words or a file: one of them must be there."""
        right = super().validate(extra_validators)
        if right and not (self.text.data or self.files.data):
            self.text.errors = [_("Write a few words, or add a file")]
            return False
        return bool(right)

    @property
    def message_id(self) -> UUID:
        """The id under which this is sent once, from the form's nonce."""
        try:
            return UUID(request.form.get("_nonce", ""))
        except ValueError:
            return uuid4()


class LaterNameForm(FlaskForm):
    """Who they are after all."""

    name = TextLine(
        _("What is your name?"),
        [
            InputRequired(_("Write your name, or go back")),
            Length(max=LONGEST_NAME, message=_("Make this shorter.")),
        ],
    )
    tell = choice(
        _("Can we tell the service who you are?"),
        (("no", _("No, keep my name from them")), ("yes", _("Yes, you can tell them"))),
        _("Choose yes or no"),
        default="no",
    )
