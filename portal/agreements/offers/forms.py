"""What a provider says in an offer, and why it takes one back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms.fields import SelectField
from wtforms.validators import InputRequired, Length

from portal.agreements.changing.forms import paid
from portal.agreements.offers.rules import Terms
from portal.frameworks.rules import Unit
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, PoundsField, TextLine

NAMED_LATER = "To be named before the start"


class OfferForm(FlaskForm):
    """An offer: a mentor for hours and sessions, a home for nights."""

    mentor = SelectField("Mentor", choices={"": NAMED_LATER})
    home = TextLine("Home or family", [Length(max=200)])
    starts_on = DateField("First day", [InputRequired("Enter the first day")])
    price = PoundsField("Price", [InputRequired("Enter your price"), paid])
    words = LongText("What you would do", maximum=2000)

    def fit(self, unit: Unit, mentors: Mapping[UUID, str]) -> None:
        """Ask what this unit needs; ``mentors`` are those to choose among, in words."""
        self.price.label.text = f"Price for {unit.price_name}"
        if unit is Unit.NIGHT:
            del self.mentor
        else:
            del self.home
            self.mentor.choices = {
                "": NAMED_LATER,
                **{str(mentor_id): words for mentor_id, words in mentors.items()},
            }

    def terms(self) -> Terms | None:
        """What is offered; None while something is missing."""
        starts_on, price = self.starts_on.data, self.price.data
        if starts_on is None or price is None:
            return None
        mentor = self.mentor.data if "mentor" in self else ""
        return Terms(
            mentor_id=UUID(mentor) if mentor else None,
            home=self.home.data or "" if "home" in self else "",
            starts_on=starts_on,
            price=price,
            words=self.words.data or "",
        )


class WithdrawForm(FlaskForm):
    """Why an offer or an order form is taken back, which the other side reads."""

    because = LongText("Why", [InputRequired("Say why: the other side reads it")], maximum=500)
