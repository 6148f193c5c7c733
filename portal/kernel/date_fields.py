"""Form fields that read days, months and times of day as people type them."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

from wtforms.utils import unset_value

from portal.kernel.fields import OneSentence, TypedField
from portal.kernel.months import Month

LAST_YEAR = 2199  # so that a date can be counted on from
DATE_PARTS = ("day", "month", "year")
MONTH_NUMBERS = {
    spelling: number
    for number in range(1, 13)
    for spelling in (month_name[number].lower(), month_name[number][:3].lower())
}


class TimeField(TypedField):
    """A time of day in Europe/London; its data are a naive time or None.

    Takes 16:30, 1630, 4.30pm, 4pm, midday, midnight. A bare 4:30 could be morning or
    afternoon, so it is asked about.
    """

    control = "time"
    _TYPED = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?m?\.?")

    def read(self, text: str) -> time:
        """A time of day."""
        plain = text.lower().strip()
        if plain in ("midday", "noon", "midnight"):
            return time(0 if plain == "midnight" else 12)
        match = self._TYPED.fullmatch(plain)
        if match is None or (match[3] is None and (match[2] is None or "m" in plain)):
            raise ValueError(f"Enter {self.named} like 16:30 or 4:30pm")
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and not 1 <= hour <= 12:
            raise ValueError(f"{text} is not a time. Enter a time like 16:30 or 4:30pm")
        if hour > 23 or minute > 59:
            raise ValueError(f"{text} is not a time. Enter a time like 16:30 or 4:30pm")
        if not half and len(match[1]) == 1 and 1 <= hour <= 6:
            raise ValueError(
                f"{text} could be morning or afternoon. "
                f"Enter {hour}:{minute:02d}am or {hour}:{minute:02d}pm"
            )
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        return time(hour, minute)

    def shown(self, value: time) -> str:
        """Hours and minutes on the 24 hour clock, 16:30."""
        return f"{value:%H:%M}"


class MonthField(TypedField):
    """A calendar month as 2026-04; its data are a Month or None.

    With `months` it is a list to choose from, in words; without, a line to type in.
    """

    def __init__(
        self, label: str = "", *args: Any, months: Iterable[Month] = (), **options: Any
    ) -> None:
        super().__init__(label, *args, **options)
        self.months = tuple(months)

    @property
    def control(self) -> str:
        """A list when there are months to choose from."""
        return "select" if self.months else "month"

    def iter_choices(self) -> Iterator[tuple[str, str, bool, dict[str, object]]]:
        """The months as (code, words, chosen, attributes), as SelectField gives them."""
        for month in self.months:
            yield month.code, str(month), self._value() == month.code, {}

    def has_groups(self) -> bool:
        """Months stand in one list."""
        return False

    def read(self, text: str) -> Month:
        """Read 2026-04."""
        try:
            month = Month.parse(text)
        except ValueError as error:
            raise ValueError("Enter a month like 2026-04") from error
        if self.months and month not in self.months:
            raise ValueError("Choose a month from the list")
        return month

    def shown(self, value: Month) -> str:
        """The code, 2026-04."""
        return value.code


class DateField(OneSentence):
    """A date in three boxes, name-day, name-month, name-year; its data are a date or None.

    `wrong_part` is the first box to put right, which the error summary links to.
    """

    control = "date"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.wrong_part = "day"
        self.typed: dict[str, str] | None = None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Gather the three boxes before WTForms reads the field."""
        self.typed = None
        super().process(None, data, extra_filters)
        if formdata is None:
            return
        self.typed = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in DATE_PARTS}
        self.raw_data = [" ".join(self.typed.values())] if any(self.typed.values()) else []
        self.data = None
        if self.raw_data:
            try:
                self.data = self._date(self.typed)
            except ValueError as error:
                self.process_errors.append(error.args[0])

    @property
    def parts(self) -> Mapping[str, str]:
        """What each box shows: the typed text, or the date that the page fills in."""
        if self.typed is not None:
            return self.typed
        if self.data is None:
            return dict.fromkeys(DATE_PARTS, "")
        return {part: str(getattr(self.data, part)) for part in DATE_PARTS}

    def _date(self, typed: Mapping[str, str]) -> date:
        missing = [part for part in DATE_PARTS if not typed[part]]
        if missing:
            self.wrong_part = missing[0]
            raise ValueError(f"{self.label.text} must include a {' and '.join(missing)}")
        day = self._number("day", typed["day"], range(1, 32))
        month = MONTH_NUMBERS.get(typed["month"].lower()) or self._number(
            "month", typed["month"], range(1, 13)
        )
        self.wrong_part = "year"
        if not re.fullmatch(r"[0-9]{4}", typed["year"]) or int(typed["year"]) < 1900:
            raise ValueError("Year must be 4 numbers, like 2026")
        year = int(typed["year"])
        if year > LAST_YEAR:
            raise ValueError(f"Year must be {LAST_YEAR} or before")
        self.wrong_part = "day"
        if day > monthrange(year, month)[1]:
            raise ValueError(f"{day} {month_name[month]} {year} does not exist")
        return date(year, month, day)

    def _number(self, part: str, text: str, allowed: range) -> int:
        self.wrong_part = part
        number = int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0
        if number not in allowed:
            raise ValueError(
                f"{part.capitalize()} must be a number between {allowed[0]} and {allowed[-1]}"
            )
        return number
