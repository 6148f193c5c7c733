"""Form fields that read what people type, and say in a sentence what to change.

Each keeps the typed text when it is wrong, so that the page shows it again. The fields
check shape alone; what a value means is for the rules.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from wtforms import Field, Form
from wtforms.fields import StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from portal.kernel.money import BadMoney, Money
from portal.kernel.months import Month

DAY_MINUTES = 24 * 60
DATE_PARTS = ("day", "month", "year")
MONTH_NUMBERS = {
    spelling: number
    for number in range(1, 13)
    for spelling in (month_name[number].lower(), month_name[number][:3].lower())
}


class OneSentence(Field):
    """What was typed cannot be read: say that alone, and ask no further validator."""

    def pre_validate(self, form: Form) -> None:
        """Stop at the field's own error."""
        if self.process_errors:
            raise StopValidation


class TextLine(StringField):
    """One line of text, without spaces at its ends; empty is the empty string."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the first value, its ends trimmed."""
        self.data = valuelist[0].replace("\0", "").strip() if valuelist else ""


class LongText(OneSentence, TextAreaField):
    """Text of several lines; `maximum` characters are counted while typing."""

    def __init__(
        self, label: str = "", *args: Any, maximum: int | None = None, **options: Any
    ) -> None:
        super().__init__(label, *args, **options)
        self.maximum = maximum

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the first value with plain line ends; too long is an error."""
        text = valuelist[0] if valuelist else ""
        self.data = text.replace("\0", "").replace("\r\n", "\n").strip()
        if self.maximum is not None and len(self.data) > self.maximum:
            raise ValueError(f"{self.label.text} must be {self.maximum:,} characters or less")


class TypedField(OneSentence):
    """A field whose text becomes one value; wrong text is kept and shown again."""

    @property
    def named(self) -> str:
        """The label as a sentence goes on with it; a month in it keeps its capital."""
        return f"{self.label.text[:1].lower()}{self.label.text[1:]}"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.shown(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the first value; empty is None."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> Any:
        """The value of the text. Raises ValueError with a sentence."""
        raise ValueError(text)

    def shown(self, value: Any) -> str:
        """The text for a value that the page fills in."""
        return str(value)


class PoundsField(TypedField):
    """An amount in pounds, read by Money.parse; its data are a Money or None."""

    control = "pounds"

    def read(self, text: str) -> Money:
        """Read "1,008.00" or "£42"."""
        try:
            return Money.parse(text)
        except BadMoney as error:
            raise ValueError(error.sentence) from error

    def shown(self, value: Money) -> str:
        """Pounds and pence without sign or commas, 1008.00."""
        sign = "-" if value.pence < 0 else ""
        return f"{sign}{abs(value.pence) // 100}.{abs(value.pence) % 100:02d}"


class WholeNumberField(TypedField):
    """A whole number that is not below zero; its data are an int or None."""

    control = "number"

    def read(self, text: str) -> int:
        """Read "12" or "1,200"."""
        plain = text.replace(",", "").replace(" ", "")
        if not re.fullmatch(r"[0-9]{1,9}", plain):
            raise ValueError(f"{self.label.text} must be a whole number, like 12")
        return int(plain)


class HoursField(TypedField):
    """Hours and minutes; its data are whole minutes or None.

    Takes 2, 1.5, 1:30, 1h 30m, 90 minutes. Refuses less than nothing, more than
    `at_most` minutes (a day unless told), and parts of a minute.
    """

    control = "hours"
    _DECIMAL = re.compile(r"(\d{1,6}(?:\.\d*)?|\.\d+)\s*(?:h|hrs?|hours?)?")
    _CLOCK = re.compile(r"(\d{1,6}):(\d{1,2})")
    _WORDS = re.compile(
        r"(?:(\d{1,6})\s*(?:h|hrs?|hours?))?\s*(?:and\s*)?"
        r"(?:(\d{1,6})\s*(?:m|mins?|minutes?)?)?"
    )

    def __init__(
        self, label: str = "", *args: Any, at_most: int = DAY_MINUTES, **options: Any
    ) -> None:
        super().__init__(label, *args, **options)
        self.at_most = at_most

    def read(self, text: str) -> int:
        """Whole minutes."""
        plain = text.lower().replace("\N{MINUS SIGN}", "-").strip()
        if plain.startswith("-"):
            raise ValueError(f"{self.label.text} must not be less than 0")
        minutes = self._minutes(plain)
        if minutes > self.at_most:
            hours = self.at_most // 60
            raise ValueError(f"{self.label.text} must be {hours} hours or less")
        return minutes

    def _minutes(self, plain: str) -> int:
        if match := self._DECIMAL.fullmatch(plain):
            exact = Decimal(match[1]) * 60
            if exact != int(exact):
                raise ValueError(
                    f"{match[1]} hours is not a whole number of minutes. "
                    "Enter hours and minutes, like 1h 20m"
                )
            return int(exact)
        match = self._CLOCK.fullmatch(plain) or self._WORDS.fullmatch(plain)
        if match is None or not any(match.groups()):
            raise ValueError(f"Enter {self.named} like 2, 1.5, 1:30 or 1h 30m")
        hours, minutes = int(match[1] or 0), int(match[2] or 0)
        if match[1] and minutes > 59:
            raise ValueError("Minutes after the hours must be between 0 and 59")
        return hours * 60 + minutes

    def shown(self, value: int) -> str:
        """2 for whole hours, 1:30 otherwise."""
        hours, minutes = divmod(value, 60)
        return f"{hours}:{minutes:02d}" if minutes else str(hours)


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
