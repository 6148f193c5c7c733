"""The new terms that one side proposes."""

from __future__ import annotations

from wtforms.validators import InputRequired

from portal.agreements.changing.forms import InHours, InNights, InSessions, TermsForm
from portal.agreements.variations.rules import Terms
from portal.frameworks.rules import Unit
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText


class VariationForm(TermsForm):
    """New terms from a day on; what is left empty stays as it is."""

    starts_on = DateField(
        "First day of the new terms", [InputRequired("Enter the first day of the new terms")]
    )
    because = LongText("Why", [InputRequired("Say why: the other side reads it")], maximum=500)

    def terms(self) -> Terms:
        """What was entered."""
        return Terms(
            price=self.price.data,
            authorised_weekly=self["authorised_weekly"].data,
            authorised_total=self["authorised_total"].data,
            ends_on=self.ends_on.data,
            cost_code=self.cost_code.data or None,
            purchase_order=self.purchase_order.data or None,
        )


class _OfHours(InHours, VariationForm):
    pass


class _OfSessions(InSessions, VariationForm):
    pass


class _OfNights(InNights, VariationForm):
    pass


FORM_OF: dict[Unit, type[VariationForm]] = {
    Unit.HOUR: _OfHours,
    Unit.SESSION: _OfSessions,
    Unit.NIGHT: _OfNights,
}
"""The form for an agreement's unit."""
