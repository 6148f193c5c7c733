"""Rows as CSV or XLSX. One writer each, so that no export forgets to defuse its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from portal.kernel.documents.text import safe_cell
from portal.kernel.money import Money

Cell: TypeAlias = str | int | Decimal | Money | date | None
"""Text is defused; Money is pounds; None is an empty cell."""

_ROWS_A_CHUNK = 200
_WIDEST_COLUMN = 40  # characters
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # Excel reads UTF-8 only with it


def csv_chunks(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """RFC 4180 (comma, CRLF, quotes where needed) in UTF-8 with a byte order mark.

    Money is "1008.00" or "-5.00", a date "2026-04-05". Yields every few hundred rows, so
    that a long table is sent as it is read.
    """
    buffer = io.StringIO()
    buffer.write(_BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([safe_cell(heading) for heading in headings])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if number % _ROWS_A_CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_workbook(sheet: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet (its name at most 31 characters): numbers are numbers, money
    in pounds, dates are dates, text is never a formula. Heading row frozen and filtered.

    Rows are written as they come; only the finished file is held in memory.
    """
    import xlsxwriter  # 15 MB, for the processes that write workbooks

    file = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        worksheet = workbook.add_worksheet(sheet)
        heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        money = workbook.add_format({"num_format": "£#,##0.00;[Red]-£#,##0.00"})
        day = workbook.add_format({"num_format": "d mmmm yyyy", "align": "left"})
        worksheet.freeze_panes(1, 0)
        for column, name in enumerate(headings):
            worksheet.set_column(column, column, min(max(len(name) + 4, 14), _WIDEST_COLUMN))
        for column, name in enumerate(headings):
            worksheet.write_string(0, column, safe_cell(name), heading)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                match cell:
                    case Money():
                        worksheet.write_number(last, column, cell.pence / 100, money)
                    case date():
                        worksheet.write_datetime(last, column, cell, day)
                    case int() | Decimal():
                        worksheet.write_number(last, column, cell)
                    case str():
                        worksheet.write_string(last, column, safe_cell(cell))
        if headings:
            worksheet.autofilter(0, 0, last, len(headings) - 1)
    return file.getvalue()


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return cell.plain
        case Decimal():
            return format(cell, "f")
        case date():
            return cell.isoformat()
        case str():
            return safe_cell(cell)
        case _:
            return str(cell)
