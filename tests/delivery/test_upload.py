"""Files of sessions and nights: read, checked, previewed, saved once."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.audit.models import AuditEvent
from portal.delivery.models import DeliverySession, Stay
from portal.identity.models import Person
from portal.kernel.local_time import to_utc
from tests.delivery.conftest import Arranged
from tests.makers import make_agreement, make_assignment, make_mentor, make_session
from tests.visiting import Visitor

HEADINGS = ("agreement", "date", "start", "hours", "mentor")
NIGHTS = ("agreement", "first night", "last night", "present")


def csv_file(rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode()


def send(visitor: Visitor, content: bytes, name: str = "april.csv") -> tuple[int, str, Any]:
    answer = post_file(visitor, content, name)
    page = html.fromstring(answer.text)
    return answer.status_code, " ".join(page.text_content().split()), page


def post_file(visitor: Visitor, content: bytes, name: str) -> TestResponse:
    """Send the form with its body in memory: the client's own temporary files stay open."""
    file = FileStorage(io.BytesIO(content), name, content_type="text/csv")
    form = {"csrf_token": visitor.token, "file": file}
    boundary, body = encode_multipart(form)
    return visitor.client.post(
        "/delivery/upload", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


def confirm(visitor: Visitor, page: Any) -> Any:
    (rows,) = page.xpath("//input[@name='rows']/@value")
    return visitor.post("/delivery/upload/confirm", {"rows": rows, "_nonce": uuid4().hex})


def good_rows(number: int) -> list[list[object]]:
    """Half-hour sessions one after the other, 16 to 30 April."""
    return [
        ["IA-HOURS", f"{16 + n % 15}/04/2026", f"{9 + n // 15}:00", "0.5", "Mo Mentor"]
        for n in range(number)
    ]


def test_forty_rows_of_which_three_are_wrong(arranged: Arranged, finance: Visitor) -> None:
    with arranged.operator() as session:
        other = make_agreement(session, place=arranged.place, council=arranged.council,
                               reference="IA-ENDED", ends_on=date(2026, 3, 31))  # fmt: skip
        make_assignment(session, agreement=other, mentor=arranged.mentor)
    rows = good_rows(37)
    rows.insert(10, ["IA-NOBODY", "16/04/2026", "19:00", "1", "Mo Mentor"])
    rows.insert(20, ["IA-ENDED", "16/04/2026", "20:00", "1", "Mo Mentor"])
    rows.insert(30, ["IA-HOURS", "16/04/2026", "9:15", "1", "Mo Mentor"])
    content = csv_file(rows)
    status, said, page = send(finance, content)
    assert status == 200
    assert "37 sessions can be saved, 3 rows cannot" in said
    assert "Row 12, agreement: IA-NOBODY is not an agreement that you can record for." in said
    assert "Row 22, date: This agreement ends on 31 March 2026" in said
    assert "Row 32, start: Mo Mentor already has a session from 9am on 16 April 2026" in said
    assert "IA-HOURS in row 2 of this file" in said
    totals = page.xpath("//table[@id='totals']/tbody/tr/*/text()")
    assert totals == ["IA-HOURS, Aldermoor Council", "37", "18.5 hours"]
    assert arranged.count(DeliverySession) == 0
    assert confirm(finance, page).status_code == 303
    assert arranged.count(DeliverySession) == 37
    assert arranged.count(AuditEvent, event="delivery:session:recorded") == 37
    status, said, page = send(finance, content)
    assert "37 rows of this file are already recorded and will be left out." in said
    assert "Nothing new would be saved." in said
    assert not page.xpath("//input[@name='rows']")
    assert page.xpath("//a[contains(@href, '/delivery?month=2026-04')]")
    assert arranged.count(DeliverySession) == 37


def test_a_preview_confirmed_twice_saves_once(arranged: Arranged, finance: Visitor) -> None:
    _, _, page = send(finance, csv_file(good_rows(3)))
    assert [confirm(finance, page).status_code for _ in range(2)] == [303, 303]
    assert arranged.count(DeliverySession) == 3


def test_what_changed_since_the_preview_stops_all_of_it(
    arranged: Arranged, finance: Visitor
) -> None:
    _, _, page = send(finance, csv_file(good_rows(3)))
    with arranged.operator() as session:
        make_session(session, agreement=arranged.hourly, mentor=arranged.mentor,
                     day=date(2026, 4, 17), at=time(8, 45))  # fmt: skip
    answer = confirm(finance, page)
    assert answer.status_code == 409
    assert "Something changed since the preview" in answer.text
    assert arranged.count(DeliverySession) == 1


def test_a_preview_is_good_for_one_person_only(
    arranged: Arranged, finance: Visitor, browser_of: Callable[[Person], Visitor]
) -> None:
    _, _, page = send(finance, csv_file(good_rows(1)))
    answer = confirm(browser_of(arranged.mentoring), page)
    assert answer.status_code == 422
    assert "was not made for you" in answer.text
    (rows,) = page.xpath("//input[@name='rows']/@value")
    sealed, _, signature = rows.rpartition(".")
    forged = f"{sealed}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    assert finance.post("/delivery/upload/confirm", {"rows": forged}).status_code == 422
    assert finance.post("/delivery/upload/confirm", {}).status_code == 422
    assert arranged.count(DeliverySession) == 0


def test_a_mentor_uploads_only_for_their_own_agreements(
    arranged: Arranged, browser_of: Callable[[Person], Visitor]
) -> None:
    with arranged.operator() as session:
        elsewhere = make_agreement(session, place=arranged.place, council=arranged.council,
                                   reference="IA-SECRET")  # fmt: skip
        other = make_mentor(session, provider=arranged.provider, name="Sam Hill")
        make_assignment(session, agreement=elsewhere, mentor=other)
    mentor = browser_of(arranged.mentoring)
    rows = good_rows(1)
    rows.append(["IA-SECRET", "16/04/2026", "12:00", "1", "Sam Hill"])
    _, said, page = send(mentor, csv_file(rows))
    assert "IA-SECRET is not an agreement that you can record for" in said
    assert confirm(mentor, page).status_code == 303
    assert arranged.count(DeliverySession) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({3: "25"}, "Row 2, hours: 25 hours is longer than a day."),
        ({3: "-2"}, "Row 2, hours: Hours must not be less than 0."),
        ({3: "0"}, "Row 2, hours: A session cannot last 0 hours."),
        ({3: "=2+2"}, "Row 2, hours: begins with =, so a spreadsheet would take it for a formula."),
        ({0: "@SUM(A1)"}, "Row 2, agreement: begins with @"),
        ({4: "-cmd|' /C calc'!A0"}, "Row 2, mentor: begins with -"),
        ({1: "31/02/2026"}, "Row 2, date: 31/02/2026 does not exist."),
        ({1: "16/04/26"}, "Row 2, date: 16/04/26 is not a date. Write it like 16/04/2026."),
        ({1: "03/05/2026"}, "Row 2, date: This session ends at"),
        ({2: "4:30"}, "Row 2, start: 4:30 could be morning or afternoon."),
        ({2: ""}, "Row 2, start: say when it started, like 16:30."),
        ({4: "Jo Unknown"}, "Row 2, mentor: Jo Unknown is not one of your mentors."),
        ({0: "IA-NIGHTS"}, "Row 2, agreement: This agreement is charged by the night."),
        ({0: ""}, "Row 2, agreement: is empty."),
    ],
)
def test_a_wrong_row_is_named_with_its_column(
    arranged: Arranged, finance: Visitor, changes: dict[int, str], sentence: str
) -> None:
    row: list[object] = ["IA-HOURS", "16/04/2026", "10:00", "1", "Mo Mentor"]
    for place, text in changes.items():
        row[place] = text
    status, said, _ = send(finance, csv_file([row]))
    assert status == 200
    assert sentence in said


def test_dates_times_and_names_are_taken_as_people_write_them(
    arranged: Arranged, finance: Visitor
) -> None:
    headings = ("Agreement reference", "Day", "Start time", "Duration", "Mentor", "Status",
                "How they met", "Notes", "Colour")  # fmt: skip
    rows = [
        ("ia-hours", "2026-04-16", "9am", "1:30", "mo  mentor", "Not attended", "remote", "", "x"),
        ("IA-HOURS", "17 April 2026", "16:30:00", "90 minutes", "Mo Mentor", "", "", "Caf\xe9", ""),
        ("IA-HOURS", "18.04.2026", "noon", "2", "MO MENTOR", "delivered", "Face to face", "", ""),
    ]
    text = "\r\n".join(";".join(row) for row in (headings, *rows))
    for encoding in ("utf-8-sig", "utf-8"):
        assert "3 sessions can be saved" in send(finance, text.encode(encoding))[1]
    _, said, page = send(finance, text.encode("cp1252"))
    assert "Not used: Colour." in said
    assert confirm(finance, page).status_code == 303
    with arranged.owner.session(arranged.scope()) as session:
        recorded = session.scalars(select(DeliverySession).order_by("starts_at")).all()
        assert [one.minutes for one in recorded] == [90, 90, 120]
        assert recorded[0].starts_at == to_utc(datetime(2026, 4, 16, 9))
        assert recorded[1].summary == "Caf\xe9"


def workbook(rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        clock = book.add_format({"num_format": "hh:mm"})
        for number, row in enumerate([headings, *rows]):
            for column, cell in enumerate(row):
                if isinstance(cell, time):
                    sheet.write_datetime(number, column, cell, clock)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write(number, column, cell)
    return file.getvalue()


def test_a_workbook_is_read_whatever_its_name(arranged: Arranged, finance: Visitor) -> None:
    content = workbook(
        [
            ["IA-HOURS", date(2026, 4, 16), time(16, 30), 1.5, "Mo Mentor"],
            ["IA-HOURS", date(2026, 4, 23), time(16, 30), time(1, 20), "Mo Mentor"],
            ["IA-HOURS", date(2026, 4, 24), "4:30pm", 1 + 20 / 60, "Mo Mentor"],
        ]
    )
    assert "3 sessions can be saved" in send(finance, content, "april.xlsx")[1]
    _, said, page = send(finance, content, "april.csv")
    assert "3 sessions can be saved" in said
    assert confirm(finance, page).status_code == 303
    with arranged.owner.session(arranged.scope()) as session:
        recorded = session.scalars(select(DeliverySession).order_by("starts_at")).all()
        assert [one.minutes for one in recorded] == [90, 80, 80]
        assert recorded[0].starts_at == to_utc(datetime(2026, 4, 16, 16, 30))


def test_nights_from_a_file(arranged: Arranged, finance: Visitor) -> None:
    rows = [
        ["IA-NIGHTS", "20/03/2026", "10/04/2026", "present"],
        ["IA-NIGHTS", "11/04/2026", "12/04/2026", "no"],
        ["IA-NIGHTS", "12/04/2026", "20/04/2026", "yes"],
        ["IA-NIGHTS", "25/04/2026", "24/04/2026", "yes"],
        ["IA-NIGHTS", "25/04/2026", "03/05/2026", "yes"],
        ["IA-NIGHTS", "25/04/2026", "26/04/2026", "perhaps"],
        ["IA-HOURS", "25/04/2026", "26/04/2026", "yes"],
    ]
    content = csv_file(rows, NIGHTS)
    _, said, page = send(finance, content)
    assert "2 rows can be saved, 5 rows cannot" in said
    assert "Row 4, first night: The nights of 11 to 12 April 2026 are already recorded." in said
    assert "Row 5, last night: The last night, 24 April 2026, is before the first" in said
    assert "Row 6, last night: The night of 3 May 2026 is still to come." in said
    assert "Row 7, present: perhaps is not known. Write present or absent." in said
    assert "Row 8, agreement: This agreement is charged for sessions." in said
    assert confirm(finance, page).status_code == 303
    assert arranged.count(Stay) == 3
    _, said, _ = send(finance, content)
    assert "2 rows of this file are already recorded" in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"\n \n", "This file is empty"),
        (csv_file([]), "has no rows below its headings"),
        (csv_file([["a"] * 5] * 5000), "This file has 5,000 rows, and at most 2,000"),
        (bytes(range(256)) * 20, "This is not a CSV or Excel file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "This is not a CSV or Excel file"),
        (b"agreement,date\nIA\x00,1\n", "This is not a CSV or Excel file"),
        ("agreement,date\nIA,1\n".encode("utf-16"), "written in UTF-16"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "This is an old Excel file"),
        (b"PK\x03\x04" + bytes(100), "This workbook is damaged"),
        (csv_file([["x"] * 2], HEADINGS[:2]), "lacks the columns start, hours and mentor"),
        (csv_file([["x"] * 6], [*HEADINGS, "length"]), "Two columns of this file say the hours"),
        (b'agreement,date\n"IA,1\n', "a quotation mark is not closed"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_gets_a_sentence_at_its_field(
    finance: Visitor, content: bytes, sentence: str
) -> None:
    status, _, page = send(finance, content)
    assert status == 422
    (error,) = page.xpath("//p[contains(@class, 'govuk-error-message')]")
    assert sentence in " ".join(error.text_content().split())


def test_no_file_gets_a_sentence(finance: Visitor) -> None:
    answer = finance.post("/delivery/upload", {})
    assert answer.status_code == 422
    assert "Choose the file with your rows" in answer.text


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A sound workbook whose sheet has been changed."""
    good = zipfile.ZipFile(io.BytesIO(workbook([["a", "b", "c", "d", "e"]])))
    parts = {name: good.read(name) for name in good.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    return packed({**parts, sheet: change(parts[sheet])})


HOSTILE = {
    "a bomb": lambda: packed({"[Content_Types].xml": b"<a/>", "xl/big.xml": bytes(60 * 2**20)}),
    "a dense one": lambda: packed({"[Content_Types].xml": b"<a/>", "x": bytes(20 * 2**20)}),
    "no workbook": lambda: packed({"readme.txt": b"hello"}),
    "a far cell": lambda: with_sheet(
        lambda xml: xml.replace(
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        )
    ),
    "entities": lambda: with_sheet(
        lambda xml: re.sub(
            rb"<worksheet",
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet',
            xml,
            count=1,
        ).replace(b"<v>0</v>", b"<v>&b;</v>", 1)
    ),
    "not closed": lambda: with_sheet(lambda xml: xml[:-20]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused(finance: Visitor, name: str) -> None:
    status, said, page = send(finance, HOSTILE[name](), "april.xlsx")
    assert status == 422, said
    assert page.xpath("//p[contains(@class, 'govuk-error-message')]")


def test_a_file_of_more_than_five_megabytes_is_refused(finance: Visitor) -> None:
    status, said, _ = send(finance, b"a,b\n" * (6 * 2**18), "x.csv")
    assert status == 422
    assert "larger than 5 MB. Split it" in said


def test_a_form_of_more_than_twenty_megabytes_is_not_even_read(finance: Visitor) -> None:
    answer = post_file(finance, bytes(21 * 2**20), "x.csv")
    assert answer.status_code == 413
    assert "Send at most 20 MB at once" in answer.text


def test_summaries_too_long_to_be_kept_are_refused(arranged: Arranged, finance: Visitor) -> None:
    rows = [
        [*row, "".join(uuid4().hex for _ in range(60))]
        for row in (["IA-HOURS", "16/04/2026", f"{n // 60:02}:{n % 60:02}", "0:01", "Mo Mentor"]
                    for n in range(1300))
    ]  # fmt: skip
    status, said, _ = send(finance, csv_file(rows, [*HEADINGS, "summary"]))
    assert status == 422
    assert "The summaries in this file are too long" in said


def test_the_longest_file_is_checked_in_a_constant_number_of_queries(
    arranged: Arranged, finance: Visitor, statements: list[str]
) -> None:
    def rows(number: int) -> bytes:
        start = datetime(2026, 4, 16)
        return csv_file(
            [
                ["IA-HOURS", f"{moment:%d/%m/%Y}", f"{moment:%H:%M}", "0:05", "Mo Mentor"]
                for moment in (start + timedelta(minutes=5 * n) for n in range(number))
            ]
        )

    statements.clear()
    send(finance, rows(1))
    for_one = len(statements)
    _, said, _ = send(finance, rows(2000))
    assert "2,000 sessions can be saved" in said
    assert "And 1,800 more rows, counted in the totals." in said
    assert len(statements) == 2 * for_one


def test_the_page_explains_the_columns_and_gives_templates(finance: Visitor) -> None:
    page = html.fromstring(finance.get("/delivery/upload").text)
    assert len(page.xpath("//table")) == 2
    for kind in ("sessions", "nights"):
        answer = finance.get(f"/delivery/upload/template/{kind}.csv")
        assert answer.mimetype == "text/csv"
        assert answer.text.startswith("\ufeffagreement,")
    assert finance.get("/delivery/upload/template/secrets.csv").status_code == 404
