"""What people type into fields: nothing but spaces is nothing."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.validators import InputRequired

from portal.kernel.date_fields import DateField, MonthField, TimeField
from portal.kernel.fields import HoursField, LongText, PoundsField, TextLine, WholeNumberField

EVERY_KIND = (
    TextLine, LongText, PoundsField, WholeNumberField, HoursField, TimeField, MonthField, DateField
)  # fmt: skip


@pytest.mark.parametrize("kind", EVERY_KIND)
@pytest.mark.parametrize("typed", ["", " ", "\r\n \t", "\0 "])
def test_spaces_do_not_fill_a_required_field(kind: type[Field], typed: str) -> None:
    class Asking(Form):
        why = kind("Why", [InputRequired("Say why")])

    form = Asking(MultiDict({"why": typed, "why-day": typed.replace("\0", "")}))
    assert not form.validate()
    assert form.errors == {"why": ["Say why"]}


@pytest.mark.parametrize(("kind", "typed", "read"), [
    (TextLine, "  Fell ill ", "Fell ill"),
    (LongText, "\r\nFell ill\r\nat home\r\n", "Fell ill\nat home"),
    (WholeNumberField, " 12 ", 12),
])  # fmt: skip
def test_spaces_around_what_is_typed_do_not_count(
    kind: type[Field], typed: str, read: object
) -> None:
    class Asking(Form):
        why = kind("Why", [InputRequired("Say why")])

    form = Asking(MultiDict({"why": typed}))
    assert form.validate() and form.data == {"why": read}


def test_what_cannot_be_read_leaves_nothing_of_what_was_filled_in() -> None:
    class Asking(Form):
        minutes = WholeNumberField("Minutes")

    form = Asking(MultiDict({"minutes": "ninety"}), minutes=60)
    assert not form.validate() and form.data == {"minutes": None}
    assert form.minutes._value() == "ninety"


@pytest.mark.parametrize(
    ("year", "errors"),
    [
        ("1899", ["Year must be 4 numbers, like 2026"]),
        ("1900", []),
        ("2199", []),
        ("2200", ["Year must be 2199 or before"]),
        ("9999", ["Year must be 2199 or before"]),
        ("26", ["Year must be 4 numbers, like 2026"]),
    ],
)
def test_a_year_is_one_that_can_be_counted_on_from(year: str, errors: list[str]) -> None:
    class Asking(Form):
        day = DateField("Day")

    form = Asking(MultiDict({"day-day": "31", "day-month": "12", "day-year": year}))
    assert form.validate() is not bool(errors)
    assert list(form.day.errors) == errors
