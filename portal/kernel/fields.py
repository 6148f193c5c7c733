"""Form fields that read what people type, and say in a sentence what to change.

Each keeps the typed text when it is wrong, so that the page shows it again. The fields
check shape alone; what a value means is for the rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field, Form
from wtforms.fields import StringField, TextAreaField
from wtforms.validators import StopValidation

from portal.kernel.money import BadMoney, Money

DAY_MINUTES = 24 * 60


class Typed(Field):
    """What somebody types: spaces alone are nothing, so they do not fill a required field."""

    def first(self, valuelist: Sequence[str]) -> str:
        """The first value, its ends trimmed."""
        text = valuelist[0].replace("\0", "").strip() if valuelist else ""
        self.raw_data = [text]
        return text


class OneSentence(Field):
    """What was typed cannot be read: say that alone, and ask no further validator."""

    def pre_validate(self, form: Form) -> None:
        """Stop at the field's own error."""
        if self.process_errors:
            raise StopValidation


class TextLine(Typed, StringField):
    """One line of text, without spaces at its ends; empty is the empty string."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the first value."""
        self.data = self.first(valuelist)


class LongText(Typed, OneSentence, TextAreaField):
    """Text of several lines; `maximum` characters are counted while typing."""

    def __init__(
        self, label: str = "", *args: Any, maximum: int | None = None, **options: Any
    ) -> None:
        super().__init__(label, *args, **options)
        self.maximum = maximum

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the first value with plain line ends; too long is an error."""
        self.data = self.lines(valuelist)
        if self.maximum is not None and len(self.data) > self.maximum:
            raise ValueError(f"{self.label.text} must be {self.maximum:,} characters or less")

    def lines(self, valuelist: Sequence[str]) -> str:
        """The first value with plain line ends."""
        return self.first(valuelist).replace("\r\n", "\n")


class TypedField(Typed, OneSentence):
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
        text = self.first(valuelist)
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
