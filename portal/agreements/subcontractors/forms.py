"""What is asked about a sub-contractor."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length

from portal.agreements.changing.forms import ChangeForm
from portal.agreements.subcontractors.rules import Plan
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, PoundsField, TextLine, WholeNumberField


class AskForm(ChangeForm):
    """Who is to deliver which part, from when, and what that costs."""

    name = TextLine(
        "Name of the sub-contractor",
        [
            InputRequired("Enter the name of the sub-contractor"),
            Length(max=200, message="The name must be 200 characters or less"),
        ],
    )
    work = LongText(
        "What it delivers",
        [InputRequired("Say which part of the service it delivers")],
        maximum=300,
    )
    percentage = WholeNumberField(
        "Share of the service, in per cent",
        [InputRequired("Enter its share of the service, like 20")],
    )
    cost = PoundsField(
        "What its part costs a month", [InputRequired("Enter what its part costs a month")]
    )
    starts_on = DateField(
        "First day it would be used", [InputRequired("Enter the first day it would be used")]
    )
    because = LongText(
        "Why it is needed", [InputRequired("Say why: the council reads it")], maximum=500
    )

    def plan(self) -> Plan | None:
        """What is asked for; None while something is missing."""
        percentage, cost, starts_on = self.percentage.data, self.cost.data, self.starts_on.data
        if percentage is None or cost is None or starts_on is None:
            return None
        return Plan(
            name=self.name.data or "",
            work=self.work.data or "",
            percentage=percentage,
            cost=cost,
            starts_on=starts_on,
        )


class AgreeForm(ChangeForm):
    """The council's agreement in writing."""

    words = LongText(
        "Your agreement in writing",
        [InputRequired("Write what you agree to: the provider reads it")],
        maximum=500,
    )


class UntilForm(ChangeForm):
    """Until when it is used."""

    last_day = DateField("Last day it is used", [InputRequired("Enter its last day")])
