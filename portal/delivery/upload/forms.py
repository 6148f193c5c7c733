"""Which file is sent."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class UploadForm(FlaskForm):
    """A CSV file or a workbook."""

    file = FileField("CSV or Excel file", [FileRequired("Choose the file with your rows")])
