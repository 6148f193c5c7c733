"""What is written in a report, and the files that show it."""

from __future__ import annotations

from flask_wtf import FlaskForm

from portal.delivery.outcomes.forms import ScoresForm, filled_in
from portal.delivery.reports.rules import LONGEST_SECTION, SECTIONS, Written
from portal.kernel.fields import LongText
from portal.kernel.files.fields import UploadField

MOST_FILES = 5


class ReportForm(ScoresForm):
    """The three parts of a report and its scores; a draft may lack any of them."""

    activity = LongText(SECTIONS["activity"], maximum=LONGEST_SECTION)
    progress = LongText(SECTIONS["progress"], maximum=LONGEST_SECTION)
    plans = LongText(SECTIONS["plans"], maximum=LONGEST_SECTION)

    @property
    def written(self) -> Written:
        """What was written; the form has been validated."""
        return Written(
            self.activity.data or "",
            self.progress.data or "",
            self.plans.data or "",
            self.scores,
        )


class FileForm(FlaskForm):
    """Files that show what the report says."""

    files = UploadField("Add files", most=MOST_FILES)


def report_form(written: Written, version: int) -> ReportForm:
    """A form that holds what is written already."""
    return ReportForm(
        formdata=None,
        data={
            "activity": written.activity,
            "progress": written.progress,
            "plans": written.plans,
            "version": str(version),
            **filled_in(written.scores),
        },
    )
