"""Which month is looked at."""

from __future__ import annotations

from wtforms import Form

from portal.kernel.date_fields import MonthField
from portal.kernel.months import Month

MONTHS_BACK = 24


class MonthFilter(Form):
    """The month to show, of the last two years and the next month."""

    month = MonthField("Month")

    def offer(self, shown: Month, this: Month) -> None:
        """Let the months be chosen, the one shown among them, the latest first."""
        months = {this.plus(-back) for back in range(-1, MONTHS_BACK)} | {shown}
        self.month.months = tuple(sorted(months, reverse=True))
