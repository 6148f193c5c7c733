"""What a council authorises in an order form, and why a provider does not accept it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length, Optional

from portal.agreements.changing.forms import ABOVE_NOTHING
from portal.agreements.orders.rules import OrderTerms
from portal.frameworks.rules import Unit
from portal.kernel.date_fields import DateField
from portal.kernel.fields import HoursField, LongText, TextLine, TypedField, WholeNumberField

MOST_WEEKLY, MOST_TOTAL = 168 * 60, 10_000 * 60  # minutes: a week has 168 hours


class OrderTermsForm(FlaskForm):
    """What a council authorises of an offer; the unit says how it is counted."""

    authorised_weekly: TypedField
    authorised_total: TypedField
    ends_on = DateField("Last day, if it is known")
    cost_code = TextLine("Cost code", [Length(max=40, message="Use 40 characters or less")])
    purchase_order = TextLine(
        "Purchase order", [Length(max=40, message="Use 40 characters or less")]
    )
    subcontracting = LongText("Sub-contractors you agree to", maximum=1000)
    arrangements = LongText("Other arrangements", maximum=2000)
    because = LongText("Why you chose this offer", maximum=1000)

    def terms(self) -> OrderTerms:
        """What is authorised."""
        return OrderTerms(
            authorised_weekly=self.authorised_weekly.data,
            authorised_total=self.authorised_total.data,
            ends_on=self.ends_on.data,
            cost_code=self.cost_code.data or "",
            purchase_order=self.purchase_order.data or "",
            subcontracting=self.subcontracting.data or "",
            arrangements=self.arrangements.data or "",
            because=self.because.data or "",
        )


class HoursOrderForm(OrderTermsForm):
    """An order of hours."""

    authorised_weekly = HoursField(
        "Hours authorised a week", [Optional(), ABOVE_NOTHING], at_most=MOST_WEEKLY
    )
    authorised_total = HoursField(
        "Hours authorised in total", [Optional(), ABOVE_NOTHING], at_most=MOST_TOTAL
    )


class SessionsOrderForm(OrderTermsForm):
    """An order of sessions."""

    authorised_weekly = WholeNumberField("Sessions authorised a week", [Optional(), ABOVE_NOTHING])
    authorised_total = WholeNumberField("Sessions authorised in total", [Optional(), ABOVE_NOTHING])


class NightsOrderForm(OrderTermsForm):
    """An order of nights."""

    authorised_weekly = WholeNumberField("Nights authorised a week", [Optional(), ABOVE_NOTHING])
    authorised_total = WholeNumberField("Nights authorised in total", [Optional(), ABOVE_NOTHING])


FORM_OF: Mapping[Unit, type[OrderTermsForm]] = {
    Unit.HOUR: HoursOrderForm,
    Unit.SESSION: SessionsOrderForm,
    Unit.NIGHT: NightsOrderForm,
}


class RefuseForm(FlaskForm):
    """Why a provider does not accept an order form."""

    because = LongText(
        "Why you cannot accept it", [InputRequired("Say why: the council reads it")], maximum=500
    )
