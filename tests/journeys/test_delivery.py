"""What was delivered is entered on a phone, by file, and night by night."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.journeys.people import (
    FINANCE,
    MENTOR,
    PLACEMENTS,
    come_in,
    date_fields,
    enter_date,
    heading,
    overflow,
)
from tests.support.pages import PHONE, CheckPage, NewContext

pytestmark = pytest.mark.usefixtures("served")

COLUMNS = ("agreement", "date", "start", "hours", "mentor")
WRONG = (
    ("IA-9999", "03/09/2026", "07:00", "0.5", "Kofi Saltmarsh"),
    ("IA-0002", "31/09/2026", "07:00", "0.5", "Kofi Saltmarsh"),
    ("IA-0002", "04/09/2026", "4:30", "0.5", "Kofi Saltmarsh"),
)


def rows(agreement: str, start: str) -> list[tuple[str, ...]]:
    """Forty rows: 37 half hours before school in August and September, and three wrong ones."""
    days = [f"{day:02}/08/2026" for day in range(1, 20)]
    days += [f"{day:02}/09/2026" for day in range(1, 19)]
    sound = ((agreement, day, start, "0.5", "Kofi Saltmarsh") for day in days)
    return [*sound, *WRONG]


def as_csv(table: list[tuple[str, ...]]) -> bytes:
    return "\r\n".join(",".join(row) for row in (COLUMNS, *table)).encode()


def as_xlsx(table: list[tuple[str, ...]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((COLUMNS, *table)):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def open_agreement(page: Page, reference: str, month: str) -> None:
    """Come to the month of an agreement as people do: by Delivery and its list."""
    page.goto(f"/delivery?month={month}")
    page.get_by_role("link", name=reference, exact=True).click()
    heading(page, reference)


def enter_session(page: Page, day: int, month: int, year: int, summary: str) -> None:
    enter_date(page, "Date", day, month, year)
    page.get_by_label("Start time").fill("7:15am")
    page.get_by_label("Length in hours").fill("1:30")
    page.get_by_label("Summary").fill(summary)
    page.get_by_role("button", name="Save session").click()


def test_a_mentor_adds_a_session_on_a_phone(open_context: NewContext, axe: CheckPage) -> None:
    page = come_in(open_context(viewport=PHONE, has_touch=True), MENTOR)
    open_agreement(page, "IA-0006", "2026-10")
    recorded = page.locator("#recorded tbody tr").count()
    loaded = page.evaluate("performance.timeOrigin")
    enter_session(page, 1, 10, 2026, "Walked to school together")

    said = page.locator("#entries [data-focus]")
    expect(said).to_be_focused()
    expect(page.locator("#recorded tbody tr")).to_have_count(recorded + 1)
    expect(page.locator("#recorded tfoot")).to_contain_text("1 session")
    expect(page.locator("#recorded tfoot")).to_contain_text("1.5 hours")
    expect(page.get_by_label("Length in hours")).to_have_value("")
    expect(page.locator("#portal-announcement")).not_to_be_empty()
    assert page.evaluate("performance.timeOrigin") == loaded, "the whole page was loaded again"
    assert overflow(page) == 0
    axe(page)


class Loaded:
    """Counts the bytes that a page brings over the network, compressed as they come."""

    def __init__(self, page: Page) -> None:
        self._bytes = 0.0
        watched = page.context.new_cdp_session(page)
        watched.send("Network.enable")
        watched.on("Network.loadingFinished", self._note)

    def _note(self, finished: dict[str, Any]) -> None:
        self._bytes += finished["encodedDataLength"]

    def take(self) -> float:
        """How many since the last time it was asked."""
        taken, self._bytes = self._bytes, 0.0
        return taken


@pytest.mark.parametrize(("script", "day"), [(True, 29), (False, 30)], ids=["script", "no-script"])
def test_a_mentors_day_is_told_on_a_slow_phone(
    open_context: NewContext, axe: CheckPage, script: bool, day: int
) -> None:
    """The first visit brings at most 100 KB, each page after it at most 20 KB."""
    known = come_in(open_context(viewport=PHONE), MENTOR)
    open_agreement(known, "IA-0001", "2026-09")
    enter_date(known, "Date", day, 9, 2026)
    known.get_by_label("Start time").fill("7:15am")
    known.get_by_label("Length in hours").fill("1:30")
    known.get_by_label("Scheduled").check()
    known.get_by_role("button", name="Save session").click()
    expect(known.locator("#entries [data-focus]")).to_contain_text("1.5 hours")

    phone = open_context(viewport=PHONE, has_touch=True, java_script_enabled=script)
    phone.add_cookies(known.context.cookies())  # type: ignore[arg-type]
    page = phone.new_page()
    loaded = Loaded(page)
    page.goto(known.url.split("/delivery")[0] + "/today", wait_until="networkidle")
    heading(page, "Today")
    assert 10_000 < loaded.take() < 100_000
    visit = page.locator(".portal-visit").filter(has_text=f"{day} Sep, 7:15am to 8:45am")
    visit.get_by_role("button", name="Delivered").tap()
    expect(page.get_by_role("main")).to_contain_text("7:15am to 8:45am, IA-0001: delivered.")
    assert overflow(page) == 0
    if script:
        axe(page)
    loaded.take()
    page.goto(page.url.split("?")[0])
    assert 1_000 < loaded.take() < 20_000
    page.get_by_role("link", name=re.compile("^Sat 3 Oct")).click()
    heading(page, "3 October 2026")
    assert 1_000 < loaded.take() < 20_000
    assert overflow(page) == 0


def test_a_session_before_the_agreement_is_refused_and_nothing_typed_is_lost(
    open_context: NewContext, axe: CheckPage
) -> None:
    page = come_in(open_context(viewport=PHONE, has_touch=True), MENTOR)
    open_agreement(page, "IA-0006", "2026-09")
    enter_session(page, 3, 2, 2025, "Before it began")

    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("3 March 2025")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: IA-0006"))
    for box, typed in zip(date_fields(page, "Date"), ("3", "2", "2025"), strict=True):
        expect(box).to_have_value(typed)
    expect(page.get_by_label("Start time")).to_have_value("7:15am")
    expect(page.get_by_label("Length in hours")).to_have_value("1:30")
    expect(page.get_by_label("Summary")).to_have_value("Before it began")
    expect(page.get_by_role("main")).to_contain_text("Nothing is recorded for February 2025.")
    assert overflow(page) == 0
    axe(page)


@pytest.mark.parametrize(
    ("name", "agreement", "start", "write"),
    [("rows.csv", "IA-0002", "06:00", as_csv), ("rows.xlsx", "IA-0007", "06:40", as_xlsx)],
    ids=["csv", "xlsx"],
)
def test_a_file_saves_its_37_sound_rows_once(
    open_context: NewContext,
    axe: CheckPage,
    tmp_path: Path,
    name: str,
    agreement: str,
    start: str,
    write: Callable[[list[tuple[str, ...]]], bytes],
) -> None:
    file = tmp_path / name
    file.write_bytes(write(rows(agreement, start)))
    page = come_in(open_context(), FINANCE)
    open_agreement(page, agreement, "2026-09")
    recorded = page.locator("#recorded tbody tr").count()

    check_file(page, file)
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(3)
    for row in (39, 40, 41):
        expect(page.get_by_role("main")).to_contain_text(f"Row {row}, ")
    axe(page)
    sessions_of(page, agreement, recorded)

    check_file(page, file)
    page.get_by_role("button", name="Save 37 sessions").dblclick()
    expect(page.get_by_role("main")).to_contain_text("37 sessions saved.")
    sessions_of(page, agreement, recorded + 18)

    check_file(page, file)
    expect(page.get_by_role("main")).to_contain_text("Nothing new would be saved.")
    expect(page.get_by_role("button", name=re.compile("^Save"))).to_have_count(0)


def check_file(page: Page, file: Path) -> None:
    """Send a file to be looked at, from the page that Delivery leads to."""
    page.goto("/delivery")
    page.get_by_role("button", name="Upload a file").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def sessions_of(page: Page, agreement: str, number: int) -> None:
    open_agreement(page, agreement, "2026-09")
    expect(page.locator("#recorded tbody tr")).to_have_count(number)


def test_nights_of_a_placement(open_context: NewContext, axe: CheckPage) -> None:
    page = come_in(open_context(viewport=PHONE, has_touch=True), PLACEMENTS)
    page.goto("/delivery?month=2026-10")
    page.locator("#delivery tbody a").first.click()
    enter_date(page, "First night", 1, 10, 2026)
    enter_date(page, "Last night", 1, 10, 2026)
    page.get_by_label("Present").check()
    page.get_by_role("button", name="Save nights").click()
    expect(page.locator("#entries [data-focus]")).to_be_focused()
    expect(page.locator("#recorded tfoot")).to_contain_text("1 night")

    enter_date(page, "First night", 1, 10, 2026)
    enter_date(page, "Last night", 1, 10, 2026)
    page.get_by_label("Absent").check()
    page.get_by_role("button", name="Save nights").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("#recorded tbody tr")).to_have_count(1)
    assert overflow(page) == 0
    axe(page)
