"""Which file is brought in, and who is asked a set that comes with the portal."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from portal.frameworks.models import Lot


class FileForm(FlaskForm):
    """A file of questions."""

    file = FileField("YAML file", [FileRequired("Choose the file with the questions")])


class TakeForm(FlaskForm):
    """Whom the questions of a ready-made set are for."""

    lot = SelectField("Who is asked")

    def offer(self, lots: Sequence[Lot]) -> None:
        """Everybody, or those who bid for one lot of the round."""
        self.lot.choices = [
            SelectChoice("", "Everybody who applies"),
            *(SelectChoice(str(lot.number), f"Lot {lot.number}, {lot.title}") for lot in lots),
        ]
