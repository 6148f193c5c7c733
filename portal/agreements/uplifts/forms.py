"""The figure that an uplift rests on, another rate if there is one, and why it is not agreed."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from portal.agreements.uplifts.rules import Plan, read_rate, say_rate
from portal.kernel.date_fields import DateField, MonthField
from portal.kernel.fields import LongText, TextLine, TypedField
from portal.kernel.months import Month

SHOWN_MONTHS = 18
SOURCE = "Office for National Statistics, CPI annual rate (D7G7)"


class RateField(TypedField):
    """A rate in per cent; its data are hundredths of a per cent or None."""

    def read(self, text: str) -> int:
        """Read "3.1", "0.4 %" or "-0.2"."""
        return read_rate(text)

    def shown(self, value: int) -> str:
        """The figure alone, 3.1."""
        return say_rate(value).removesuffix(" %")


class UpliftForm(FlaskForm):
    """One year's uplift."""

    starts_on = DateField("First day of the new prices", [InputRequired("Enter the first day")])
    cpi = RateField("CPI, in per cent", [InputRequired("Enter the figure, like 3.1")])
    cpi_month = MonthField("Month of the figure")
    cpi_released_on = DateField("Released on", [InputRequired("Enter when it was released")])
    cpi_source = TextLine(
        "Source",
        [
            InputRequired("Say where the figure comes from"),
            Length(max=200, message="The source must be 200 characters or less"),
        ],
    )
    rate = RateField("Another rate than the rule's, in per cent")
    because = LongText("Why another rate", maximum=500)

    def offer(self, today: date) -> None:
        """The months whose figure may be out."""
        newest = Month.of(today)
        self.cpi_month.months = tuple(newest.plus(-back) for back in range(1, SHOWN_MONTHS + 1))

    def plan(self) -> Plan | None:
        """What is proposed; None while something is missing."""
        starts_on, released_on = self.starts_on.data, self.cpi_released_on.data
        month, cpi = self.cpi_month.data, self.cpi.data
        if starts_on is None or released_on is None or month is None or cpi is None:
            return None
        return Plan(
            starts_on=starts_on,
            cpi=cpi,
            cpi_month=month,
            cpi_released_on=released_on,
            cpi_source=self.cpi_source.data or "",
            rate=self.rate.data,
            because=self.because.data or "",
        )


class RefuseForm(FlaskForm):
    """Why an uplift is not agreed, or is taken back."""

    because = LongText(
        "Why it is not agreed", [InputRequired("Say why it is not agreed")], maximum=500
    )
