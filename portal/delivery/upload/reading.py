"""A file that somebody sends, as rows of cells, or a sentence why it cannot be read.

What a file is follows from its content, never from its name. Nothing in it is run.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from portal.kernel.errors import DomainError

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta

MOST_ROWS = 2000
LARGEST = 5 * 1024 * 1024  # bytes
MOST_UNPACKED = 50 * 1024 * 1024  # bytes
MOST_RATIO = 200  # unpacked to packed
SMALL_ENOUGH = 1024 * 1024  # bytes, below which the ratio says nothing
FURTHEST_ROW, FURTHEST_COLUMN = 10_000, 100

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CELL_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"
_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"

NOT_A_TABLE = (
    "This is not a CSV or Excel file, whatever its name says. "
    "Open it in your spreadsheet and save it as CSV or as an Excel workbook (.xlsx)."
)
TOO_LARGE = (
    "This workbook is much larger inside than a list of sessions can be. "
    "Copy the rows into a new workbook and send that."
)
DAMAGED = "This workbook is damaged. Open it in your spreadsheet, save it again, and send that."


class UnreadableFile(DomainError):
    """The file as a whole cannot be used."""

    status = 422


@dataclass(frozen=True, slots=True)
class Table:
    """The heading row, and the others that are not empty, each with its number in the file."""

    headings: list[str]
    rows: list[tuple[int, Sequence[Cell]]]


def read_table(content: bytes) -> Table:
    """The rows of a CSV file or of the first sheet of a workbook.

    Raises UnreadableFile when there are none, too many, or it is something else.
    """
    if len(content) > LARGEST:
        raise UnreadableFile(
            "This file is larger than 5 MB. Split it, for example by month, "
            "and send the parts one after the other."
        )
    if not content.strip():
        raise UnreadableFile("This file is empty. Choose the file with your rows.")
    if content.startswith(_OLD_OFFICE):
        raise UnreadableFile(
            "This is an old Excel file (.xls) or one with a password. "
            "Save it as an Excel workbook (.xlsx) without a password, or as CSV."
        )
    lines = _workbook(content) if content.startswith(_ZIP) else _csv(content)
    filled = [
        (number, cells)
        for number, cells in enumerate(lines, start=1)
        if any(cell != "" and str(cell).strip() for cell in cells)
    ]
    if len(filled) < 2:
        raise UnreadableFile(
            "This file has no rows below its headings. Choose the file with your rows."
        )
    if len(filled) - 1 > MOST_ROWS:
        raise UnreadableFile(
            f"This file has {len(filled) - 1:,} rows, and at most {MOST_ROWS:,} can be checked "
            "at once. Split it, for example by month, and send the parts one after the other."
        )
    return Table([str(cell).strip() for cell in filled[0][1]], filled[1:])


def _csv(content: bytes) -> list[list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(
            "This file is written in UTF-16. Save it as \N{LEFT DOUBLE QUOTATION MARK}CSV UTF-8"
            "\N{RIGHT DOUBLE QUOTATION MARK} and send it again."
        )
    text = _decoded(content)
    if _CONTROL.search(text):
        raise UnreadableFile(NOT_A_TABLE)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFile(
            "This CSV file cannot be read: a quotation mark is not closed, or a cell is far too "
            "long. Save it as CSV again from your spreadsheet."
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(NOT_A_TABLE)


def _workbook(content: bytes) -> Iterable[Sequence[Cell]]:
    _refuse_bombs(content)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        return sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise UnreadableFile(DAMAGED) from error


def _refuse_bombs(content: bytes) -> None:
    """Look inside before anything unpacks it whole: sizes as they are, cells where they are."""
    from lxml import etree  # 4 MB, for the processes that read workbooks

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts)
            if unpacked > MOST_UNPACKED or (
                unpacked > SMALL_ENOUGH and unpacked > MOST_RATIO * packed
            ):
                raise UnreadableFile(TOO_LARGE)
            if "[Content_Types].xml" not in archive.namelist():
                raise UnreadableFile(NOT_A_TABLE)
            if archive.testzip() is not None:
                raise UnreadableFile(DAMAGED)
            for part in parts:
                with archive.open(part) as opened:
                    if opened.read(256).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
                        opened.seek(0)
                        _refuse_far_cells(opened)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, etree.XMLSyntaxError) as error:
        raise UnreadableFile(DAMAGED) from error


def _refuse_far_cells(part: object) -> None:
    """One cell at the far corner of a sheet would make a table of 17 thousand million cells."""
    from lxml import etree

    for _event, element in etree.iterparse(
        part, tag=(_CELL, _ROW), resolve_entities=False, load_dtd=False, no_network=True
    ):
        name = _CELL_NAME.fullmatch(element.get("r") or "")
        if element.tag == _CELL and name is not None and len(element):
            column = 0
            for letter in name[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            if int(name[2]) > FURTHEST_ROW or column > FURTHEST_COLUMN:
                raise UnreadableFile(
                    f"The cell {name[0]} lies far outside a list of at most {MOST_ROWS:,} rows. "
                    "Copy the rows into a new workbook and send that."
                )
        element.clear()
