import csv
import io
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.frameworks.rules import Unit
from portal.invoicing.exports.document import IssuedInvoice
from portal.invoicing.exports.tables import HEADINGS, invoice_csv, invoice_xlsx
from portal.invoicing.vat import VatCategory
from tests.invoicing.exports.makers import make_invoice, make_line, worked_invoice, worked_lines


def csv_rows(*documents: IssuedInvoice) -> list[dict[str, str]]:
    data = b"".join(invoice_csv(documents)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data, newline="")))


def xlsx_rows(*documents: IssuedInvoice) -> list[dict[str, Any]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(invoice_xlsx(documents)))
    assert workbook.sheet_names == ["Invoice lines"]
    headings, *rows = workbook.get_sheet_by_index(0).to_python()
    assert tuple(headings) == HEADINGS
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows]


def test_a_csv_has_one_row_per_line() -> None:
    rows = csv_rows(worked_invoice())
    assert list(rows[0]) == list(HEADINGS)
    assert rows[1] == {
        "Invoice number": "BM-2026-009",
        "Portal reference": "INV-000417",
        "Invoice date": "2026-10-01",
        "Due date": "2026-10-31",
        "Month": "2026-09",
        "Supplier": "Bright Mentors Ltd",
        "Supplier company number": "01234567",
        "Supplier VAT number": "GB123456789",
        "Customer": "Example City Council",
        "Buyer reference": "VIRTUAL-SCHOOL",
        "Purchase order": "PO-4500123456",
        "Framework": "FW-2026-MENTORING",
        "Agreement": "IA-2026-0011",
        "Line": "2",
        "Item": "Foster placement, standard, Lot 2a",
        "Description": "30 nights",
        "Unit": "night",
        "Quantity": "30",
        "Price": "820.00",
        "Price is for": "7 nights",
        "First day": "2026-09-01",
        "Last day": "2026-09-30",
        "Net": "3514.29",
        "VAT category": "E",
        "VAT rate": "",
        "Cost code": "CS-4210-5530",
        "Order reference": "1",
        "Decision": "approved",
    }
    assert [row["Net"] for row in rows] == ["400.00", "3514.29", "4037.14"]


def test_a_workbook_holds_numbers_as_numbers_and_dates_as_dates() -> None:
    first, second, _ = xlsx_rows(worked_invoice())
    assert first["Quantity"] == 12.5
    assert first["Supplier company number"] == "01234567"
    assert (second["Net"], second["Price"], second["Line"]) == (3514.29, 820.0, 2)
    assert second["First day"] == date(2026, 9, 1)
    assert second["VAT rate"] == ""


def test_what_is_taken_back_stays_a_number() -> None:
    document = make_invoice([make_line(1), make_line(2, parts=-100)])
    assert (csv_rows(document)[1]["Net"], xlsx_rows(document)[1]["Net"]) == ("-53.33", -53.33)
    assert csv_rows(document)[1]["Quantity"] == "-1.66666667"


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("x")']
)
def test_a_formula_is_only_text(formula: str) -> None:
    document = make_invoice([make_line(description=formula)])
    assert csv_rows(document)[0]["Description"] == f"'{formula}"
    assert xlsx_rows(document)[0]["Description"].startswith("'")


def test_commas_quotes_and_lines_survive() -> None:
    typed = 'One, "two"\nthree'
    assert csv_rows(make_invoice([make_line(description=typed)]))[0]["Description"] == typed


def test_many_invoices_follow_one_another() -> None:
    taxed = make_invoice(worked_lines(VatCategory.STANDARD), number="BM-2026-010")
    rows = csv_rows(worked_invoice(), taxed)
    assert [row["Invoice number"] for row in rows] == ["BM-2026-009"] * 3 + ["BM-2026-010"] * 3
    assert rows[3]["VAT rate"] == "20"
    assert xlsx_rows(worked_invoice(), taxed)[3]["VAT rate"] == 20


def test_a_long_csv_comes_in_chunks() -> None:
    lines = [make_line(number, unit=Unit.SESSION, parts=1) for number in range(1, 401)]
    chunks = list(invoice_csv([make_invoice(lines)]))
    assert len(chunks) > 2
    assert b"".join(chunks).count(b"\r\n") == 401
