"""What is asked of the council that gives an agreement up, and of the one that takes it over."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.agreements.changing.forms import ChangeForm, InHours, InNights, InSessions, TermsForm
from portal.agreements.transfers.rules import Takeover
from portal.frameworks.rules import Unit
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, TextLine


class MoveForm(ChangeForm):
    """To which council, after which day, and why."""

    to = SelectField("Council that takes it over", [InputRequired("Choose the council")])
    last_day = DateField("Your last day", [InputRequired("Enter the last day that you pay for")])
    because = LongText("Why", [InputRequired("Say why: the other council reads it")], maximum=500)

    def offer(self, councils: list[tuple[str, str]]) -> None:
        """Let these councils be chosen, none of them beforehand."""
        named = [SelectChoice(own, name) for own, name in councils]
        self.to.choices = [SelectChoice("", "Choose a council"), *named] if named else []


class TakeForm(TermsForm):
    """The agreement that the other council opens."""

    reference = TextLine(
        "Your reference for the agreement",
        [
            InputRequired("Enter a reference of your own"),
            Length(max=40, message="The reference must be 40 characters or less"),
        ],
    )
    young_person = TextLine(
        "Your reference for the young person",
        [Length(max=20, message="The reference must be 20 characters or less")],
    )

    def takeover(self) -> Takeover | None:
        """What was entered; None while the price is missing."""
        if self.price.data is None:
            self.price.errors = ["Enter the price"]
            return None
        return Takeover(
            reference=self.reference.data or "",
            young_person=self.young_person.data or "",
            price=self.price.data,
            authorised_weekly=self["authorised_weekly"].data,
            authorised_total=self["authorised_total"].data,
            ends_on=self.ends_on.data,
            cost_code=self.cost_code.data or None,
            purchase_order=self.purchase_order.data or None,
        )


class _OfHours(InHours, TakeForm):
    pass


class _OfSessions(InSessions, TakeForm):
    pass


class _OfNights(InNights, TakeForm):
    pass


TAKE_FORM_OF: dict[Unit, type[TakeForm]] = {
    Unit.HOUR: _OfHours,
    Unit.SESSION: _OfSessions,
    Unit.NIGHT: _OfNights,
}
"""The form for an agreement's unit."""
