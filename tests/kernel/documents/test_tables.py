import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from python_calamine import CalamineWorkbook

from portal.kernel.documents.tables import csv_chunks, xlsx_workbook
from portal.kernel.money import Money

ROW = ("text", 7, Decimal("12.50"), Money(-500), date(2026, 4, 5), None)
HEADINGS = ("A", "B", "C", "=D", "E", "F")


def test_csv_cells_by_kind() -> None:
    data = b"".join(csv_chunks(HEADINGS, [ROW]))
    assert data.decode("utf-8-sig") == "A,B,C,'=D,E,F\r\ntext,7,12.50,-5.00,2026-04-05,\r\n"
    assert data.startswith(b"\xef\xbb\xbf")


def test_xlsx_cells_by_kind() -> None:
    data = xlsx_workbook("Sheet", HEADINGS, [ROW])
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    headings, row = workbook.get_sheet_by_index(0).to_python()
    assert headings[3] == "'=D"
    assert row == ["text", 7.0, 12.5, -5.0, date(2026, 4, 5), ""]


def test_tables_without_rows_still_have_headings() -> None:
    assert b"".join(csv_chunks(["A"], [])).endswith(b"A\r\n")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_workbook("S", ["A"], [])))
    assert workbook.get_sheet_by_index(0).to_python() == [["A"]]


def test_rows_are_read_as_they_are_sent() -> None:
    read = 0

    def rows() -> Iterator[tuple[int]]:
        nonlocal read
        for number in range(1000):
            read += 1
            yield (number,)

    next(csv_chunks(["A"], rows()))
    assert read < 1000
