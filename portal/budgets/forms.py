"""What is asked to set a cap and to raise it, and what the list of budgets is narrowed by."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length

from portal.identity.people.forms import VersionedForm
from portal.kernel.fields import LongText, PoundsField, TextLine
from portal.kernel.filters import Choice, Filters


class BudgetFilters(Filters):
    """Budgets by framework."""

    framework = Choice("Framework", everything="All")


class CapForm(VersionedForm):
    """A contract year's cap and what pays for it; the version is 0 where no cap is set."""

    cap = PoundsField("Cap", [InputRequired("Enter the cap")])
    funding_source = TextLine(
        "Funded from",
        [
            InputRequired("Say what it is funded from"),
            Length(max=100, message="What it is funded from must be 100 characters or less"),
        ],
    )


class RaiseForm(VersionedForm):
    """The new cap, and why; the version is that of the budget the form was opened on."""

    cap = PoundsField("New cap", [InputRequired("Enter the new cap")])
    reason = LongText(
        "Why it is raised", [InputRequired("Say why the cap is raised")], maximum=1000
    )
