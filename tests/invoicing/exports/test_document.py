import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.frameworks.rules import Unit
from portal.invoicing.exports import document
from portal.invoicing.exports.document import Section, UnsoundDocument
from portal.invoicing.vat import VatCategory
from portal.kernel.money import Money
from tests.invoicing.exports.makers import (
    SUPPLIER,
    UNREGISTERED_SUPPLIER,
    make_invoice,
    make_line,
    worked_invoice,
)

PENNY = Money(1)


def test_the_worked_invoice_adds_up() -> None:
    invoice = worked_invoice()
    assert [str(line.net) for line in invoice.lines] == ["£400.00", "£3,514.29", "£4,037.14"]
    assert str(invoice.total) == "£7,951.43"


@pytest.mark.parametrize(
    "changes",
    [
        {"net": Money.pounds("7951.42")},
        {"vat": PENNY},
        {"total": Money.pounds("7951.44")},
        {"vat_sums": ()},
        {"sections": ()},
        {"supplier": UNREGISTERED_SUPPLIER},
    ],
)
def test_sums_that_disagree_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnsoundDocument):
        worked_invoice(**changes)


def test_an_unregistered_supplier_shows_no_vat_number() -> None:
    line = make_line(vat_category=VatCategory.NOT_REGISTERED)
    with pytest.raises(UnsoundDocument, match="VAT number"):
        make_invoice([line], supplier=SUPPLIER)


def test_a_line_is_its_parts_times_its_price() -> None:
    with pytest.raises(UnsoundDocument, match="parts times its price"):
        make_line(net=Money.pounds("400.01"))


def test_a_line_cannot_end_before_it_begins_or_cost_below_nothing() -> None:
    with pytest.raises(UnsoundDocument, match="ends before"):
        make_line(first_day=date(2026, 9, 2), last_day=date(2026, 9, 1))
    with pytest.raises(UnsoundDocument, match="price below zero"):
        make_line(pounds="-32.00")


def test_a_section_holds_its_own_agreement_and_sum() -> None:
    line = make_line()
    with pytest.raises(UnsoundDocument, match="another agreement"):
        Section("IA-2026-0008", "Mentoring", (line,), line.net)
    with pytest.raises(UnsoundDocument, match="sum of its lines"):
        Section(line.agreement_reference, "Mentoring", (line,), line.net + PENNY)
    with pytest.raises(UnsoundDocument, match="empty"):
        Section("IA-2026-0008", "Mentoring", (), Money(0))


def test_an_agreement_has_one_section_and_a_position_one_line() -> None:
    invoice = make_invoice([make_line(1), make_line(2)])
    (section,) = invoice.sections
    halves = tuple(
        dataclasses.replace(section, lines=(line,), net=line.net) for line in section.lines
    )
    with pytest.raises(UnsoundDocument, match="more than one section"):
        dataclasses.replace(invoice, sections=halves)
    with pytest.raises(UnsoundDocument, match="one position"):
        make_invoice([make_line(1), make_line(1)])


def test_the_period_is_the_month_and_widens_for_late_lines() -> None:
    invoice = worked_invoice()
    assert (invoice.first_day, invoice.last_day) == (date(2026, 9, 1), date(2026, 9, 30))
    late = make_line(first_day=date(2026, 8, 28), last_day=date(2026, 8, 28))
    invoice = make_invoice([late])
    assert (invoice.first_day, invoice.last_day) == (date(2026, 8, 28), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("unit", "parts", "quantity", "words"),
    [
        (Unit.HOUR, 750, "12.5", "12.5 hours"),
        (Unit.HOUR, 20, "0.33333333", "20 minutes"),
        (Unit.HOUR, -120, "-2", "-2 hours"),
        (Unit.SESSION, 1, "1", "1 session"),
        (Unit.NIGHT, 30, "30", "30 nights"),
    ],
)
def test_quantities_in_figures_and_words(unit: Unit, parts: int, quantity: str, words: str) -> None:
    line = make_line(unit=unit, parts=parts)
    assert (line.quantity, line.quantity_in_words) == (Decimal(quantity), words)


def test_no_field_holds_a_person() -> None:
    """Promise: nothing in any export names a child. A new field is looked at here."""
    names = {
        field.name
        for value in vars(document).values()
        if dataclasses.is_dataclass(value) and value.__module__ == document.__name__
        for field in dataclasses.fields(value)
    }
    words = {word for name in names for word in name.split("_")}
    people = {"child", "young", "person", "people", "mentor", "worker", "initials", "birth"}
    assert not words & (people | {"dob", "home", "placement", "summary", "session"})
    assert {name for name in names if "name" in name.split("_")} == {
        "legal_name",
        "trading_name",
        "contact_name",  # a role
        "item_name",
        "name",  # of a bank account
    }
