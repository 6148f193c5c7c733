"""What is asked to raise a cap, and what the list of budgets is narrowed by."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired

from portal.kernel.fields import LongText, PoundsField
from portal.kernel.filters import Choice, Filters


class BudgetFilters(Filters):
    """Budgets by framework."""

    framework = Choice("Framework", everything="All")


class RaiseForm(FlaskForm):
    """The new cap, and why; ``version`` is that of the budget the form was opened on."""

    cap = PoundsField("New cap", [InputRequired("Enter the new cap")])
    reason = LongText(
        "Why it is raised", [InputRequired("Say why the cap is raised")], maximum=1000
    )
    version = HiddenField()

    @property
    def opened_on(self) -> int:
        """The version the form was opened on; -1, which is none, for anything but a number."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1
